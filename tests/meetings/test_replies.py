"""Answers that calendar programs mail: what each of them writes, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from click.testing import CliRunner

from cop.base.calendars import read_reply
from cop.base.db import db
from cop.cli.receive import receive
from cop.meetings.models import Meeting, invitee_of
from cop.meetings.replies import take
from tests.conftest import BASE, SECRET, go_to
from tests.meetings.conftest import NOW

HEAD = "BEGIN:VCALENDAR\r\nPRODID:-//Calendar//EN\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n"
TAIL = "END:VEVENT\r\nEND:VCALENDAR\r\n"
ANNA = "anna@proef.example"
STAMP = "20270301T090000Z"


def file(uid: str, *lines: str, method: str = "REPLY") -> str:
    """Return the answer of a calendar program."""
    return HEAD.format(method=method) + "".join(f"{line}\r\n" for line in (f"UID:{uid}", *lines)) + TAIL


def mail(content: str | bytes, sender: str = ANNA, type: str = "calendar", **headers: str) -> EmailMessage:
    """Return a mail as Outlook sends it: the answer beside a text, inside another part."""
    inner, message = EmailMessage(), EmailMessage()
    inner.set_content("Geaccepteerd: Plaats maken")
    data = content.encode() if isinstance(content, str) else content
    inner.add_alternative(
        data, maintype="text" if type == "calendar" else "application", subtype=type, params={"method": "REPLY"}
    )
    message["From"] = f"Anna <{sender}>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.make_mixed()
    message.attach(inner)
    return message


@pytest.fixture
def uid(meeting: Any, app: Any) -> str:
    with app.app_context():
        return db.session.get_one(Meeting, meeting.id).uid


@pytest.fixture
def answer_of(meeting: Any, cast: Any, app: Any) -> Any:
    """`answer_of('anna')`: their stored answer and remark."""

    def read(who: str = "anna") -> tuple[str, str]:
        with app.app_context():
            invitee = invitee_of(meeting.id, getattr(cast, who))
            assert invitee is not None
            return invitee.answer, invitee.remark

    return read


def taken(app: Any, message: EmailMessage, received: datetime = NOW + timedelta(hours=1)) -> str:
    with app.app_context():
        return take(message, received)


EXCHANGE = (  # no organizer, and the attendee with a name
    f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Anna Adem:MAILTO:{ANNA}",
    "COMMENT;LANGUAGE=nl-NL:\\n",
    "SUMMARY;LANGUAGE=nl-NL:Geaccepteerd: Plaats maken",
    "DTSTART;TZID=W. Europe Standard Time:20270326T093000",
    "SEQUENCE:1",
    f"DTSTAMP:{STAMP}",
)
GOOGLE = (
    "DTSTART:20270326T083000Z",
    f"DTSTAMP:{STAMP}",
    "ORGANIZER;CN=Praktijk:mailto:post@localhost",
    f'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;X-NUM-GUESTS=0;X-RESPONSE-COMMENT="x":mailto:{ANNA}',
    "SEQUENCE:1",
    "STATUS:CONFIRMED",
)
APPLE = (
    f"ATTENDEE;CN=Anna;PARTSTAT=TENTATIVE:mailto:{ANNA.upper()}",
    f"DTSTAMP:{STAMP}",
    "COMMENT:Ik kom later",
    "SEQUENCE:1",
)


@pytest.mark.parametrize(
    ("lines", "answer", "remark"), [(EXCHANGE, "yes", ""), (GOOGLE, "no", ""), (APPLE, "maybe", "Ik kom later")]
)
def test_works(lines: tuple[str, ...], answer: str, remark: str, uid: str, app: Any, answer_of: Any) -> None:
    assert taken(app, mail(file(uid, *lines))) == "answered"
    assert answer_of() == (answer, remark)


def test_another_form_of_the_same(uid: str, app: Any, answer_of: Any) -> None:
    """LF alone, a byte order mark, and the type that some programs give."""
    content = b"\xef\xbb\xbf" + file(uid, *EXCHANGE).replace("\r\n", "\n").encode()
    assert taken(app, mail(content, type="ics")) == "answered"
    assert answer_of() == ("yes", "")


@pytest.mark.parametrize(
    "content",
    [
        file("{uid}", *EXCHANGE)[:-10],  # cut
        file("{uid}", *EXCHANGE, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bram@proef.example"),
        file("{uid}", *EXCHANGE, method="REQUEST"),
        file("{uid}", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:anna@proef.example"),
        "BEGIN:VCALENDAR\r\nhoi\r\nEND:VCALENDAR",
        "",
    ],
)
def test_what_is_no_answer_changes_nothing(content: str, uid: str, app: Any, answer_of: Any) -> None:
    assert taken(app, mail(content.replace("{uid}", uid))) == "none"
    assert answer_of() == ("", "")


def test_an_automatic_message_is_no_answer(uid: str, app: Any, answer_of: Any) -> None:
    assert taken(app, mail(file(uid, *EXCHANGE), Auto_Submitted="auto-replied")) == "none"
    assert answer_of() == ("", "")


@pytest.mark.parametrize(
    ("sender", "attendee", "headers", "asks"),
    [
        ("bram@proef.example", ANNA, {}, "anna"),  # somebody else who is invited
        ("vreemd@elders.example", ANNA, {}, "anna"),
        (ANNA, "doorgestuurd@elders.example", {}, "anna"),  # passed on, or another address of hers
        (ANNA, ANNA, {"Authentication_Results": "mx.example; spf=pass; dmarc=fail header.from=proef.example"}, "anna"),
    ],
)
def test_an_answer_that_may_be_of_somebody_else_asks(
    sender: str, attendee: str, headers: dict[str, str], asks: str, uid: str, app: Any, answer_of: Any, mails: Any
) -> None:
    lines = (f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{attendee}", "SEQUENCE:1", f"DTSTAMP:{STAMP}")
    assert taken(app, mail(file(uid, *lines), sender, **headers)) == "asked"
    assert answer_of("anna") == answer_of("bram") == ("", "")
    newest = mails(asks)[-1]
    assert (newest.kind, newest.item) == ("meetings/asked", None)
    assert "Laat zelf weten of u komt." in newest.text
    assert "answer=yes" in newest.text


@pytest.mark.parametrize(
    ("sender", "other"), [("chris@proef.example", ""), ("vreemd@elders.example", ""), (ANNA, "-999")]
)
def test_who_is_not_invited_and_what_is_no_meeting_is_foreign(
    sender: str, other: str, uid: str, app: Any, mails: Any
) -> None:
    lines = (f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{sender}", "SEQUENCE:1")
    before = len(mails("anna"))
    assert taken(app, mail(file(uid + other, *lines), sender)) == "foreign"
    assert len(mails("anna")) == before
    assert mails("chris") == []


def test_an_answer_to_the_old_time_asks_again(
    meeting: Any, uid: str, app: Any, ask: Any, answer_of: Any, mails: Any
) -> None:
    later = {"starts": "2027-03-31T09:30", "ends": "2027-03-31T15:30"}
    assert ask("eva", "put", f"{meeting.api}/moving", **later).status_code == 200
    without_number = tuple(line for line in EXCHANGE if not line.startswith("SEQUENCE"))
    for lines in (EXCHANGE, without_number):
        assert taken(app, mail(file(uid, *lines))) == "asked"
    assert answer_of() == ("", "")
    assert "een tijd die intussen is veranderd" in mails("anna")[-1].text


def test_another_time_that_is_proposed_is_a_remark(uid: str, app: Any, answer_of: Any) -> None:
    lines = ("COMMENT:Kan het een uur later?", *(line for line in EXCHANGE if not line.startswith("COMMENT")))
    assert taken(app, mail(file(uid, *lines, method="COUNTER"))) == "answered"
    assert answer_of() == ("maybe", "Kan het een uur later?")


def test_the_newest_answer_counts(meeting: Any, uid: str, app: Any, ask: Any, answer_of: Any) -> None:
    go_to(NOW + timedelta(hours=3))
    ask("anna", "put", f"{meeting.api}/answer", answer="no")
    assert taken(app, mail(file(uid, *EXCHANGE)), NOW + timedelta(hours=4)) == "late"
    assert answer_of()[0] == "no"
    of_now = (line.replace(STAMP, "20270301T130000Z") for line in EXCHANGE)
    assert taken(app, mail(file(uid, *of_now)), NOW + timedelta(hours=6)) == "answered"
    assert answer_of()[0] == "yes"


def test_a_full_meeting_puts_on_the_waiting_list(
    meeting: Any, uid: str, app: Any, ask: Any, answer_of: Any, mails: Any
) -> None:
    for who in ("bram", "dina"):
        ask(who, "put", f"{meeting.api}/answer", answer="yes")
    assert taken(app, mail(file(uid, *EXCHANGE))) == "answered"
    assert answer_of()[0] == "waiting"
    assert "wachtlijst" in mails("anna")[-1].text


def test_after_a_cancellation_it_is_late(meeting: Any, uid: str, app: Any, ask: Any, answer_of: Any) -> None:
    ask("eva", "put", f"{meeting.api}/cancellation", reason="Storm")
    assert taken(app, mail(file(uid, *EXCHANGE))) == "late"


def test_the_command_takes_a_mail(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"MODE": "development", "DATA": str(tmp_path), "BASE_URL": BASE, "SECRET_KEY": SECRET}.items():
        monkeypatch.setenv(f"COP_{name}", value)
    done = CliRunner().invoke(receive, input=mail("geen antwoord").as_bytes())
    assert (done.exit_code, done.output) == (0, "none\n")


def test_numbers_and_moments_that_are_none() -> None:
    found = read_reply(
        mail(file("u", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ANNA}", "SEQUENCE:x", "DTSTART:20270326T093000"))
    )
    assert found is not None
    assert (found.sequence, found.stamp, found.starts) == (None, None, None)
    found = read_reply(mail(file("u", *EXCHANGE)))
    assert found is not None
    assert found.starts == datetime(2027, 3, 26, 8, 30, tzinfo=UTC)
