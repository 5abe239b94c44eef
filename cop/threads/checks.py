"""The facts of threads in the checklists of the phases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import func, literal, select, union_all

from cop.base import clock
from cop.base.db import db
from cop.base.words import _, n_
from cop.society.checklists import Check, checks
from cop.society.programmes import Programme
from cop.threads.models import Thread

WAITING = timedelta(days=7)  # of a question without a reply: about five working days
QUIET = timedelta(weeks=4)


Facts = dict[str, dict[int, int]]  # the number of live threads, by fact and audience


def _facts(programmes: Sequence[Programme]) -> Facts:
    """Return how many live threads of each community are what the checklists ask about, in one statement."""
    unsettled = Thread.answer_id.is_(None) & Thread.closed.is_(None) & (Thread.thread_kind == "question")
    waiting = unsettled & (Thread.replies == 0) & (Thread.made < clock.now() - WAITING)
    asked = {
        "waiting": (waiting, ("deepening", "harvest")),
        "busy": (Thread.last_at > clock.now() - QUIET, ("deepening",)),
        "featured": (Thread.featured.is_not(None), ("harvest",)),
        "open": (unsettled, ("closing",)),
    }
    selects = []
    for name, (condition, phases) in asked.items():
        here = [
            one.audience_id for programme in programmes if programme.phase in phases for one in programme.communities
        ]
        if here:
            counted = select(literal(name), Thread.audience_id, func.count())
            live = counted.where(Thread.state == "live", Thread.audience_id.in_(here), condition)
            selects.append(live.group_by(Thread.audience_id))
    found: Facts = {name: {} for name in asked}
    for name, audience, number in db.session.execute(union_all(*selects)) if selects else ():
        found[name][audience] = number
    return found


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
