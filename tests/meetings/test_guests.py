"""meetings.invite_guest, meetings.invite_guest_again, meetings.correct_guest, meetings.uninvite_guest, meetings.admit_guest
and meetings.erase_guests: guests of a meeting, invited by mail and without an account."""

from __future__ import annotations

import re
import smtplib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import func, select

from cop.base import clock, email, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.journal import JournalEntry
from cop.meetings import actions, listeners
from cop.meetings.guests import MOST, MeetingGuest
from cop.meetings.models import Invitee, Meeting, answer_token
from cop.members import actions as members
from cop.people import actions as people
from cop.society.credentials import new_session
from cop.society.memberships import Membership, TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.conftest import Client, SeparateApp, go_to
from tests.meetings.conftest import HOUR, START
from tests.meetings.test_list_export import cells
from tests.meetings.test_replies import STAMP, file, mail, taken

GUEST = {"name": "Gast van Buiten", "mail": "gast@elders.example", "organisation": "Universiteit Proefstad"}


@pytest.fixture
def invite(ask: Any) -> Any:
    """`invite(meeting)`: invite the guest as Eva; return their id."""

    def invited(meeting: Any, who: str = "eva", **given: Any) -> int:
        made = ask(who, "post", f"{meeting.api}/guests", **(GUEST | given))
        assert made.status_code == 201, made.text
        return int(made.json["person"])

    return invited


@pytest.fixture
def sent(mails: Any) -> Any:
    """The mails to the guest."""
    return lambda who="gast": mails(who, "elders.example")


def link_in(mail: Any) -> str:
    return re.findall(r"http://localhost(/rsvp/[^\s?]+)", mail.text)[0]


def by_link(cast: Any, mail: Any, **given: Any) -> Any:
    return cast.client(None).post(link_in(mail), data=given)


def listed(ask: Any, meeting: Any, who: str = "eva") -> dict[str, Any]:
    rows = ask(who, "get", f"{meeting.api}/answers").json["items"]
    return {row["name"]: row for row in rows}


def test_works(meeting: Any, cast: Any, read: Any, sent: Any) -> None:
    """By the form, and by the link in the mail."""
    assert "Nog geen gasten" in read("eva", f"{meeting.url}/guests")
    headers = {**cast.api("eva"), "Accept": "text/html"}
    done = cast.client(None).post(f"{meeting.url}/guests", data=GUEST, headers=headers)
    assert (done.status_code, done.location) == (303, f"{meeting.url}/guests")
    page = read("eva", f"{meeting.url}/guests")
    assert "Gast van Buiten" in page
    assert "Nog geen antwoord" in page
    (mail,) = sent()
    assert (mail.item.method, mail.item.attendee) == ("REQUEST", "mailto:gast@elders.example")
    assert f"http://localhost{meeting.url}" not in mail.text, "a page that the guest cannot open"
    assert meeting.url.encode() not in mail.item.raw
    opened = cast.client(None).get(link_in(mail)).text
    assert "U antwoordt als Gast van Buiten" in opened
    assert "Dieetwensen" in opened
    for hidden in ("Anna", "collega", f'href="{meeting.url}', "video.example"):
        assert hidden not in opened
    assert by_link(cast, mail, answer="yes", diet="Geen noten", access_needs="Lift").status_code == 303
    assert sent()[-1].item.partstat == "ACCEPTED"
    assert "U komt." in cast.client(None).get(link_in(mail)).text


