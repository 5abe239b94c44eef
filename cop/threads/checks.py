"""The facts of threads in the checklists of the phases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import Case, ColumnElement, ScalarSelect, TextClause, and_, case, func, literal, select, union_all
from sqlalchemy import text as sql

from cop.base import clock
from cop.base.db import db
from cop.base.words import _, n_
from cop.society.audience import Audience
from cop.society.checklists import Check, checks
from cop.society.programmes import Programme
from cop.threads.models import OPEN, Thread

WAITING = timedelta(days=7)  # of a question without a reply: about five working days
QUIET = timedelta(weeks=4)


Facts = dict[str, dict[int, int]]  # the number of live threads, by fact and audience


def _facts(programmes: Sequence[Programme]) -> Facts:
    """Return how many questions of each community wait or are open, and 1 where it is busy or has something featured.

    One statement; what is only asked for is read up to the first thread of an index.
    """
    waiting = and_(sql(OPEN), Thread.replies == 0, Thread.made < clock.now() - WAITING)
    asked = {
        "waiting": (_number(waiting), ("deepening", "harvest")),
        "busy": (_any(Thread.last_at > clock.now() - QUIET), ("deepening",)),
        "featured": (_any(Thread.featured.is_not(None)), ("harvest",)),
        "open": (_number(sql(OPEN)), ("closing",)),
    }
    selects = []
    for name, (number, phases) in asked.items():
        here = [
            one.audience_id for programme in programmes if programme.phase in phases for one in programme.communities
        ]
        if here:
            selects.append(select(literal(name), Audience.id, number).where(Audience.id.in_(here)))
    found: Facts = {name: {} for name in asked}
    for name, audience, threads in db.session.execute(union_all(*selects)) if selects else ():
        if threads:
            found[name][audience] = threads
    return found


def _number(condition: ColumnElement[bool] | TextClause) -> ScalarSelect[int]:
    """Return the number of live threads of an audience for which a condition holds."""
    live = select(func.count(Thread.id)).where(Thread.audience_id == Audience.id, Thread.state == "live", condition)
    return live.correlate(Audience).scalar_subquery()


def _any(condition: ColumnElement[bool]) -> Case[int]:
    """Return 1 where the condition holds for a live thread of an audience, else 0."""
    live = select(Thread.id).where(Thread.audience_id == Audience.id, Thread.state == "live", condition)
    return case((live.correlate(Audience).exists(), 1), else_=0)


def _no_question(words: str, programme: Programme, found: dict[int, int]) -> Check:
    """Return the check that no question is among the found, which begins at the community that has the most."""
    having = [one for one in programme.communities if one.audience_id in found]
    n = sum(found[one.audience_id] for one in having)
    most = max(having, key=lambda one: found[one.audience_id], default=None)
    url = f"{most.url}/threads" if most else programme.url
    return Check(words, not having, url, n_("%(n)s vraag", "%(n)s vragen", n) if n else "")


@checks("deepening", "harvest", "closing")
def conversations(programmes: Sequence[Programme]) -> Iterator[tuple[Programme, Check]]:
    """No question waits too long, something was written and featured in each community, and at the end none is open."""
    facts = _facts(programmes)
    for programme in programmes:
        if programme.phase in ("deepening", "harvest"):
            words = _("Geen vraag wacht langer dan een week op een reactie")
            yield programme, _no_question(words, programme, facts["waiting"])
        if programme.phase == "deepening":
            quiet = [one for one in programme.communities if one.audience_id not in facts["busy"]]
            words = _("In elke praktijkgemeenschap is de laatste vier weken iets geschreven")
            names = ", ".join(one.name for one in quiet)
            yield programme, Check(words, not quiet, quiet[0].url if quiet else programme.url, names)
        if programme.phase == "harvest":
            without = [one for one in programme.communities if one.audience_id not in facts["featured"]]
            words = _("In elke praktijkgemeenschap is iets uitgelicht")
            names = ", ".join(one.name for one in without)
            yield programme, Check(words, not without, f"{without[0].url}/threads" if without else programme.url, names)
        if programme.phase == "closing":
            words = _("Elke vraag heeft een antwoord of is gesloten")
            yield programme, _no_question(words, programme, facts["open"])
