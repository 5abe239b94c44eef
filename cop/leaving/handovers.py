"""What else a departure moves: another feature, such as that of actions, says so here for the page before the act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.leaving.carrying import Carried
from cop.society.audience import Audience
from cop.society.memberships import Membership, TeamMember, communities_of, current, programme_of
from cop.society.people import Person
from cop.society.programmes import PartnerPerson


@dataclass(frozen=True)
class Handover:
    """A departure that may happen: who leaves, what ends, and who takes over, as far as they are known.

    successor: their id, None for somebody who is new. named: how the successor is called, "" while there is none.
    """

    leaver: Person
    ending: Carried
    whole: bool
    named: str = ""
    successor: int | None = None

    def leaver_stays(self, audience_id: int) -> bool:
        """Return whether the leaver still takes part in an audience afterwards."""
        if self.whole:
            return False
        audience, partnership = db.session.get_one(Audience, audience_id), PartnerPerson.partnership_id
        ways = [
            select(TeamMember.person_id).where(
                TeamMember.person_id == self.leaver.id, TeamMember.programme_id.in_(programme_of(audience_id))
            ),
            select(Membership.person_id).where(
                Membership.person_id == self.leaver.id,
                Membership.community_id.in_(communities_of(audience_id)),
                Membership.id.not_in([one.id for one in self.ending.memberships]),
                current(),
            ),
            select(PartnerPerson.person_id).where(
                PartnerPerson.person_id == self.leaver.id,
                partnership == audience.partnership_id,
                partnership.not_in([one.id for one in self.ending.partnerships]),
            ),
        ]
        return any(db.session.scalar(way.limit(1)) is not None for way in ways)

    def successor_takes_part(self, audience_id: int) -> bool:
        """Return whether the successor takes part in an audience afterwards: already, or by what they take over."""
        if not self.named:
            return False
        audience = db.session.get_one(Audience, audience_id)
        communities = {one.community_id for one in self.ending.memberships if not one.community.archived}
        if communities.intersection(db.session.scalars(communities_of(audience_id))) or any(
            audience.partnership_id == one.id for one in self.ending.partnerships if not one.archived
        ):
            return True
        here = select(Person.id).where(Person.id == self.successor, access.readers_of(audience_id))
        return self.successor is not None and db.session.scalar(here) is not None


Preview = Callable[[Handover], list[str]]
_previews: list[Preview] = []


def handover_preview(preview: Preview) -> Preview:
    """Let a feature say, in sentences, what it moves in a departure."""
    _previews.append(preview)
    return preview


def also_moved(handover: Handover) -> list[str]:
    """Return what other features move in a departure, in sentences."""
    return [words for preview in _previews for words in preview(handover)]
