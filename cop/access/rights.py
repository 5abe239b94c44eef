"""The rights of a person: the communities in which they take part, and their role in each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Date,
    Select,
    bindparam,
    or_,
    select,
)

from cop.base import clock
from cop.base.fast import cache_versions
from cop.base.fast.prepared import PreparedQuery
from cop.society.memberships import Membership, TeamMember, current
from cop.society.people import Person
from cop.society.programmes import Community

CURATORS = ("moderator", "team")


WRITERS = ("member", "expert", "moderator", "team")


class System:
    """The house itself: commands and recurring jobs. It may do all, and signs with nobody's name."""

    id = None
    is_admin = True
    name = ""
    language = "nl"
    organisation_id = None
    organisation = None


SYSTEM: Any = System()  # passes as a person


def _places() -> Select[Any]:
    """The communities in which `:person` takes part on `:today`, in one question."""
    today = bindparam("today", type_=Date)
    direct = select(Membership.community_id, Membership.role).where(
        Membership.person_id == bindparam("person"), current(today)
    )
    team = (
        select(Community.id, TeamMember.programme_id)
        .join(TeamMember, TeamMember.programme_id == Community.programme_id)
        .where(TeamMember.person_id == bindparam("person"))
    )
    d, t = direct.subquery(), team.subquery()
    return (
        select(
            Community.id,
            Community.slug,
            Community.name,
            Community.programme_id,
            d.c.role,
            t.c.programme_id.label("team"),
        )
        .outerjoin(d, d.c.community_id == Community.id)
        .outerjoin(t, t.c.id == Community.id)
        .where(or_(d.c.role.is_not(None), t.c.programme_id.is_not(None)))
        .order_by(Community.programme_id, Community.position)
    )


PLACES = PreparedQuery(_places())


class Rights:
    """In which communities a person takes part, and as what; read once per request."""

    def __init__(self, person: Person):
        self.roles: dict[int, str] = {}
        self.communities: list[Any] = []
        for row in PLACES.rows(person=person.id, today=clock.today()):
            self.communities.append(row)
            self.roles[row.id] = "team" if row.team is not None else row.role
        # The communities in which the person is moderator or programme team.
        self.curated = [id for id, role in self.roles.items() if role in CURATORS]

    def role(self, community_id: int | None) -> str | None:
        """The role in a community, None for who does not take part."""
        return self.roles.get(community_id) if community_id is not None else None

    def curates(self, community_id: int | None) -> bool:
        return self.role(community_id) in CURATORS


def rights(person: Any) -> Rights:
    """The rights of a person, kept with the person as they were read."""
    memo = getattr(person, "memo", None)
    if memo is None or (
        "rights" not in memo and cache_versions.has_changes()
    ):  # what a unit may take back is kept for itself
        memo = person.memo = {}
    if "rights" not in memo:
        memo["rights"] = Rights(person)
    kept: Rights = memo["rights"]
    return kept


def community(person: Any, id: int) -> Any:
    """A community in which the person takes part, as their rights know it (id, slug, name, programme_id)."""
    return next(c for c in rights(person).communities if c.id == id)


def drop_cached_rights(person: Any) -> None:
    """Has the rights of a person read anew: a verb just changed them."""
    person.memo = None


def community_of(thing: Any) -> int | None:
    """The community a thing stands in; a community stands in itself."""
    return thing.id if isinstance(thing, Community) else getattr(thing, "community_id", None)
