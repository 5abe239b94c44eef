"""What a person hears of a thing or a community, until when, and the job that ends a level after its last day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, select, update

from cop import access
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db, upsert
from cop.base.errors import Invalid
from cop.base.words import _
from cop.notices.models import AudienceFollow
from cop.society.people import Person
from cop.things import Follow, Level, Thing, kinds

MOST = 200  # things with a level of their own that a page lists
Row = Follow | AudienceFollow


def row_of(person: Person, about: Thing | int) -> Row | None:
    """Return what a person chose for a thing, or for an audience by its id."""
    if isinstance(about, Thing):
        return db.session.get(Follow, (person.id, about.id))
    return db.session.get(AudienceFollow, (person.id, about))


def choose(person: Person, about: Thing | int, level: Level | None, until: date | None = None) -> None:
    """Set what a person hears of a thing or an audience; None for no choice of its own.

    After `until` holds what was chosen before, without a day. Raise Invalid for a day that is over.
    """
    if until is not None and until < clock.today():
        raise Invalid(errors={"until": _("Kies vandaag of een latere dag.")})
    before = row_of(person, about)
    model = Follow if isinstance(about, Thing) else AudienceFollow
    keys = {"person_id": person.id}
    keys |= {"thing_id": about.id} if isinstance(about, Thing) else {"audience_id": about}
    if level is None:
        db.session.execute(delete(model).filter_by(**keys))
        return
    lasting = None if before is None else before.afterwards if before.until else before.level
    upsert(model, keys, {"level": level, "until": until, "afterwards": lasting if until else None})
    db.session.expire_all()


@jobs.job("notices.end_levels")
def end_levels() -> None:
    """End the levels whose last day is over: what was chosen before holds again."""
    with transaction():
        for model in (Follow, AudienceFollow):
            over = model.until < clock.today()
            still = {"synchronize_session": False}
            db.session.execute(delete(model).where(over, model.afterwards.is_(None)), execution_options=still)
            again = {"level": model.afterwards, "until": None, "afterwards": None}
            db.session.execute(update(model).where(over).values(again), execution_options=still)


class Chosen(NamedTuple):
    """A level that a person chose for a thing, with its title and address."""

    thing_id: int
    title: str
    url: str
    level: str
    until: date | None


def chosen_things(person: Person) -> list[Chosen]:
    """Return the things for which a person chose a level and which they see, the newest first."""
    query = (
        select(Thing.id, Thing.kind, Thing.title, Follow.level, Follow.until)
        .join(Follow, Follow.thing_id == Thing.id)
        .where(Follow.person_id == person.id, access.visible_to(person, Thing))
    )
    rows = db.session.execute(query.order_by(Thing.id.desc()).limit(MOST)).all()
    return [
        Chosen(id, title, kinds.url(kind, id), level, until)
        for id, kind, title, level, until in rows
        if kinds.find(kind) is not None
    ]


def chosen_audiences(person: Person) -> dict[int, AudienceFollow]:
    """Return what a person chose for audiences, by their id."""
    mine = select(AudienceFollow).where(AudienceFollow.person_id == person.id)
    return {row.audience_id: row for row in db.session.scalars(mine)}
