"""meetings.invite and meetings.leave_out: who joins or leaves after the announcement, and who has another mail address."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.meetings import actions
from cop.meetings.models import Invitee, Meeting
from cop.members import actions as members
from cop.notices.models import Notice
from cop.people import actions as people
from cop.programmes import actions as programmes
from cop.society.credentials import OneTimeLink
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, START


@pytest.fixture
def invite(run_as: Any, cast: Any) -> Any:
    """`invite('hans')`: make somebody a member of the first community as Eva."""
    return lambda who: run_as("eva", members.invite, Community, cast.one, mail=f"{who}@proef.example")


def test_works(meeting: Any, plan: Any, invite: Any, mails: Any, read: Any, ask: Any) -> None:
    plan(title="Nog een concept")
    before = mails("anna")
    invite("hans")
    (mail,) = mails("hans")
    assert (mail.kind, mail.item.method, mail.item.partstat) == ("meetings/announced", "REQUEST", "NEEDS-ACTION")
    assert mail.item.uid == before[0].item.uid
    assert len(mails("anna")) == len(before), "the others hear nothing"
    assert ask("hans", "put", f"{meeting.api}/answer", answer="yes").json["answer"] == "yes"


def test_who_joins_gets_one_notice_of_all_meetings(
    meeting: Any, plan: Any, invite: Any, run_as: Any, membership: Any, app: Any, cast: Any, read: Any, ask: Any
) -> None:
    run_as("eva", actions.announce, Meeting, plan(title="Nog een").id)
    programme = {"who": "fons", "owner": Programme, "id": cast.programme}
    run_as("fons", actions.announce, Meeting, plan(title="Van het programma", **programme).id)

    def told(who: str) -> list[int]:
        with app.app_context():
            mine = select(Notice.times).where(
                Notice.person_id == getattr(cast, who), Notice.reason == "meetings", Notice.read.is_(None)
            )
            return list(db.session.scalars(mine))

    assert told("anna") == [], "she was there when they were announced"
    invite("hans")
    assert told("hans") == [3]
    assert "Er staan 3 bijeenkomsten voor u klaar" in read("hans", "/notices")
    (notice,) = [one for one in ask("hans", "get", "/api/v1/notices").json["items"] if one["reason"] == "meetings"]
    assert read("hans", notice["url"], 302).count("/meetings")
    run_as("eva", members.remove, Membership, membership("hans").id)
    assert told("hans") == [], "it leaves with what it is about"


def test_nobody_is_invited_to_a_meeting_that_started(meeting: Any, invite: Any, mails: Any) -> None:
    go_to(START + HOUR)
    invite("hans")
    assert mails("hans") == []


def test_nobody_is_invited_to_a_cancelled_meeting(meeting: Any, ask: Any, invite: Any, mails: Any) -> None:
    ask("eva", "put", f"{meeting.api}/cancellation", reason="Storm")
    invite("hans")
    assert mails("hans") == []


def test_works_for_leave_out(meeting: Any, ask: Any, run_as: Any, membership: Any, mails: Any, app: Any) -> None:
    ask("anna", "put", f"{meeting.api}/answer", answer="yes")
    id = membership("anna").id
    run_as("eva", members.remove, Membership, id)
    run_as("eva", members.restore, Membership, id)
    items = [(mail.kind, mail.item.method, mail.item.sequence) for mail in mails("anna")][-2:]
    assert [item[:2] for item in items] == [("meetings/left", "CANCEL"), ("meetings/announced", "REQUEST")]
    assert items[0][2] < items[1][2]
    assert ask("anna", "get", meeting.api).json["answer"] == "", "who comes back is asked again"


def test_who_enters_for_the_first_time_is_invited(meeting: Any, invite: Any, app: Any, run_as: Any, mails: Any) -> None:
    invite("nieuw")
    assert mails("nieuw") == [], "their own invitation comes first"
    with app.app_context():
        id = db.session.scalars(select(Person.id).where(Person.mail == "nieuw@proef.example")).one()
    run_as("eva", _enter, Person, id)
    assert [mail.kind for mail in mails("nieuw")] == ["meetings/announced"]


def _enter(_eva: Person, person: Person) -> None:
    person.state = "active"  # as signing in does
    people.enter(person, person, name="Nina Nieuw")


def test_is_journalled(meeting: Any, run_as: Any, cast: Any, mails: Any, journal_entries: Any) -> None:
    run_as("fons", programmes.team_add, Programme, cast.programme, member=cast.chris)
    assert [mail.kind for mail in mails("chris")] == ["meetings/announced"]
    (entry,) = journal_entries("meetings.invite")
    assert (entry.person_id, entry.object_id, entry.details) == (None, meeting.id, {"people": [cast.chris]})


def test_another_mail_address_takes_the_item_along(meeting: Any, app: Any, cast: Any, run_as: Any, mails: Any) -> None:
    run_as("anna", people.change_mail, Person, cast.anna, address="adem@elders.example")
    for purpose in ("mail-new", "mail-old"):
        with app.app_context():
            link = db.session.scalars(select(OneTimeLink.id).where(OneTimeLink.purpose == purpose)).one()
        run_as("anna", _confirm, OneTimeLink, link)
    former = mails("anna")[-1]
    (now,) = mails("adem", "elders.example")
    assert (former.kind, former.item.method) == ("meetings/former_address", "CANCEL")
    assert (now.kind, now.item.method) == ("meetings/address", "REQUEST")
    assert former.item.attendee == "mailto:anna@proef.example"
    assert now.item.attendee == "mailto:adem@elders.example"
    assert former.item.uid == now.item.uid
    assert former.item.sequence < now.item.sequence, "both mails may end in one calendar"
    assert "/rsvp/" not in former.text


def _confirm(_anna: Person, link: OneTimeLink) -> None:
    people.confirm_mail(access.SYSTEM, link.person, link=link)


def test_who_does_not_come_gets_no_mail_at_a_new_address(
    meeting: Any, ask: Any, app: Any, cast: Any, run_as: Any, mails: Any
) -> None:
    ask("anna", "put", f"{meeting.api}/answer", answer="no")
    count = len(mails("anna"))
    run_as("eva", _readdress, Meeting, meeting.id, member=cast.anna)
    assert len(mails("anna")) == count


def _readdress(_eva: Person, meeting: Meeting, member: int) -> None:
    actions.readdress(meeting, db.session.get_one(Invitee, (meeting.id, member)), "oud@elders.example")


def test_is_journalled_for_leave_out(
    meeting: Any, ask: Any, run_as: Any, membership: Any, read: Any, mails: Any, cast: Any, journal_entries: Any
) -> None:
    for who in ("anna", "bram", "dina"):
        ask(who, "put", f"{meeting.api}/answer", answer="yes")
    run_as("eva", members.remove, Membership, membership("anna").id)
    assert mails("dina")[-1].kind == "meetings/seat"
    assert "Er is plaats voor u" in read("dina", "/notices")
    (entry,) = journal_entries("meetings.leave_out")
    assert entry.details == {"member": cast.anna, "promoted": [cast.dina]}
