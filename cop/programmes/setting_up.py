"""The steps in which a programme is set up, and which of them are done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import exists, select

from cop.base.db import db
from cop.society.memberships import Membership, TeamMember, current
from cop.society.people import Person
from cop.society.programmes import Community, Partnership, Programme

StepName = Literal["about", "team", "communities", "partnerships", "people"]


@dataclass(frozen=True)
class Step:
    """A step with the page on which it is done; `url` is None where an earlier step comes first."""

    name: StepName
    done: bool
    url: str | None


def steps(programme: Programme) -> list[Step]:
    """Return the steps in the order in which a team takes them."""
    communities = select(Community).where(Community.programme_id == programme.id).order_by(Community.position)
    first = db.session.scalar(communities.limit(1))
    team = (
        (Person.state != "deactivated")
        & (TeamMember.programme_id == programme.id)
        & (TeamMember.person_id == Person.id)
    )
    here = (Membership.community_id == Community.id) & (Community.programme_id == programme.id) & current()
    has = db.session.execute(
        select(
            exists().where(team).label("team"),
            exists().where(Partnership.programme_id == programme.id).label("partnerships"),
            exists().where(here).label("people"),
        )
    ).one()
    manage = f"{programme.url}/edit"
    return [
        Step("team", has.team, f"{programme.url}/team/new"),
        Step("about", bool(programme.about), f"{manage}#programme"),
        Step("communities", first is not None, f"{programme.url}/communities/new"),
        Step("people", has.people, f"{first.url}/members" if first else None),
        Step("partnerships", has.partnerships, f"{programme.url}/partnerships/new"),
    ]
