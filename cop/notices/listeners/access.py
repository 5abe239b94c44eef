"""Access was lost: notices, follows and waiting mail of what is closed now go with it."""

from __future__ import annotations

from sqlalchemy import delete, select

from cop import access
from cop.base.action import Told, on
from cop.base.db import db
from cop.notices import letters
from cop.notices.models import Notice, forget_community
from cop.people.models import Person
from cop.programmes.models import Community


@on("members.remove", "members.expire", "members.revoke")
def left(told: Told) -> None:
    """Who no longer takes part is told nothing more of that community, not even what was on its way."""
    _forget(told.details["member"], [db.session.get_one(Community, told.thing.community_id)])


@on("team.remove")
def left_team(told: Told) -> None:
    """The same, for every community of the programme."""
    _forget(
        told.details["member"],
        list(db.session.scalars(select(Community).where(Community.programme_id == told.thing.id))),
    )


def _forget(id: int, communities: list[Community]) -> None:
    """Forgets those communities in which the person takes part in no other way either."""
    person = db.session.get_one(Person, id)
    access.forget(person)
    for community in communities:
        if access.rights(person).role(community.id) is None:
            forget_community(id, community.id)
            letters.withdraw(person=id, community=community.slug)


@on("people.deactivate")
def deactivated(told: Told) -> None:
    """Who was deactivated hears nothing more."""
    db.session.execute(delete(Notice).where(Notice.person_id == told.thing.id))
    letters.withdraw(person=told.thing.id)