def test_stands_on_the_lists_as_a_guest(meeting: Any, invite: Any, ask: Any, read: Any, cast: Any, sent: Any) -> None:
    invite(meeting)
    by_link(cast, sent()[0], answer="yes", remark="Tot dan", diet="Geen noten")
    row = listed(ask, meeting)["Gast van Buiten"]
    assert (row["guest"], row["organisation"], row["diet"]) == (True, GUEST["organisation"], "Geen noten")
    assert '<span class="badge">Gast</span>' in read("eva", f"{meeting.url}/answers")
    (badge,) = ask("eva", "get", f"{meeting.api}/badges").json["items"]
    assert (badge["name"], badge["guest"]) == ("Gast van Buiten", True)
    sheet = cells(ask("eva", "get", f"{meeting.api}/answers/export").data)
    assert next(line for line in sheet if line[0] == "Gast van Buiten")[1:] == [
        *(GUEST["organisation"], "Ja", "Tot dan", "Gast", "Geen noten"),
    ]
    assert "gast@elders.example" not in str(sheet)
    participants = read("anna", f"{meeting.url}/participants")
    assert "En 1 gast." in participants
    assert "Gast van Buiten" not in participants
    go_to(START)
    attendance = ask("eva", "get", f"{meeting.api}/attendance").json["items"]
    (one,) = [row for row in attendance if row["guest"]]
    assert one["name"] == "Gast van Buiten"
    marked = ask("eva", "put", f"{meeting.api}/attendance/{one['person']}", state="present")
    assert marked.status_code == 200


def test_shares_seats_with_members(meeting: Any, invite: Any, ask: Any, cast: Any, sent: Any, mails: Any) -> None:
    """Two seats: the guest waits behind Gerda, moves up when she has a seat and Anna leaves, and can be uninvited."""
    person = invite(meeting)
    for who in ("anna", "bram", "gerda"):
        ask(who, "put", f"{meeting.api}/answer", answer="yes")
    by_link(cast, sent()[0], answer="yes")
    assert sent()[-1].item.method == "CANCEL", "the waiting list gets no item"
    ask("anna", "put", f"{meeting.api}/answer", answer="no")
    assert listed(ask, meeting)["Gast van Buiten"]["answer"] == "waiting"
    ask("bram", "put", f"{meeting.api}/answer", answer="no")
    assert (sent()[-1].kind, sent()[-1].item.method) == ("meetings/seat", "REQUEST")
    ask("dina", "put", f"{meeting.api}/answer", answer="yes")
    assert ask("eva", "delete", f"{meeting.api}/guests/{person}").status_code == 204
    assert mails("dina")[-1].kind == "meetings/seat"


def test_is_told_what_members_are_told(meeting: Any, invite: Any, sent: Any, cast: Any, run_as: Any, app: Any) -> None:
    invite(meeting)
    by_link(cast, sent()[0], answer="yes")
    run_as("eva", actions.move, Meeting, meeting.id, starts=START + HOUR, ends=START + 7 * HOUR)
    moved = sent()[-1]
    assert (moved.kind, moved.item.method, moved.item.partstat) == ("meetings/moved", "REQUEST", "NEEDS-ACTION")
    assert moved.item.uid == sent()[0].item.uid
    assert moved.item.sequence > sent()[0].item.sequence
    by_link(cast, moved, answer="yes")
    go_to(START - timedelta(days=1))
    with app.app_context():
        listeners.remind()
        jobs.run_due()
        assert {one.state for one in db.session.scalars(select(Email).where(Email.address == GUEST["mail"]))} == {
            "sent"
        }
    assert sent()[-1].kind == "meetings/reminder"
    assert "video.example" not in cast.client(None).get(link_in(moved)).text
    go_to(START + HOUR - timedelta(hours=23))
    opened = cast.client(None).get(link_in(moved)).text
    assert "https://video.example/geheim" in opened, "from a day before, to who comes"
    run_as("eva", actions.cancel, Meeting, meeting.id, reason="Storm")
    assert (sent()[-1].kind, sent()[-1].item.method) == ("meetings/cancelled", "CANCEL")


def test_answers_from_the_calendar(meeting: Any, invite: Any, sent: Any, ask: Any, app: Any) -> None:
    invite(meeting)
    content = file(
        sent()[0].item.uid, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:gast@elders.example", f"DTSTAMP:{STAMP}", "SEQUENCE:9"
    )
    assert taken(app, mail(content, "gast@elders.example")) == "answered"
    assert taken(app, mail(content.replace("gast@", "ander@"), "ander@elders.example")) == "foreign"
    assert listed(ask, meeting)["Gast van Buiten"]["answer"] == "yes"


