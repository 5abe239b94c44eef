"""What happened around a partnership, newest first: check-ins, versions of its challenge, and what its people shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, and_, exists, or_, select

from cop import access
from cop.base.db import db
from cop.partnerships.models import ChallengeVersion, CheckIn, HelpQuestion
from cop.society.audience import Audience
from cop.society.people import Person
from cop.society.programmes import Community, PartnerOrganisation, PartnerPerson, Partnership
from cop.things import Thing, ThingLink

SHOWN = 30


@dataclass(frozen=True)
class Moment:
    """Something that happened; `what` is the row about which it is."""

    at: datetime
    kind: Literal["check_in", "challenge", "thing"]
    what: Any


def timeline(
    person: Person, partnership: Partnership, check_ins: list[CheckIn], versions: list[ChallengeVersion]
) -> list[Moment]:
    """Return the newest moments, of these check-ins and versions and of the things that the person may see."""
    moments = [Moment(one.answered, "check_in", one) for one in check_ins if one.answered is not None]
    moments += [Moment(one.made, "challenge", one) for one in versions]
    moments += [Moment(one.made, "thing", one) for one in _things(person, partnership)]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:SHOWN]


def _things(person: Person, partnership: Partnership) -> list[Row[Any]]:
    """Return the threads and documents that concern a partnership, newest first.

    These are its questions, the documents in its own folder, and what its people shared in the communities of the
    programme for an organisation that is in it: somebody in two partnerships shares for each with its own organisations.
    """
    people = select(PartnerPerson.person_id).where(PartnerPerson.partnership_id == partnership.id)
    organisations = select(PartnerOrganisation.organisation_id).where(
        PartnerOrganisation.partnership_id == partnership.id
    )
    communities = (
        select(Audience.id)
        .join(Community, Community.id == Audience.community_id)
        .where(Community.programme_id == partnership.programme_id)
    )
    asked = select(HelpQuestion.thread_id).where(HelpQuestion.partnership_id == partnership.id)
    sent_along = exists().where(ThingLink.to_id == Thing.id, ThingLink.kind == "attachment")
    shared = and_(
        Thing.author_id.in_(people),
        Thing.organisation_id.in_(organisations),
        Thing.audience_id.in_(communities),
        or_(Thing.kind == "thread", ~sent_along),
    )
    own = and_(Thing.audience_id == partnership.audience_id, ~sent_along)
    return list(
        db.session.execute(
            select(
                Thing.id,
                Thing.kind,
                Thing.title,
                Thing.made,
                Thing.audience_id,
                Person.name.label("author_name"),
                Thing.id.in_(asked).label("asked"),
            )
            .outerjoin(Person, Person.id == Thing.author_id)
            .where(
                Thing.kind.in_(("thread", "file")),
                Thing.state == "live",
                or_(Thing.id.in_(asked), shared, own),
                access.visible_to(person, Thing),
            )
            .order_by(Thing.id.desc())
            .limit(SHOWN)
        )
    )
