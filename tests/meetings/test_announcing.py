"""meetings.announce, meetings.move, meetings.cancel and meetings.hold: what everybody hears, by mail and calendar."""

from __future__ import annotations

import gc
import time
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import CalendarPart, Email
from cop.base.jobs import Job
from cop.meetings import actions
from cop.meetings.models import Invitee, Meeting, answer_token
from cop.society.memberships import Membership
from cop.society.people import Person
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, NOW, START, parts_of

INVITED = ("anna", "bram", "dina", "eva", "fons", "gerda")
LATER = START + timedelta(days=5)  # after the clock goes on to summer time


def move(ask: Any, meeting: Any, who: str = "eva", **given: Any) -> Any:
    given = given or {"starts": "2027-03-31T09:30", "ends": "2027-03-31T15:30"}
    return ask(who, "put", f"{meeting.api}/moving", **given)


def cancel(ask: Any, meeting: Any, who: str = "eva", reason: str = "De gastheer is ziek.") -> Any:
    return ask(who, "put", f"{meeting.api}/cancellation", reason=reason)


def state(app: Any, meeting: Any) -> str:
    with app.app_context():
        return str(db.session.get_one(Meeting, meeting.id).status)


def test_works(draft: Any, cast: Any, read: Any, mails: Any, app: Any) -> None:
    assert "6 mensen van Eerste kring" in read("eva", f"{draft.url}/announcement")
    headers = {**cast.api("eva"), "Accept": "text/html"}
    assert cast.client(None).post(f"{draft.url}/announcement", headers=headers).location == draft.url
    assert state(app, draft) == "announced"
    for who in INVITED:
        (mail,) = mails(who)
        assert mail.subject == "Uitnodiging: Plaats maken"
        assert f"mailto:{who}@proef.example" == mail.item.attendee
        assert mail.item.raw.count(b"ATTENDEE") == 1
        assert mail.item.raw.count(b"@proef.example") <= 1, "nobody else's address"
        assert (mail.item.method, mail.item.partstat, mail.item.status) == ("REQUEST", "NEEDS-ACTION", "CONFIRMED")
        assert b"video.example" not in mail.item.raw
        assert "video.example" not in mail.text
        assert "komt" in read(who, draft.url)
    for who in ("chris", "jan", "kees", "hans", "iris"):
        assert mails(who) == []
    assert "kondigde deze bijeenkomst aan" in read("anna", "/notices")


def test_works_by_api(draft: Any, ask: Any) -> None:
    assert ask("eva", "put", f"{draft.api}/announcement").json["status"] == "announced"
    assert ask("eva", "put", f"{draft.api}/announcement").status_code == 409
    (row,) = ask("anna", "get", "/api/v1/communities/een/meetings").json["items"]
    assert (row["id"], row["kind"], row["online"], row["answer"]) == (draft.id, "thematic", True, "")
    assert "video_url" not in row
    assert ask("anna", "get", draft.api).json["video_url"] == ""


def test_the_mail_has_the_parts_that_calendars_want(meeting: Any, app: Any) -> None:
    with app.app_context():
        mail = db.session.scalars(select(Email).where(Email.kind == "meetings/announced")).first()
        assert mail is not None
        parts = parts_of(mail)
        assert [part.get_content_type() for part in parts] == ["text/plain", "text/html", "text/calendar"]
        calendar = parts[-1]
        assert calendar["Content-Transfer-Encoding"] == "base64"
        assert calendar["Content-Disposition"] is None
        assert {name: calendar.get_param(name) for name in ("charset", "method", "component", "name")} == {
            "charset": "utf-8",
            "method": "REQUEST",
            "component": "VEVENT",
            "name": None,
        }
        file = calendar.get_payload(decode=True)
        assert file.count(b"\n") == file.count(b"\r\n")
        organizer = parseaddr(mail.headers["From"])[1]
        assert f"mailto:{organizer}".encode() in file.replace(b"\r\n ", b"")
        assert parseaddr(mail.headers["Reply-To"])[1] == organizer
        assert db.session.scalar(select(func.count()).select_from(CalendarPart)) == 1