def test_works_by_api(meeting: Any, invite: Any, ask: Any, cast: Any, sent: Any) -> None:
    """The name alone sends nothing; another address moves the item there and ends the link."""
    person = invite(meeting)
    old = sent()[0]
    by_link(cast, old, answer="yes")
    done = ask("eva", "patch", f"{meeting.api}/guests/{person}", name="Gast van Ver", organisation="TU")
    assert (done.json["name"], done.json["organisation"], len(sent())) == ("Gast van Ver", "TU", 2)
    done = ask("eva", "patch", f"{meeting.api}/guests/{person}", mail="nieuw@elders.example")
    assert (done.json["mail"], done.json["answer"]) == ("nieuw@elders.example", "yes")
    (gone,), (came,) = sent(), sent("nieuw")
    assert (gone.item.method, came.item.method) == ("CANCEL", "REQUEST")
    assert gone.item.sequence < came.item.sequence
    assert "/rsvp/" not in gone.text
    assert cast.client(None).get(link_in(old)).status_code == 410
    assert "U komt." in cast.client(None).get(link_in(came)).text
    assert ask("eva", "get", f"{meeting.api}/guests/{person}").status_code == 404
    new = done.json["person"]
    assert ask("eva", "post", f"{meeting.api}/guests/{new}/invitation").status_code == 200
    assert sent("nieuw")[-1].kind == "meetings/announced"


def test_uninviting_ends_the_link(meeting: Any, invite: Any, ask: Any, cast: Any, sent: Any, run_jobs: Any) -> None:
    person = invite(meeting)
    invitation = sent()[0]
    assert ask("eva", "delete", f"{meeting.api}/guests/{person}").status_code == 204
    (told,) = sent()
    assert (told.kind, told.item.method) == ("meetings/uninvited", "CANCEL")
    assert cast.client(None).get(link_in(invitation)).status_code == 410
    assert by_link(cast, invitation, answer="yes").status_code == 410
    assert ask("eva", "get", f"{meeting.api}/guests").json["items"] == []
    invite(meeting)


@pytest.mark.parametrize("who", ["anna", "chris", "iris"])
def test_stranger_gets_404(meeting: Any, invite: Any, ask: Any, who: str) -> None:
    person = invite(meeting)
    assert ask(who, "get", f"{meeting.api}/guests").status_code == 404
    assert ask(who, "post", f"{meeting.api}/guests", **GUEST).status_code == 404
    for method, more in (("get", {}), ("patch", {"name": "X"}), ("delete", {})):
        assert ask(who, method, f"{meeting.api}/guests/{person}", **more).status_code == 404


def test_the_host_invites_too(plan: Any, run_as: Any, invite: Any, ask: Any) -> None:
    hosted = plan(host="Gemeente Proefdam")
    assert ask("eva", "get", f"{hosted.api}/guests").status_code == 404, "a draft"
    run_as("eva", actions.announce, Meeting, hosted.id)
    invite(hosted, "bram")
    assert ask("bram", "get", f"{hosted.api}/guests").json["items"][0]["mail"] == GUEST["mail"]


def test_addresses_that_are_known(meeting: Any, invite: Any, ask: Any, cast: Any, app: Any) -> None:
    """Who takes part is named; who is elsewhere on the platform, or left it, is answered as a stranger is."""
    takes_part = ask("eva", "post", f"{meeting.api}/guests", **(GUEST | {"mail": "Anna@proef.example"}))
    assert takes_part.status_code == 422
    assert "neemt al deel" in takes_part.json["errors"]["mail"]
    stranger = ask("eva", "post", f"{meeting.api}/guests", **GUEST)
    with app.app_context():
        elsewhere = db.session.get_one(Person, cast.chris)
        mail, before = elsewhere.mail, (elsewhere.name, elsewhere.state)
    known = ask("eva", "post", f"{meeting.api}/guests", **(GUEST | {"mail": mail}))
    assert (known.status_code, known.json.keys()) == (stranger.status_code, stranger.json.keys())
    assert known.json | {"person": 0, "mail": ""} == stranger.json | {"person": 0, "mail": ""}
    assert known.json["person"] != cast.chris
    with app.app_context():
        same = db.session.get_one(Person, cast.chris)
        assert (same.name, same.state) == before
    assert ask("chris", "get", meeting.api).status_code == 404
    twice = ask("eva", "post", f"{meeting.api}/guests", **(GUEST | {"mail": "GAST@elders.example"}))
    assert "al een gast" in twice.json["errors"]["mail"]


