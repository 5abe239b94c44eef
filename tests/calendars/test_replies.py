"""Answers that calendar programs mail, in forms that are rarer than those of tests/meetings/test_replies.py."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tests.conftest import go_to
from tests.meetings.conftest import HOUR, NOW
from tests.meetings.test_replies import ANNA, EXCHANGE, STAMP, answer_of, file, mail, taken, uid

__all__ = ["answer_of", "uid"]  # fixtures

BASIC = (f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ANNA}", "SEQUENCE:1", f"DTSTAMP:{STAMP}")


def single(content: str, encoding: str) -> EmailMessage:
    """Return a mail that is nothing but the answer."""
    message = EmailMessage()
    message["From"] = ANNA
    message.set_content(content.encode(), maintype="text", subtype="calendar", cte=encoding)
    return message


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "7bit"])
def test_however_the_mail_is_encoded(encoding: str, uid: str, app: Any, answer_of: Any) -> None:
    assert taken(app, single(file(uid, *BASIC), encoding)) == "answered"
    assert answer_of() == ("yes", "")


@pytest.mark.parametrize(
    "attendee",
    [
        f'ATTENDEE;SENT-BY="mailto:secretaris@elders.example";PARTSTAT=ACCEPTED:mailto:{ANNA}',
        f"ATTENDEE;RSVP=TRUE;partstat=accepted:MailTo:{ANNA}",
        f"ATTENDEE;PARTSTAT=ACCEPTED:\r\n mailto:{ANNA}",  # folded
    ],
)
def test_however_the_attendee_is_written(attendee: str, uid: str, app: Any, answer_of: Any) -> None:
    assert taken(app, mail(file(uid, attendee, *BASIC[1:], method="reply"))) == "answered"
    assert answer_of() == ("yes", "")


@pytest.mark.parametrize(
    "content",
    [
        file("{uid}", *BASIC).replace("ACCEPTED", "DELEGATED"),
        file("{uid}", *BASIC).replace("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nEND:VEVENT"),
        file("{uid}", *BASIC[1:]),  # nobody
        file("", *BASIC),  # of nothing
        file("{uid}", *BASIC).replace("METHOD:REPLY\r\n", ""),
    ],
)
def test_what_is_no_answer_changes_nothing(content: str, uid: str, app: Any, answer_of: Any) -> None:
    assert taken(app, mail(content.replace("{uid}", uid))) == "none"
    assert answer_of() == ("", "")


def test_the_same_answer_twice_is_one(uid: str, app: Any, answer_of: Any, mails: Any) -> None:
    for hours in (1, 2):
        assert taken(app, mail(file(uid, *BASIC)), NOW + hours * HOUR) in ("answered", "late")
    assert answer_of() == ("yes", "")
    assert [one.kind for one in mails("anna")].count("meetings/answered") <= 1


def test_a_clock_that_is_fast_does_not_win(meeting: Any, uid: str, app: Any, ask: Any, answer_of: Any) -> None:
    """What counts is when a mail was received, if its own moment is later."""
    go_to(NOW + 3 * HOUR)
    ask("anna", "put", f"{meeting.api}/answer", answer="no")
    ahead = tuple(line.replace(STAMP, "20270320T090000Z") for line in BASIC)
    assert taken(app, mail(file(uid, *ahead)), NOW + 2 * HOUR) == "late"
    assert taken(app, mail(file(uid, *BASIC[:2])), NOW + 2 * HOUR) == "late", "without a moment of its own"
    assert answer_of()[0] == "no"


def test_a_remark_is_cleaned_and_cut(uid: str, app: Any, answer_of: Any) -> None:
    lines = (*(line for line in EXCHANGE if not line.startswith("COMMENT")), f"COMMENT:\x0bKom {'x' * 2000}")
    assert taken(app, mail(file(uid, *lines))) == "answered"
    assert answer_of() == ("yes", f"Kom {'x' * 996}")


def test_an_answer_after_the_start_is_late(uid: str, app: Any, answer_of: Any) -> None:
    go_to(NOW + timedelta(days=26))
    assert taken(app, mail(file(uid, *BASIC))) == "late"
    assert answer_of() == ("", "")
