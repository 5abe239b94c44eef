"""Partnerships that are silent, and those that missed a check-in.

Signs of a partnership are what its people wrote and uploaded in the programme, its check-ins and its local challenge.
Visits are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, func, select, union_all

from cop.base import clock
from cop.base.db import db
from cop.base.working_days import term_days_before
from cop.coach.signals.signal import Led, Signal, local_day, midnight
from cop.documents.models import File, Version
from cop.partnerships.models import ChallengeVersion, CheckIn
from cop.society.audience import Audience
from cop.society.people import Person
from cop.society.programmes import Community, PartnerPerson, Partnership
from cop.things import Thing

ASKED = ("start", "deepening", "harvest", "closing")  # the phases in which partnerships work
MISSED = 3  # the newest check-ins that are looked at


def silent(led: Sequence[Led]) -> Iterator[Signal]:
    """Yield the partnerships without a sign for as long as the programme says."""
    here = {one.programme.id: one for one in led if one.programme.phase in ASKED}
    today, last = clock.today(), {row.id: row for row in _signs(list(here))}
    for row in last.values():
        settings = here[row.programme_id].settings
        signs = [sign for sign in (row.wrote, row.uploaded, row.answered, row.described, row.made) if sign is not None]
        if row.entered is None:
            continue  # nobody is inside yet: their invitations are signals of their own
        newest = max(signs, default=row.entered)
        if newest < midnight(term_days_before(today, settings.silent_weeks * 7, settings.region)):
            url = f"/partnerships/{row.id}"
            yield Signal(row.programme_id, "silent", row.id, local_day(newest), row.name, url)


def _signs(programmes: Sequence[int]) -> list[Row[Any]]:
    """Return the partnerships of these programmes with the newest sign of each kind, each read from an index."""
    if not programmes:
        return []
    places = _places(programmes)
    wrote = (
        select(PartnerPerson.partnership_id, func.max(_newest_thing(places.c.audience_id)).label("at"))
        .join(places, places.c.partnership_id == PartnerPerson.partnership_id)
        .group_by(PartnerPerson.partnership_id)
        .subquery()
    )
    uploaded = (
        select(PartnerPerson.partnership_id, func.max(Version.made).label("at"))
        .join(Version, Version.person_id == PartnerPerson.person_id)
        .join(File.__table__, File.__table__.c.id == Version.file_id)
        .join(
            places,
            (places.c.partnership_id == PartnerPerson.partnership_id)
            & (places.c.audience_id == File.__table__.c.audience_id),
        )
        .group_by(PartnerPerson.partnership_id)
        .subquery()
    )
    entered = (
        select(func.min(Person.entered))
        .join(PartnerPerson, PartnerPerson.person_id == Person.id)
        .where(PartnerPerson.partnership_id == Partnership.id, Person.state == "active")
    )
    return list(
        db.session.execute(
            select(
                Partnership.id,
                Partnership.programme_id,
                Partnership.name,
                Partnership.made,
                wrote.c.at.label("wrote"),
                uploaded.c.at.label("uploaded"),
                _of(CheckIn.answered, CheckIn.partnership_id).label("answered"),
                _of(ChallengeVersion.made, ChallengeVersion.partnership_id).label("described"),
                entered.scalar_subquery().label("entered"),
            )
            .outerjoin(wrote, wrote.c.partnership_id == Partnership.id)
            .outerjoin(uploaded, uploaded.c.partnership_id == Partnership.id)
            .where(Partnership.programme_id.in_(programmes))
            .order_by(Partnership.id)
        )
    )


def _of(moment: Any, partnership: Any) -> ScalarSelect[datetime]:
    return select(func.max(moment)).where(partnership == Partnership.id).scalar_subquery()


def _newest_thing(audience: ColumnElement[int]) -> ScalarSelect[datetime]:
    """Return when a person of a partnership made their newest thing in an audience, by the index of signs."""
    thing = Thing.__table__
    return (
        select(thing.c.made)
        .where(thing.c.author_id == PartnerPerson.person_id, thing.c.audience_id == audience)
        .order_by(thing.c.made.desc())
        .limit(1)
        .correlate_except(thing)
        .scalar_subquery()
    )


def _places(programmes: Sequence[int]) -> Any:
    """Return the audiences in which the people of a partnership write: of its programme and of itself."""
    pair = select(Partnership.id.label("partnership_id"), Audience.id.label("audience_id"))
    ways = (
        pair.join(Community, Community.programme_id == Partnership.programme_id).join(
            Audience, Audience.community_id == Community.id
        ),
        pair.join(Audience, Audience.programme_id == Partnership.programme_id),
        pair.join(Audience, Audience.partnership_id == Partnership.id),
    )
    return union_all(*(way.where(Partnership.programme_id.in_(programmes)) for way in ways)).subquery()


def missed(led: Sequence[Led]) -> Iterator[Signal]:
    """Yield the partnerships whose last check-ins were missed, with how many in a row."""
    here = [one.programme.id for one in led if one.programme.phase in ASKED]
    if not here:
        return
    place = func.row_number().over(partition_by=CheckIn.partnership_id, order_by=CheckIn.month.desc())
    closed = (
        select(CheckIn.partnership_id, CheckIn.month, CheckIn.state, place.label("place"))
        .join(Partnership, Partnership.id == CheckIn.partnership_id)
        .where(
            Partnership.programme_id.in_(here),
            CheckIn.month > clock.today().replace(year=clock.today().year - 1, day=1),
        )
        .subquery()
    )
    rows = db.session.execute(
        select(Partnership.id, Partnership.programme_id, Partnership.name, closed.c.month, closed.c.state)
        .join(closed, closed.c.partnership_id == Partnership.id)
        .where(closed.c.place <= MISSED)
        .order_by(Partnership.id, closed.c.month.desc())
    )
    seen: dict[int, list[Row[Any]]] = {}
    for row in rows:
        seen.setdefault(row.id, []).append(row)
    for of_one in seen.values():
        recent = of_one[1:] if of_one[0].state == "open" else of_one
        number = next((n for n, row in enumerate(recent) if row.state != "missed"), len(recent))
        if number:
            last = recent[0]
            url = f"/partnerships/{last.id}"
            yield Signal(last.programme_id, "check_in", last.id, last.month, last.name, url, number=number)