def test_works_for_move(meeting: Any, cast: Any, mails: Any, read: Any, app: Any) -> None:
    assert "09:30" in read("eva", f"{meeting.url}/moving")
    given = {"starts_day": "31-3-2027", "starts_time": "9.30", "ends_time": "15.30", "venue": "Raadhuis, Proefdam"}
    headers = {**cast.api("eva"), "Accept": "text/html"}
    go_to(NOW + HOUR)
    assert cast.client(None).post(f"{meeting.url}/moving", data=given, headers=headers).status_code == 303
    first, second = mails("anna")
    assert second.subject == "Verplaatst: Plaats maken"
    assert second.item.uid == first.item.uid
    assert (second.item.sequence > first.item.sequence, second.item.stamp > first.item.stamp) == (True, True)
    assert (second.item.method, second.item.partstat) == ("REQUEST", "NEEDS-ACTION")
    assert second.item.starts.astimezone(clock.AMSTERDAM).strftime("%d-%m %H:%M") == "31-03 09:30"
    assert "Verplaatst" in read("anna", meeting.url)
    assert "Deze bijeenkomst is verplaatst" in read("anna", "/notices")
    assert state(app, meeting) == "moved"


def test_works_by_api_for_move(meeting: Any, ask: Any) -> None:
    assert move(ask, meeting).json["starts"] == "2027-03-31T07:30:00.000Z"
    assert move(ask, meeting).status_code == 409
    assert move(ask, meeting, venue="Elders").json["venue"] == "Elders"


def test_another_place_tells_those_who_have_it_in_their_calendar(meeting: Any, ask: Any, mails: Any) -> None:
    for who, answer in (("anna", "yes"), ("bram", "no"), ("dina", "maybe")):
        assert ask(who, "put", f"{meeting.api}/answer", answer=answer).status_code == 200
    move(ask, meeting, venue="Elders")
    assert [mails(who)[-1].kind for who in ("anna", "bram", "dina", "gerda")] == [
        "meetings/moved",
        "meetings/answer",
        "meetings/moved",
        "meetings/moved",
    ]
    assert [mails(who)[-1].item.partstat for who in ("anna", "dina", "gerda")] == [
        "ACCEPTED",
        "TENTATIVE",
        "NEEDS-ACTION",
    ]


def test_another_time_asks_again_and_keeps_the_seat(meeting: Any, ask: Any, mails: Any, read: Any) -> None:
    for who, answer in (("anna", "yes"), ("bram", "no")):
        ask(who, "put", f"{meeting.api}/answer", answer=answer)
    move(ask, meeting)
    for who in ("anna", "bram"):
        assert (mails(who)[-1].kind, mails(who)[-1].item.partstat) == ("meetings/moved", "NEEDS-ACTION")
    assert "Laat weten of u dan kunt" in read("anna", meeting.url)
    assert ask("anna", "get", meeting.api).json["coming"] == 1
    ask("anna", "put", f"{meeting.api}/answer", answer="yes")
    assert (mails("anna")[-1].kind, mails("anna")[-1].item.partstat) == ("meetings/answer", "ACCEPTED")
    assert "Laat weten of u dan kunt" not in read("anna", meeting.url)


