"""The facts of threads in the checklists of the phases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Select, func, select

from cop.base import clock
from cop.base.db import db
from cop.base.words import _, n_
from cop.society.checklists import Check, checks
from cop.society.programmes import Community, Programme
from cop.threads.models import Thread

WAITING = timedelta(days=7)  # of a question without a reply: about five working days
QUIET = timedelta(weeks=4)


def _live(programme: Programme) -> Select[int, int]:
    """Return the query for the communities of a programme with the number of some live threads in each."""
    return (
        select(Thread.audience_id, func.count())
        .where(Thread.state == "live", Thread.audience_id.in_(_audiences(programme)))
        .group_by(Thread.audience_id)
        .order_by(func.count().desc(), Thread.audience_id)
    )


def _audiences(programme: Programme) -> list[int]:
    return [community.audience_id for community in programme.communities]


def _url(programme: Programme, audience_id: int) -> str:
    """Return the address of the threads of a community."""
    return next(
        (f"{one.url}/threads" for one in programme.communities if one.audience_id == audience_id), programme.url
    )


@checks("deepening", "harvest")
def answered(programme: Programme) -> Iterator[Check]:
    """No question waits too long for a first reply."""
    before = clock.now() - WAITING
    waiting = dict(
        db.session.execute(
            _live(programme).where(
                Thread.thread_kind == "question",
                Thread.replies == 0,
                Thread.answer_id.is_(None),
                Thread.closed.is_(None),
                Thread.made < before,
            )
        ).all()
    )
    n = sum(waiting.values())
    yield Check(
        _("Geen vraag wacht langer dan een week op een reactie"),
        not waiting,
        _url(programme, next(iter(waiting))) if waiting else programme.url,
        n_("%(n)s vraag", "%(n)s vragen", n) if n else "",
    )


@checks("deepening")
def active(programme: Programme) -> Iterator[Check]:
    """Something was written in each community in the last weeks."""
    busy = set(db.session.scalars(_live(programme).where(Thread.last_at > clock.now() - QUIET)))
    quiet: list[Community] = [one for one in programme.communities if one.audience_id not in busy]
    yield Check(
        _("In elke praktijkgemeenschap is de laatste vier weken iets geschreven"),
        not quiet,
        quiet[0].url if quiet else programme.url,
        ", ".join(one.name for one in quiet),
    )


@checks("harvest")
def harvested(programme: Programme) -> Iterator[Check]:
    """In each community something is featured."""
    featured = set(db.session.scalars(_live(programme).where(Thread.featured.is_not(None))))
    without = [one for one in programme.communities if one.audience_id not in featured]
    yield Check(
        _("In elke praktijkgemeenschap is iets uitgelicht"),
        not without,
        f"{without[0].url}/threads" if without else programme.url,
        ", ".join(one.name for one in without),
    )


@checks("closing")
def settled(programme: Programme) -> Iterator[Check]:
    """No question is open."""
    unsettled = Thread.answer_id.is_(None) & Thread.closed.is_(None)
    waiting = dict(db.session.execute(_live(programme).where(Thread.thread_kind == "question", unsettled)).all())
    n = sum(waiting.values())
    yield Check(
        _("Elke vraag heeft een antwoord of is gesloten"),
        not waiting,
        _url(programme, next(iter(waiting))) if waiting else programme.url,
        n_("%(n)s vraag", "%(n)s vragen", n) if n else "",
    )
