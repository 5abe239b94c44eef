"""Who is asked: the experts of an audience, their themes and open requests, and the queue.

Every verb begins with `lock`: of one audience only one transaction at a time asks, answers or assigns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select

from cop.base import clock
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.working_days import working_days_after
from cop.experts.models import MOST_OPEN, REQUEST, TERM, TURN, WITH_EXPERT, ExpertRequest
from cop.society.audience import Audience, Guest, current_guest
from cop.society.memberships import Membership, current
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import Thing

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def lock(audience_id: int) -> None:
    """Lock an audience until the commit. What refers to it can still be added: the lock is not on its key."""
    db.session.flush()
    row = select(Audience.id).where(Audience.id == audience_id).with_for_update(key_share=True)
    if db.session.scalar(row) is None:
        raise NotFound


def try_lock(audience_id: int) -> bool:
    """Lock an audience unless somebody has it.

    A transaction that has changed a thread may not wait for it: whoever has it may want that thread.
    """
    db.session.flush()
    row = select(Audience.id).where(Audience.id == audience_id).with_for_update(key_share=True, skip_locked=True)
    return db.session.scalar(row) is not None


def locked(request: ExpertRequest) -> ExpertRequest:
    """Lock the audience of a request, and read the request again: it may have changed, and moved, meanwhile."""
    audience = None
    while audience != request.audience_id:
        audience = request.audience_id
        lock(audience)
        db.session.refresh(request)
    return request


class Expert(NamedTuple):
    """Somebody who can be asked; `guest` of a single thread only."""

    id: int
    name: str
    organisation: str | None
    themes: tuple[str, ...]
    guest: bool = False

    @property
    def shown(self) -> str:
        """The name, with the organisation."""
        return f"{self.name} ({self.organisation})" if self.organisation else self.name


def experts_for(audience_id: int, thread_id: int | None = None) -> list[Expert]:
    """Return who can be asked in an audience, by name, and the experts who are guests of a thread."""
    columns = (Person.id, Person.name, Organisation.name, Person.themes)
    people = select(*columns).outerjoin(Organisation, Organisation.id == Person.organisation_id)
    members = (
        people.join(Membership, Membership.person_id == Person.id)
        .join(Audience, Audience.community_id == Membership.community_id)
        .where(Audience.id == audience_id, Membership.role == "expert", current(), Person.state == "active")
    )
    found = [Expert(row[0], row[1], row[2], tuple(row[3] or ())) for row in db.session.execute(members)]
    if thread_id is not None:
        guests = people.join(Guest, Guest.person_id == Person.id).where(
            Guest.thing_id == thread_id,
            Guest.role == "expert",
            current_guest(),
            Person.state.in_(("active", "invited")),  # they can accept by the mail before they have entered
        )
        known = {one.id for one in found}
        found += [
            Expert(row[0], row[1], row[2], tuple(row[3] or ()), guest=True)
            for row in db.session.execute(guests)
            if row[0] not in known
        ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def themes_of(experts: Iterable[Expert]) -> list[str]:
    """Return the themes of experts, each once and in the order of the alphabet."""
    names: dict[str, str] = {}
    for one in experts:
        for theme in one.themes:
            names.setdefault(theme.casefold(), theme)
    return [names[key] for key in sorted(names)]


def pool(request: ExpertRequest, experts: Sequence[Expert], out: Collection[int | None]) -> list[int]:
    """Return the ids of the experts who can get a request, without those who are left out.

    That is who was named; else the members who know the theme, or all of them where nobody does.
    """
    if request.named_id is not None:
        here = [one for one in experts if one.id == request.named_id]
    else:
        members = [one for one in experts if not one.guest]
        theme = request.theme.casefold()
        here = [one for one in members if any(known.casefold() == theme for known in one.themes)] if theme else []
        here = here or members
    return [one.id for one in here if one.id not in out]


def left_out(request: ExpertRequest) -> set[int | None]:
    """Return the ids of who cannot get a request: who had it before, who asked it, and who wrote the question."""
    had = db.session.scalars(select(TURN.c.person_id).where(TURN.c.request_id == request.id))
    author = db.session.scalar(select(Thing.author_id).where(Thing.id == request.thread_id))
    return {*had, request.person_id, author}


def open_requests(audience_id: int) -> dict[int, int]:
    """Return how many requests each expert has in an audience; who has none is left out."""
    found = (
        select(REQUEST.c.expert_id, func.count())
        .where(REQUEST.c.audience_id == audience_id, REQUEST.c.state.in_(WITH_EXPERT))
        .group_by(REQUEST.c.expert_id)
    )
    return dict(db.session.execute(found).all())


def choose(audience_id: int, people: Collection[int]) -> int | None:
    """Return who of these has the fewest open requests and, of several, was not asked for the longest time.

    None where each of them has as many as one may have.
    """
    if not people:
        return None
    number = open_requests(audience_id)
    asked = dict(
        db.session.execute(
            select(TURN.c.person_id, func.max(TURN.c.at)).where(TURN.c.person_id.in_(people)).group_by(TURN.c.person_id)
        ).all()
    )
    free = [id for id in people if number.get(id, 0) < MOST_OPEN]
    return min(free, key=lambda id: (number.get(id, 0), asked.get(id, NEVER), id), default=None)


def due_from(day: date) -> date:
    """Return the last day of a term that begins now."""
    return working_days_after(day, TERM)


def queue(audience_id: int) -> list[ExpertRequest]:
    """Return the requests of an audience that wait for a place, in the order in which they were asked."""
    found = select(ExpertRequest).where(ExpertRequest.audience_id == audience_id, ExpertRequest.state == "queued")
    return list(db.session.scalars(found.order_by(ExpertRequest.id).execution_options(populate_existing=True)))


def count_ahead(waiting: Sequence[ExpertRequest], pools: dict[int, list[int]]) -> None:
    """Say of each request in the queue how many go before it, and when an answer can be expected.

    Those go before it that one of the same experts can get. Each round of as many as these experts may have together
    lasts a term at most, and so does the answer.
    """
    today = clock.today()
    for number, request in enumerate(waiting):
        mine = set(pools[request.id])
        ahead = sum(1 for other in waiting[:number] if mine & set(pools[other.id]))
        if request.due is None or request.ahead != ahead:
            rounds = ahead // (MOST_OPEN * max(len(mine), 1)) + 2
            request.ahead, request.due = ahead, working_days_after(today, rounds * TERM)


def takes_part(request: ExpertRequest) -> bool:
    """Return whether the expert who has a request can still answer it."""
    return any(one.id == request.expert_id for one in experts_for(request.audience_id, request.thread_id))


def audiences_with(person_id: int) -> list[int]:
    """Return the audiences in which a person has open requests, or in which requests wait that they might get."""
    theirs = REQUEST.c.expert_id == person_id
    waits = (REQUEST.c.state == "queued") & or_(
        REQUEST.c.named_id == person_id,
        REQUEST.c.audience_id.in_(
            select(Audience.id)
            .join(Membership, Membership.community_id == Audience.community_id)
            .where(Membership.person_id == person_id)
        ),
    )
    found = select(REQUEST.c.audience_id).where(or_(theirs & REQUEST.c.state.in_(WITH_EXPERT), waits)).distinct()
    return sorted(db.session.scalars(found))