def test_works_for_cancel(meeting: Any, cast: Any, ask: Any, mails: Any, read: Any, app: Any) -> None:
    ask("bram", "put", f"{meeting.api}/answer", answer="no")
    assert "Afzeggen en mailen" in read("eva", f"{meeting.url}/cancellation")
    headers = {**cast.api("eva"), "Accept": "text/html"}
    done = cast.client(None).post(f"{meeting.url}/cancellation", data={"reason": "Storm"}, headers=headers)
    assert done.status_code == 303
    first, last = mails("anna")
    assert (last.subject, last.item.method, last.item.status) == ("Afgezegd: Plaats maken", "CANCEL", "CANCELLED")
    assert (last.item.uid, last.item.sequence > first.item.sequence) == (first.item.uid, True)
    assert "Storm" in last.text
    assert mails("bram")[-1].kind == "meetings/answer", "who does not come has no item to take out"
    assert "Storm" in read("anna", meeting.url)
    assert state(app, meeting) == "cancelled"
    assert ask("anna", "put", f"{meeting.api}/answer", answer="yes").status_code == 409
    assert move(ask, meeting).status_code == 409
    assert ask("eva", "patch", meeting.api, title="X").status_code == 409


def test_works_by_api_for_cancel(meeting: Any, ask: Any) -> None:
    assert cancel(ask, meeting).json["cancel_reason"] == "De gastheer is ziek."
    assert cancel(ask, meeting).status_code == 409


def test_a_mail_that_is_no_longer_true_is_not_sent(
    meeting: Any, ask: Any, app: Any, mails: Any, membership: Any
) -> None:
    move(ask, meeting)
    cancel(ask, meeting)
    with app.app_context():
        jobs.run_due()
        sent = db.session.scalars(select(Email.kind).where(Email.kind.startswith("meetings/"))).all()
    assert sorted(sent) == ["meetings/cancelled"] * len(INVITED)


def test_a_draft_that_is_removed_mails_nobody(draft: Any, ask: Any, app: Any) -> None:
    ask("eva", "delete", draft.api)
    with app.app_context():
        assert db.session.scalars(select(Email.kind).where(Email.kind.startswith("meetings/"))).all() == []


def test_works_for_hold(meeting: Any, app: Any, read: Any, ask: Any, journal_entries: Any) -> None:
    go_to(START + 6 * HOUR - timedelta(minutes=1))
    run_hold(app)
    assert state(app, meeting) == "announced"
    go_to(START + 6 * HOUR)
    run_hold(app)
    run_hold(app)
    assert state(app, meeting) == "held"
    assert len(journal_entries("meetings.hold")) == 1
    assert "Plaats maken" in read("anna", "/communities/een/meetings?show=past")
    assert "Plaats maken" not in read("anna", "/communities/een/meetings")
    assert cancel(ask, meeting).status_code == 409


def run_hold(app: Any) -> None:
    with app.app_context():
        jobs.JOBS["meetings.hold"]()
        db.session.remove()


def test_a_cancelled_meeting_is_not_held(meeting: Any, ask: Any, app: Any) -> None:
    cancel(ask, meeting)
    go_to(START + 6 * HOUR)
    run_hold(app)
    assert state(app, meeting) == "cancelled"


def test_stranger_gets_404(meeting: Any, draft: Any, ask: Any) -> None:
    assert ask("chris", "put", f"{meeting.api}/announcement").status_code == 404
    assert move(ask, meeting, "hans").status_code == 404
    assert cancel(ask, meeting, "chris").status_code == 404


def test_wrong_role_gets_403(meeting: Any, ask: Any) -> None:
    for who in ("anna", "dina", "gerda"):
        assert ask(who, "put", f"{meeting.api}/announcement").status_code == 403, who
        assert move(ask, meeting, who).status_code == 403, who
        assert cancel(ask, meeting, who).status_code == 403, who


def test_bad_input_names_the_field(meeting: Any, ask: Any, plan: Any) -> None:
    assert set(cancel(ask, meeting, reason=" ").json["errors"]) == {"reason"}
    assert set(move(ask, meeting, starts="2027-03-28T02:30").json["errors"]) == {"starts"}
    assert set(move(ask, meeting, starts="2027-02-01T09:30").json["errors"]) == {"ends"}
    past = {"starts": "2027-02-01T09:30", "ends": "2027-02-01T10:30"}
    assert set(move(ask, meeting, **past).json["errors"]) == {"starts"}
    over = plan(starts=NOW - HOUR, ends=NOW + HOUR)
    assert set(ask("eva", "put", f"{over.api}/announcement").json["errors"]) == {"starts"}


