"""Listeners of partnerships: the months of the check-in with their mail, access that ends, and what applicants wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, exists, func, select

from cop import access
from cop.base import clock, email, jobs, live
from cop.base.db import db
from cop.base.email import Email
from cop.base.events import Event, after, on
from cop.base.words import n_
from cop.partnerships import actions
from cop.partnerships.models import (
    ApplicationText,
    ChallengeVersion,
    CheckIn,
    CheckInLink,
    HelpQuestion,
    current_check_in,
    new_check_in_link,
    this_month,
)
from cop.society.audience import Audience
from cop.society.events import PartnershipChanged, PersonLeft
from cop.society.people import Person
from cop.society.programmes import PartnerPerson, Partnership, Programme
from cop.things.removal import before_removal, counted

ASKING = ("start", "deepening", "harvest", "closing")  # the phases of a programme with check-ins
email.holds_secret("partnerships/check_in")
LAST_DAY = 10  # of the month on which one opens: a partnership that begins later has its first in the next month


@jobs.job("partnerships.months")
def months() -> None:
    """Close the check-ins of earlier months that nobody answered, and open those of this month."""
    month = this_month()
    for check_in in db.session.scalars(select(CheckIn).where(CheckIn.state == "open", CheckIn.month < month)).all():
        partnership = db.session.get_one(Partnership, check_in.partnership_id)
        actions.close_month(access.SYSTEM, partnership, check_in=check_in)
    if clock.today().day > LAST_DAY:
        return
    somebody = exists().where(
        PartnerPerson.partnership_id == Partnership.id,
        Person.id == PartnerPerson.person_id,
        Person.state == "active",
        Person.entered.is_not(None),
    )
    due = (
        select(Partnership)
        .join(Programme, Programme.id == Partnership.programme_id)
        .where(
            Programme.phase.in_(ASKING),
            Partnership.id.not_in(select(CheckIn.partnership_id).where(CheckIn.month == month)),
            somebody,
        )
        .order_by(Partnership.id)
    )
    for partnership in db.session.scalars(due).all():
        actions.open_month(access.SYSTEM, partnership, month=month)


@on("partnerships.open_month")
def ask_by_mail(event: Event) -> None:
    """Mail the people of the partnership a link of their own to the check-in, once."""
    check_in, partnership = event.result, event.thing
    if db.session.scalar(select(exists().where(CheckInLink.check_in_id == check_in.id))):
        return
    _ask(partnership, check_in, partnership.people)


def _ask(partnership: Partnership, check_in: CheckIn, people: Iterable[Person]) -> None:
    """Mail people of a partnership a link of their own to a check-in."""
    thread = email.thread_id("partnership", partnership.id)  # mail programs show the months together
    for person in people:
        if person.is_active and person.entered is not None:
            email.enqueue(
                "partnerships/check_in",
                to=person.mail,
                name=person.name,
                language=person.language,
                person_id=person.id,
                headers={"In-Reply-To": thread, "References": thread},
                secret=new_check_in_link(check_in, person),
                partnership=partnership,
                month=check_in.month,
            )


@on("people.leave", "people.hand_over")
def ask_successor(event: PersonLeft) -> None:
    """Mail a successor the check-in of this month that waits for an answer."""
    for id in event.given:
        partnership, check_in = db.session.get_one(Partnership, id), current_check_in(id)
        if check_in is not None and check_in.state == "open" and check_in.month == this_month():
            _ask(partnership, check_in, [db.session.get_one(Person, event.successor)])


@email.only_if("partnerships/check_in")
def still_in(mail: Email) -> bool:
    """Return whether the person is still in the partnership when the mail is sent."""
    partnership = int(re.sub(r"\D*(\d+)@.*", r"\1", mail.headers["In-Reply-To"]))
    known = db.session.get(PartnerPerson, (partnership, mail.person_id))
    return known is not None and db.session.get_one(Person, mail.person_id).is_active


@on("partnerships.edit")
def end_links(event: PartnershipChanged) -> None:
    """End the links in the mails to those who left a partnership."""
    here = select(CheckIn.id).where(CheckIn.partnership_id == event.thing.id)
    db.session.execute(
        delete(CheckInLink).where(CheckInLink.check_in_id.in_(here), CheckInLink.person_id.in_(event.removed))
    )


@after("partnerships.edit", "partnerships.remove")
def cut_partners(event: PartnershipChanged) -> None:
    """Remove those who left a partnership from the live places they may no longer join."""
    for person in event.removed:
        live.recheck_person(person)


@on("applications.accept")
def take_over_application(event: Any) -> None:
    """Carry what the applicants wrote into the page of their new partnership; describing it is their first task."""
    actions.take_over(db.session.get_one(Partnership, event.partnership), event.answers)


@counted
def answered_months(audience_id: int) -> list[str]:
    """Return how many check-ins a partnership answered, in words."""
    n = db.session.scalar(
        select(func.count())
        .select_from(CheckIn)
        .where(CheckIn.partnership_id == _partnership(audience_id), CheckIn.state == "answered")
    )
    return [n_("%(n)s ingevulde maand", "%(n)s ingevulde maanden", n)] if n else []


@before_removal
def remove_contents(audience_id: int) -> None:
    """Delete the challenge, check-ins and links of a partnership that is removed."""
    partnership = _partnership(audience_id)
    check_ins = select(CheckIn.id).where(CheckIn.partnership_id == partnership)
    db.session.execute(delete(CheckInLink).where(CheckInLink.check_in_id.in_(check_ins)))
    for kind in (HelpQuestion, CheckIn, ChallengeVersion, ApplicationText):
        db.session.execute(delete(kind).where(kind.partnership_id == partnership))


def _partnership(audience_id: int) -> Any:
    """Return the id of the partnership of an audience, as a select; null for another."""
    return select(Audience.partnership_id).where(Audience.id == audience_id).scalar_subquery()
