"""Flags: notify the moderators of a new case, and those who raised the flags of what came of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cop import access
from cop.base import email
from cop.base.db import db
from cop.base.events import Event, on
from cop.notices import emails, notifying
from cop.notices.models import FLAG, choices
from cop.society.events import MembershipChanged
from cop.society.memberships import moderators_of
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.things.events import FlagRaised, FlagRuled


@on(FlagRaised)
def raised(event: FlagRaised) -> None:
    """Notify the moderators once of each case, except whoever flagged it and whom it is about."""
    if event.audience:
        people = set(db.session.scalars(moderators_of(event.audience))) - {event.person.id, event.about}
        notifying.notify_of_flag(people, FLAG, audience=event.audience, thing=event.flagged)


@on("flags.withdraw")
def withdrawn(event: Event) -> None:
    """Remove the notices of the moderators when nobody's flag is left."""
    case = event.result.case
    if case.state == "withdrawn":
        notifying.remove_flags(case.audience_id, case.thing_id, ruled=False)


@on(FlagRuled)
def ruled(event: FlagRuled) -> None:
    """Tell those whose flag stands what came of it, by a notice and by mail; nothing waits for the moderators any more."""
    if not event.ruling:
        return
    case = event.result
    notifying.remove_flags(case.audience_id, case.thing_id, ruled=False)
    people = case.flaggers.keys() - {case.ruled_by_id}
    reason: Any = f"{FLAG}:{event.ruling}"
    told = notifying.notify_of_flag(people, reason, audience=case.audience_id, thing=case.thing_id)
    _mail(told, case, event.ruling)


@on("flags.reopen")
def reopened(event: Event) -> None:
    """Remove the unread notices of a decision that was taken back."""
    notifying.remove_flags(event.thing.audience_id, event.thing.thing_id, ruled=True)


@on("members.change")
def changed(event: MembershipChanged) -> None:
    """Remove what waits from the notices of somebody who is no moderator any more."""
    community = db.session.get_one(Community, event.thing.community_id)
    if event.member not in set(db.session.scalars(moderators_of(community.audience_id))):
        notifying.remove_flags_for(event.member, community.audience_id)


def _mail(people: set[int], case: Any, ruling: str) -> None:
    """Enqueue a mail to those who did not choose otherwise; it has nothing of what was flagged."""
    chosen = choices(people, "flag") if people else {}
    wanted = [id for id in people if chosen.get(id, "once") == "once"]
    if not wanted:
        return
    audience = access.audience(access.SYSTEM, case.audience_id)
    serial = email.Serial(
        "notices/flag",
        ruling=ruling,
        word=case.word,
        url="/flags",
        place=audience.name,
        programme=db.session.get(Programme, audience.programme_id),
    )
    readers = db.session.scalars(select(Person).where(Person.id.in_(wanted), Person.state == "active")).all()
    mails = [
        serial.compose(
            to=person.mail,
            name=person.name,
            language=person.language,
            personal={"stop": emails.stop_address(person.id, "flag")},
            person_id=person.id,
            headers={
                "Auto-Submitted": "auto-generated",
                **emails.list_headers(person.id, "flag", audience.list_name),
            },
        )
        for person in readers
    ]
    email.enqueue_all(mails)