def test_is_journalled(meeting: Any, ask: Any, cast: Any, journal_entries: Any) -> None:
    move(ask, meeting)
    cancel(ask, meeting, reason="Een geheim")
    entries = [journal_entries(f"meetings.{verb}")[-1] for verb in ("announce", "move", "cancel")]
    assert {(entry.person_id, entry.object_id) for entry in entries} == {(cast.eva, meeting.id)}
    assert [entry.details for entry in entries] == [{"invited": 6}, {"time": 1, "place": 0}, {}]


def test_five_hundred_are_mailed_in_one_short_transaction(draft: Any, app: Any, cast: Any) -> None:
    """The time is that of the process: the machine may be busy, and what earlier tests left is not collected in it."""
    with app.app_context():
        with transaction():
            people = [
                {"mail": f"lid{n}@proef.example", "name": f"Lid {n}", "state": "active", "entered": clock.now()}
                for n in range(494)
            ]
            ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
            db.session.execute(
                insert(Membership), [{"person_id": id, "community_id": cast.one, "role": "member"} for id in ids]
            )
        with transaction():
            eva, meeting = db.session.get_one(Person, cast.eva), db.session.get_one(Meeting, draft.id)
            gc.collect()
            gc.freeze()
            begun = time.process_time()
            actions.announce(eva, meeting)
            spent = time.process_time() - begun
            gc.unfreeze()
        mails = select(func.count()).select_from(Email).where(Email.kind == "meetings/announced")
        assert db.session.scalar(mails) == 500
        assert db.session.scalar(select(func.count()).select_from(Job).where(Job.name == "mail.send")) == 500
        assert db.session.scalar(select(func.count()).select_from(Invitee)) == 500
        assert db.session.scalar(select(func.count()).select_from(CalendarPart)) == 1
    assert spent < 1.0


def test_everybody_is_addressed_by_their_own_name_and_language(draft: Any, app: Any, cast: Any, run_as: Any) -> None:
    """The mail is rendered once for many: what differs is put in, escaped."""
    with app.app_context(), transaction():
        for who, name in (("anna", "Anna <b>&"), ("bram", "")):
            db.session.get_one(Person, getattr(cast, who)).name = name
        db.session.get_one(Person, cast.dina).language = "en"
    run_as("eva", actions.announce, Meeting, draft.id)
    with app.app_context():
        sent = {mail.person_id: mail for mail in db.session.scalars(select(Email)).all()}
        for who, greeting in (
            ("anna", "Beste Anna <b>&,"),
            ("bram", "Beste deelnemer,"),
            ("dina", "Dear Dina Deskundig,"),
        ):
            mail = sent[getattr(cast, who)]
            assert greeting in mail.text
            assert greeting.replace("&", "&amp;").replace("<b>", "&lt;b&gt;") in mail.html
            assert f"/rsvp/{answer_token(draft.id, mail.person_id)}?answer=yes" in mail.text
            assert mail.html.count(answer_token(draft.id, mail.person_id)) == 3


@pytest.mark.parametrize("days", [0, 5])
def test_the_hour_on_the_wall_is_that_of_amsterdam(plan: Any, ask: Any, mails: Any, days: int) -> None:
    made = plan(starts=clock.from_local(_naive(days)), ends=clock.from_local(_naive(days) + HOUR))
    ask("eva", "put", f"{made.api}/announcement")
    file = mails("anna")[-1].item.raw
    day = 26 + days
    assert f"DTSTART;TZID=Europe/Amsterdam:202703{day}T093000".encode() in file


def _naive(days: int) -> Any:
    return clock.local(START).replace(tzinfo=None) + timedelta(days=days)