@pytest.fixture
def deliver(app: Any, sent: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`deliver(failure)`: send the last mail to the guest, which their mail server refuses or takes."""
    monkeypatch.setitem(app.config, "COP", replace(app.config["COP"], smtp_url="smtp://localhost"))

    def delivered(failure: Exception | None, who: str = "gast") -> None:
        monkeypatch.setattr(email, "_deliver", Mock(side_effect=failure))
        with app.app_context(), suppress(OSError):
            email.send(sent(who)[-1].id)

    return delivered


UNKNOWN = smtplib.SMTPRecipientsRefused({"gast@elders.example": (550, b"unknown")})


def test_a_mail_that_is_not_delivered_shows_beside_the_guest(
    meeting: Any, invite: Any, deliver: Any, ask: Any, read: Any
) -> None:
    """What to do about it leads to the guest, and inviting again or correcting the address ends it."""
    person = invite(meeting)
    state = lambda: ask("eva", "get", f"{meeting.api}/guests").json["items"][0]["mail_state"]
    page, guest = f"{meeting.url}/guests", f"{meeting.url}/guests/{person}"
    deliver(OSError("no mail server"))
    assert state() == "delayed"
    assert "Mail wacht op de mailserver" in read("eva", page)
    deliver(UNKNOWN)
    assert state() == "bounced"
    shown = read("eva", page)
    assert "Mail niet bezorgd" in shown
    assert f'<a href="{guest}">Adres verbeteren of opnieuw uitnodigen' in shown
    assert "niet bezorgd op gast@elders.example" in read("eva", guest)
    ask("eva", "post", f"{meeting.api}/guests/{person}/invitation")
    assert state() == ""
    deliver(None)
    assert state() == ""


def test_a_corrected_address_is_not_blamed_for_the_former_one(
    meeting: Any, invite: Any, deliver: Any, ask: Any, read: Any
) -> None:
    """Also when the message that takes the meeting out of the wrong calendar is refused last."""
    person = invite(meeting)
    deliver(UNKNOWN)
    ask("eva", "patch", f"{meeting.api}/guests/{person}", mail="goed@elders.example")
    deliver(None, "goed")
    deliver(UNKNOWN)
    (row,) = ask("eva", "get", f"{meeting.api}/guests").json["items"]
    assert (row["mail"], row["mail_state"]) == ("goed@elders.example", "")
    assert "niet bezorgd" not in read("eva", f"{meeting.url}/guests")


def test_bad_input_names_the_field(meeting: Any, invite: Any, ask: Any) -> None:
    person = invite(meeting)
    for path, method in ((f"{meeting.api}/guests", "post"), (f"{meeting.api}/guests/{person}", "patch")):
        refused = ask("eva", method, path, **(GUEST | {"mail": "geen adres"}))
        assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
        assert "mail" in refused.json["errors"]


def test_is_journalled(meeting: Any, invite: Any, ask: Any, app: Any) -> None:
    """With ids alone."""
    person = invite(meeting)
    new = ask("eva", "patch", f"{meeting.api}/guests/{person}", mail="nieuw@elders.example").json["person"]
    ask("eva", "post", f"{meeting.api}/guests/{new}/invitation")
    ask("eva", "delete", f"{meeting.api}/guests/{new}")
    with app.app_context():
        found = select(JournalEntry.verb, JournalEntry.details).where(JournalEntry.verb.contains("guest"))
        assert [tuple(row) for row in db.session.execute(found.order_by(JournalEntry.id))] == [
            ("meetings.invite_guest", {"guest": person}),
            ("meetings.correct_guest", {"guest": person, "person": new}),
            ("meetings.invite_guest_again", {"guest": new}),
            ("meetings.uninvite_guest", {"guest": new, "promoted": []}),
        ]


def test_limits(meeting: Any, invite: Any, ask: Any, app: Any) -> None:
    person = invite(meeting)
    for _again in range(4):
        assert ask("eva", "post", f"{meeting.api}/guests/{person}/invitation").status_code == 200
    refused = ask("eva", "post", f"{meeting.api}/guests/{person}/invitation")
    assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
    with app.app_context(), transaction():
        meeting_row, eva = db.session.get_one(Meeting, meeting.id), db.session.scalars(select(Person)).first()
        for n in range(MOST - 1):
            someone = Person(mail=f"{n}@guest.invalid", name="G", state="guest")
            db.session.add(someone)
            db.session.flush()
            db.session.add(MeetingGuest(person_id=someone.id, meeting_id=meeting_row.id, mail=f"{n}@elders.example"))
        assert eva is not None
    full = ask("eva", "post", f"{meeting.api}/guests", **(GUEST | {"mail": "nog@elders.example"}))
    assert full.status_code == 409
    go_to(START)
    late = ask("eva", "patch", f"{meeting.api}/guests/{person}", name="X")
    assert late.status_code == 409


def test_a_guest_who_becomes_a_member_keeps_the_seat(
    meeting: Any, invite: Any, ask: Any, cast: Any, sent: Any, run_as: Any, app: Any
) -> None:
    guest = invite(meeting)
    by_link(cast, sent()[0], answer="yes", remark="Graag")
    run_as("eva", members.invite, Community, cast.one, mail="Gast@elders.example", name="Gerrit Gast")
    assert "Gast van Buiten" in listed(ask, meeting), "not entered yet"
    with app.app_context(), transaction():
        member = db.session.scalars(select(Person).where(func.lower(Person.mail) == "gast@elders.example")).one()
        member.state = "active"
        people.enter(member, member, name="Gerrit Gast")
        id = member.id
    row = listed(ask, meeting)["Gerrit Gast"]
    assert (row["person"], row["answer"], row["remark"], row["guest"]) == (id, "yes", "Graag", False)
    assert "Gast van Buiten" not in listed(ask, meeting)
    with app.app_context():
        assert db.session.get(Invitee, (meeting.id, guest)) is None
        assert db.session.query(MeetingGuest).count() == 0


def test_is_erased_a_month_after(meeting: Any, invite: Any, ask: Any, cast: Any, sent: Any, app: Any) -> None:
    person = invite(meeting)
    by_link(cast, sent()[0], answer="yes", remark="Tot dan")
    link = link_in(sent()[0])
    end = START + 6 * HOUR
    go_to(end + timedelta(days=29))
    with app.app_context():
        listeners.hold()
        assert db.session.get_one(Person, person).name == GUEST["name"]
    assert cast.client(None).get(link).status_code == 200
    go_to(end + timedelta(days=30, minutes=1))
    assert cast.client(None).get(link).status_code == 410, "also before the job has run"
    with app.app_context():
        listeners.hold()
        assert db.session.query(MeetingGuest).count() == 0
        assert db.session.query(Email).filter(Email.address == GUEST["mail"]).count() == 0
        erased = db.session.get_one(Person, person)
        assert (erased.name, "elders" in erased.mail) == ("", False)
        invitee = db.session.get_one(Invitee, (meeting.id, person))
        assert (invitee.answer, invitee.remark) == ("yes", "")
    assert ask("anna", "get", meeting.api).json["coming"] == 1
    headers = {**cast.api("anna"), "Accept": "text/html"}
    assert "En 1 gast." in cast.client(None).get(f"{meeting.url}/participants", headers=headers).text


def test_is_nowhere_else(meeting: Any, invite: Any, ask: Any, read: Any, cast: Any, sent: Any, app: Any) -> None:
    """A guest cannot sign in, and stands in no list, search, export or number of people."""
    with app.app_context():
        community = db.session.get_one(Community, cast.one)
        slug, programme = community.slug, community.programme.slug
    counted = ("fons", f"/api/v1/communities/{slug}"), ("eva", f"/api/v1/communities/{slug}/members")
    before = [ask(who, "get", path).json for who, path in counted]
    person = invite(meeting)
    by_link(cast, sent()[0], answer="yes")
    assert [ask(who, "get", path).json for who, path in counted] == before
    number = len(sent())
    stranger = cast.client(None).post("/sign-in", data={"mail": "niemand@elders.example"})
    asked = cast.client(None).post("/sign-in", data={"mail": GUEST["mail"]})
    assert (asked.status_code, asked.location) == (stranger.status_code, stranger.location)
    with app.app_context():
        placeholder = db.session.get_one(Person, person).mail
    cast.client(None).post("/sign-in", data={"mail": placeholder})
    with app.app_context():
        jobs.run_due()
        assert db.session.query(Email).filter(Email.kind.startswith("people/")).count() == 0
        secret = None
        with transaction():
            secret = new_session(db.session.get_one(Person, person))
        browser = cast.client(None)
        browser.set_cookie("cop", secret)
        assert browser.get("/api/v1/me").status_code == 401, "not even with a session"
    assert len(sent()) == number
    words = ("Gast van Buiten", GUEST["mail"], GUEST["organisation"], placeholder)
    for who in ("fons", "eva", "anna"):
        assert ask(who, "get", f"/api/v1/people/{person}").status_code == 404
        for path in (
            "/people",
            "/directory",
            "/search?q=Buiten",
            "/api/v1/people?q=Buiten",
            f"/api/v1/communities/{slug}/names?q=Gast",
            f"/communities/{slug}/members",
            f"/programmes/{programme}",
            f"{meeting.url}",
            f"{meeting.url}/participants",
            f"/api/v1{meeting.url}/participants",
        ):
            answer = cast.client(None).get(path, headers=cast.api(who))
            for word in words:
                assert word not in answer.text.replace("q=Buiten", ""), (who, path, word)
    with app.app_context():
        entries = db.session.scalars(select(JournalEntry).where(JournalEntry.verb.contains("guest"))).all()
        assert entries
        for word in words:
            assert word not in str([entry.details for entry in entries])


def test_members_and_guests_take_seats_at_once(separate_app: SeparateApp, tmp_path: Any) -> None:
    """Ten guests by their link and ten members on the page, on twelve seats: twelve come, the rest waits in order."""
    with separate_app("guest_races", tmp_path) as app:
        with app.app_context(), transaction():
            programme = Programme(slug="proef", name="Proef")
            db.session.add(programme)
            db.session.flush()
            community = Community(programme_id=programme.id, slug="een", name="Een")
            everybody = [
                Person(mail=f"p{n}@proef.example", name=f"Persoon {n}", state="active", entered=clock.now())
                for n in range(10)
            ]
            db.session.add_all([community, *everybody])
            db.session.flush()
            for one in everybody:
                db.session.add(Membership(person_id=one.id, community_id=community.id, role="member"))
            db.session.add(TeamMember(programme_id=programme.id, person_id=everybody[0].id))
            db.session.flush()
            starts = clock.now() + timedelta(days=30)
            times = {"starts": starts, "ends": starts + timedelta(hours=2)}
            planned = actions.plan(everybody[0], community, title="Vol", kind="thematic", capacity=12, **times)
            actions.announce(everybody[0], planned)
            invited = [
                actions.invite_guest(everybody[0], planned, name=f"Gast {n}", mail=f"g{n}@elders.example")
                for n in range(10)
            ]
            cookies = [new_session(one) for one in everybody]
            links = [f"/rsvp/{answer_token(planned.id, one.person_id)}" for one in invited]
            id = planned.id

        def say(n: int) -> int:
            browser = Client(app, app.response_class)
            if n % 2:
                return browser.post(links[n // 2], data={"answer": "yes"}).status_code
            browser.set_cookie("cop", cookies[n // 2])
            return browser.post(f"/meetings/{id}/answer", data={"answer": "yes"}).status_code

        with ThreadPoolExecutor(12) as pool:
            assert set(pool.map(say, range(20))) == {303}
        with app.app_context():
            rows = list(db.session.scalars(select(Invitee).where(Invitee.meeting_id == id)))
            db.session.expunge_all()
        assert sum(row.answer == "yes" for row in rows) == 12
        waiting = sorted((row for row in rows if row.answer == "waiting"), key=lambda row: row.place or 0)
        assert [row.place for row in waiting] == list(range(1, 9))
        assert [row.answered for row in waiting] == sorted(row.answered for row in waiting)  # type: ignore[type-var]
