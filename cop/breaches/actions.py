"""Verbs of breaches: removing and reporting, noting what was done, closing, and opening again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from cop import access
from cop.base import clock, jobs
from cop.base.action import action, detail
from cop.base.db import Base, db
from cop.base.errors import Conflict
from cop.base.files import Blob
from cop.base.words import _
from cop.breaches import mailing, removing
from cop.breaches.models import Breach, BreachStep
from cop.society.audience import guests_of
from cop.society.memberships import audience_size
from cop.society.people import Person
from cop.things import Mark, Thing


@action("breaches.report")
def report(
    person: Person, thing: Thing, *, what: Sequence[str], number: int | None = None, blob: Blob | None = None
) -> Breach:
    """Remove what a thing says, with its versions and copies, and note the breach for the administrators.

    number: the version of a file to remove, all where it is None. blob: what is downloaded instead of a file.
    """
    written = thing.edited or thing.made
    removed = removing.remove(thing, blob, number)
    db.session.flush()
    breach = Breach(
        kind=thing.kind,
        thing_id=thing.id,
        place=access.audience(access.SYSTEM, thing.audience_id).name,
        what=sorted(set(what)),
        author_id=thing.author_id,
        written=written,
        reporter_id=person.id,
        readers=_readers(thing),
        seen=_seen(thing),
        mailed=_mailed(thing),
        public=removed.public,
        removed=removed.counts,
        copies=removing.copies_of(thing, removed),
        reason="",
    )
    db.session.add(breach)
    db.session.flush()
    mailing.write_to_administrators(breach)
    jobs.later("breaches.scrub", sorted(removed.digests))
    detail(**{thing.kind: thing.id}, breach=breach.id, version=number, **removed.counts)
    return breach


def _readers(thing: Thing) -> int:
    """Return how many people could read a thing: its audience, and the guests of it and its place."""
    places = [id for id in (thing.id, thing.parent_id) if id]
    guests = {id for place in places for id in db.session.scalars(guests_of(place))}
    return audience_size(thing.audience_id).people + len(guests)


def _seen(thing: Thing) -> int | None:
    """Return how many others read up to a thing, None for one without a place."""
    place, seq = (thing.parent_id, thing.seq) if thing.parent_id else (thing.id, 1)
    if thing.kind == "file":
        return None
    others = (Mark.thing_id == place) & (Mark.seq >= seq) & (Mark.person_id != (thing.author_id or 0))
    return db.session.scalar(select(func.count()).select_from(Mark).where(others)) or 0


def _mailed(thing: Thing) -> int:
    """Return to how many people a thing was mailed."""
    mailed = Base.metadata.tables["notice_mailed"]  # of a feature on the same floor
    return db.session.scalar(select(func.count()).select_from(mailed).where(mailed.c.thing_id == thing.id)) or 0


@action("breaches.note")
def note(person: Person, breach: Breach, *, kind: str, text: str) -> BreachStep:
    """Note what was done about a breach."""
    _require_open(breach)
    step = BreachStep(breach_id=breach.id, kind=kind, text=text, person_id=person.id, made=clock.now())
    db.session.add(step)
    db.session.flush()
    detail(breach=breach.id, step=step.id, kind=kind)
    return step


@action("breaches.close")
def close(person: Person, breach: Breach, *, reason: str) -> Breach:
    """Close a breach and say why."""
    _require_open(breach)
    breach.closed, breach.closed_by_id, breach.reason = clock.now(), person.id, reason
    detail(breach=breach.id)
    return breach


@action("breaches.reopen")
def reopen(person: Person, breach: Breach) -> Breach:
    """Open a closed breach again."""
    breach.closed = breach.closed_by_id = None
    detail(breach=breach.id)
    return breach


def _require_open(breach: Breach) -> None:
    if breach.closed is not None:
        raise Conflict(_("Deze melding is afgesloten. Open haar eerst weer."))
