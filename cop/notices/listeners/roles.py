"""Role events: notify people who became team member, partner or administrator."""

from __future__ import annotations

from collections.abc import Iterable

from cop import access
from cop.base.db import db
from cop.base.events import Event, on
from cop.notices.models import RoleReason
from cop.notices.notifying import notify_of_role, remove_role
from cop.society.events import MembershipChanged, PartnershipChanged, PersonLeft
from cop.society.programmes import Partnership


@on("team.add")
def joined_team(event: MembershipChanged) -> None:
    """Notify the person who was added to a programme team."""
    _notify(event, [event.member], "team", event.thing.audience_id)


@on("partnerships.add")
def made_partnership(event: PartnershipChanged) -> None:
    """Notify the people of a new partnership."""
    _notify(event, [person.id for person in event.result.people], "partner", event.result.audience_id)


@on("partnerships.edit")
def joined_partnership(event: PartnershipChanged) -> None:
    """Notify the people who were added to a partnership."""
    _notify(event, event.added, "partner", event.thing.audience_id)


@on("people.leave", "people.hand_over")
def took_over(event: PersonLeft) -> None:
    """Notify a successor of the partnerships they came into."""
    for id in event.given:
        if event.successor is not None:
            _notify(event, [event.successor], "partner", db.session.get_one(Partnership, id).audience_id)


@on("people.promote")
def became_administrator(event: Event) -> None:
    """Notify the person who became an administrator."""
    _notify(event, [event.thing.id], "administrator", None)


def _notify(event: Event, people: Iterable[int], reason: RoleReason, audience: int | None) -> None:
    """Notify all but the one who did it; what a command sets up is told to nobody."""
    if event.person is not access.SYSTEM:
        for person in people:
            if person != event.person.id:
                notify_of_role(person, reason, actor=event.person.id, audience=audience)


@on("team.remove")
def left_team(event: MembershipChanged) -> None:
    """Remove the notice of a role in the team that ended."""
    remove_role(event.member, "team", event.thing.audience_id)


@on("people.demote")
def no_administrator(event: Event) -> None:
    """Remove the notice of an administrator's role that ended."""
    remove_role(event.thing.id, "administrator", None)
