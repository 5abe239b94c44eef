"""Recurring jobs of uses: the weekly mail to authors, and after six weeks the question what came of a use."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, select, update

from cop import access
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.working_days import is_working_day
from cop.society.people import Person
from cop.things import Thing, kinds
from cop.uses.mailing import Told, ask_outcome, title_of, write_to_author
from cop.uses.models import ThingUse, find_subject, is_askable, row_of

AFTER = timedelta(weeks=6)  # from the use until the question
LATEST = timedelta(weeks=4)  # of what is older nobody is told or asked, as after a long time without a worker
FRIDAY, HOUR = 4, 9  # of a week that begins with 0; in Amsterdam


def next_friday(now: datetime) -> datetime:
    """Return the next Friday at nine o'clock in Amsterdam."""
    return clock.next_hour(now, HOUR, (FRIDAY,))


@jobs.job("uses.tell")
def tell() -> None:
    """Tell every author, in one mail, who used what of theirs since they last heard of it."""
    now = clock.now()
    waiting = (
        select(Thing.author_id)
        .join(ThingUse, ThingUse.thing_id == Thing.id)
        .where(*_untold(now), Thing.author_id.is_not(None))
        .distinct()
        .order_by(Thing.author_id)
    )
    for author in db.session.scalars(waiting).all():
        with transaction():
            _tell(author or 0, now)


def _untold(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        ThingUse.told.is_(None),
        ThingUse.withdrawn.is_(None),
        ThingUse.at > now - LATEST,
        Thing.state == "live",
    )


def _tell(author_id: int, now: datetime) -> None:
    """Mail an author what nobody told them, if they still see it."""
    author = db.session.get(Person, author_id)
    if author is None or not author.is_active:
        return
    access.drop_cached_rights(author)
    untold = (
        select(ThingUse)
        .join(Thing, Thing.id == ThingUse.thing_id)
        .where(*_untold(now), Thing.author_id == author_id, ThingUse.person_id != author_id)
        .order_by(ThingUse.thing_id, ThingUse.at, ThingUse.id)
    )
    told = []
    for thing_id, uses in groupby(db.session.scalars(untold).all(), key=lambda use: use.thing_id):
        if not _still_sees(author, thing_id):
            continue
        # The rows are written first: of two jobs at once only one finds that it was not done.
        mine = [use for use in uses if _note(use.id, "told", now)]
        if mine:
            thing = db.session.get_one(Thing, thing_id)
            rows = [row_of(use) for use in mine if use.kind == "used"]
            told.append(Told(title_of(thing), kinds.url(thing.kind, thing.id), rows, len(mine) - len(rows)))
    if told:
        write_to_author(author, told)


def _still_sees(author: Person, thing_id: int) -> bool:
    try:
        thing = find_subject(author, thing_id)
    except NotFound:
        return False
    return access.rights(author).role(thing.audience_id) is not None


def _note(id: int, column: str, now: datetime) -> bool:
    """Note on a use that somebody was told or asked; return False where that was noted already."""
    at = getattr(ThingUse, column)
    noted = update(ThingUse).where(ThingUse.id == id, at.is_(None), ThingUse.withdrawn.is_(None)).values({column: now})
    # No page shows it.
    done = db.session.execute(noted, execution_options={"changes": (), "synchronize_session": False})
    return bool(done.rowcount)  # type: ignore[attr-defined]


@jobs.job("uses.ask")
def ask() -> None:
    """Ask who used something six weeks ago what came of it, once; not on holidays or in the weekend."""
    now = clock.now()
    if not is_working_day(clock.today()):
        return
    due = (
        select(ThingUse.id)
        .where(
            ThingUse.kind == "used",
            ThingUse.at <= now - AFTER,
            ThingUse.at > now - AFTER - LATEST,
            ThingUse.asked.is_(None),
            ThingUse.withdrawn.is_(None),
            ThingUse.outcome == "",
        )
        .order_by(ThingUse.id)
    )
    for id in db.session.scalars(due).all():
        with transaction():
            _ask(id, now)


def _ask(id: int, now: datetime) -> None:
    use = db.session.get(ThingUse, id)
    if use is None or not use.person.is_active:
        return
    access.drop_cached_rights(use.person)
    if is_askable(use) and _note(id, "asked", now):
        ask_outcome(use)
