"""The daily mail: unread news grouped by thread, without what was mailed or read before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select

from cop import access
from cop.base import clock, email, jobs, text
from cop.base.action import transaction
from cop.base.db import db, upsert
from cop.notices.emails import list_headers, stop_address
from cop.notices.models import AT_ONCE, Digest, Notice, NoticeChoice, NoticeMailed
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import Body, Follow, Mark, Thing, kinds
from cop.threads.models import Thread

HOUR = 7  # hour in Amsterdam, before the working day
MOST = 12  # most threads in one mail
QUOTED = 160  # characters quoted of the latest post
FIRST = timedelta(days=1)  # how far back the first daily mail looks
LONGEST = timedelta(days=7)  # how far back it looks at most after a gap
PLACE, SAID, THREAD = Thing.__table__.alias("place"), Thing.__table__.alias("said"), Thread.__table__
MARK, FOLLOW, BODY = Mark.__table__, Follow.__table__, Body.__table__
PERSON, ORGANISATION = Person.__table__, Organisation.__table__


@dataclass(frozen=True)
class Item:
    """A thread with news, or a mention or answer for the reader, as the mail shows it."""

    kind: str  # the thread's kind, or `room`
    title: str
    url: str
    community: str
    author: str
    organisation: str
    excerpt: str
    reason: str = "news"
    posts: int = 1


def next_morning(now: datetime) -> datetime:
    """Return the next weekday at seven o'clock in Amsterdam."""
    local = clock.local(now)
    day = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    while day <= local or day.weekday() > 4:
        day += timedelta(days=1)
    return day


def addressed(person: Person) -> dict[int, Item]:
    """Return the unread mentions and answers for a person who gets those by daily mail, newest first.

    Maps the id of the post or message to its Item; what was mailed before is left out.
    """
    daily = set(
        db.session.scalars(
            select(NoticeChoice.kind).where(NoticeChoice.person_id == person.id, NoticeChoice.how == "daily")
        )
    )
    rows = db.session.execute(
        select(
            Notice.thing_id,
            Notice.place_id,
            Notice.reason,
            PLACE.c.title,
            PLACE.c.kind.label("place_kind"),
            PLACE.c.audience_id,
            THREAD.c.thread_kind,
        )
        .join(PLACE, PLACE.c.id == Notice.place_id)
        .outerjoin(THREAD, THREAD.c.id == PLACE.c.id)
        .where(
            Notice.person_id == person.id,
            Notice.reason.in_(daily & set(AT_ONCE)),
            Notice.read.is_(None),
            Notice.at > clock.now() - LONGEST,
            PLACE.c.state == "live",
            _seen(person),
            PLACE.c.id.not_in(_muted(person)),
            Notice.thing_id.not_in(_mailed(person)),
        )
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(MOST)
    ).all()
    contributions, names = _contributions(row.thing_id for row in rows), _names(person)
    return {
        row.thing_id: Item(
            row.thread_kind or row.place_kind,
            row.title,
            kinds.url(contributions[row.thing_id].kind, row.thing_id),
            names(row.audience_id),
            *_byline(contributions[row.thing_id]),
            reason=row.reason,
        )
        for row in rows
        if row.thing_id in contributions
    }


def news(person: Person, since: int) -> tuple[list[Item], int]:
    """Return threads with unread posts after thing `since`, newest first, and how many more there are.

    Posts that were mailed before and muted threads are left out.
    """
    rows = db.session.execute(
        select(
            PLACE.c.id,
            PLACE.c.title,
            PLACE.c.audience_id,
            THREAD.c.thread_kind,
            func.count().label("posts"),
            func.max(SAID.c.id).label("newest"),
            func.min(SAID.c.id).label("first"),
            func.min(SAID.c.kind).label("kind"),
            func.count().over().label("threads"),
        )
        .select_from(
            SAID.join(PLACE, PLACE.c.id == func.coalesce(SAID.c.parent_id, SAID.c.id))
            .outerjoin(THREAD, THREAD.c.id == PLACE.c.id)
            .outerjoin(MARK, (MARK.c.thing_id == PLACE.c.id) & (MARK.c.person_id == person.id))
        )
        .where(
            SAID.c.id > since,
            SAID.c.kind.in_(kinds.names(lambda kind: kind.digest)),
            SAID.c.state == "live",
            PLACE.c.state == "live",
            SAID.c.author_id.is_distinct_from(person.id),
            # What stands by itself has no position: it is read once its page was opened.
            or_(SAID.c.seq > func.coalesce(MARK.c.seq, 0), SAID.c.parent_id.is_(None) & MARK.c.seq.is_(None)),
            _seen(person),
            PLACE.c.id.not_in(_muted(person)),
            SAID.c.id.not_in(_mailed(person)),
        )
        .group_by(PLACE.c.id, PLACE.c.title, PLACE.c.audience_id, THREAD.c.thread_kind)
        .order_by(func.max(SAID.c.id).desc())
        .limit(MOST)
    ).all()
    contributions, names = _contributions(row.newest for row in rows), _names(person)
    items = [
        Item(
            row.thread_kind or row.kind,
            row.title,
            kinds.url(row.kind, row.first),
            names(row.audience_id),
            *_byline(contributions[row.newest]),
            posts=row.posts,
        )
        for row in rows
    ]
    return items, rows[0].threads - len(rows) if rows else 0


def _mailed(person: Person) -> Select[int]:
    return select(NoticeMailed.thing_id).where(NoticeMailed.person_id == person.id)


def _muted(person: Person) -> Select[int]:
    return select(FOLLOW.c.thing_id).where(FOLLOW.c.person_id == person.id, FOLLOW.c.muted)


def _seen(person: Person) -> ColumnElement[bool]:
    """Return the condition on a place that it is in the person's audiences, or that they are a guest of it."""
    rights = access.rights(person)
    return or_(PLACE.c.audience_id.in_(rights.roles), PLACE.c.id.in_(rights.guests))


def _names(person: Person) -> Callable[[int], str]:
    return lambda audience_id: access.audience(person, audience_id).name


def _contributions(ids: Iterable[int]) -> dict[int, Any]:
    """Return the texts with these ids that can still be read, with their authors, by id."""
    found = db.session.execute(
        select(
            SAID.c.id,
            SAID.c.kind,
            PERSON.c.name.label("author_name"),
            ORGANISATION.c.name.label("organisation_name"),
            func.coalesce(BODY.c.plain, "").label("plain"),
        )
        .select_from(
            SAID.outerjoin(BODY, BODY.c.thing_id == SAID.c.id)
            .outerjoin(PERSON, PERSON.c.id == SAID.c.author_id)
            .outerjoin(ORGANISATION, ORGANISATION.c.id == SAID.c.organisation_id)
        )
        .where(SAID.c.id.in_(list(ids)), SAID.c.state == "live")
    )
    return {row.id: row for row in found}


def _byline(row: Any) -> tuple[str, str, str]:
    """Return author, organisation and the beginning of a text."""
    return row.author_name or "", row.organisation_name or "", text.excerpt(row.plain, QUOTED)


@jobs.job("notices.digest")
def digest() -> None:
    """Enqueue one job per person, so that one failing mail does not delay the others.

    Does nothing at the weekend, when a worker that was down may run it late.
    """
    now = clock.now()
    if clock.local(now).weekday() > 4:
        return
    never = select(NoticeChoice.person_id).where(NoticeChoice.kind == "digest", NoticeChoice.how == "never")
    with transaction():
        db.session.execute(delete(NoticeMailed).where(NoticeMailed.at < now - 2 * LONGEST))
        for person in db.session.scalars(
            select(Person.id).where(Person.state == "active", Person.entered.is_not(None), Person.id.not_in(never))
        ).all():
            jobs.later("notices.digest_one", person)


@jobs.job("notices.digest_one")
def digest_one(person_id: int) -> None:
    """Enqueue a person's daily mail, once.

    What it covers is recorded in the same transaction.
    """
    with transaction():
        person = db.session.get(Person, person_id)
        if person is None or not person.is_active:
            return
        previous = db.session.get(Digest, person_id)
        last = db.session.scalar(select(func.max(Thing.id))) or 0
        since = max(previous.upto, _last_before(LONGEST)) if previous else _last_before(FIRST)
        items = addressed(person)
        if items:
            db.session.execute(
                insert(NoticeMailed), [{"person_id": person_id, "thing_id": id, "at": clock.now()} for id in items]
            )
        threads, more = news(person, since)
        if items or threads:
            email.enqueue(
                "notices/digest",
                to=person.mail,
                name=person.name,
                language=person.language,
                person_id=person.id,
                headers=list_headers(person.id, "digest", "digest"),
                addressed=list(items.values()),
                news=threads,
                more=more,
                stop=stop_address(person.id, "digest"),
            )
        sent = clock.now() if items or threads else (previous.sent if previous else None)
        upsert(Digest, {"person_id": person_id}, {"upto": last, "sent": sent})


def _last_before(ago: timedelta) -> int:
    """Return the id of the last thing made longer ago than `ago`."""
    return db.session.scalar(select(func.max(Thing.id)).where(Thing.made < clock.now() - ago)) or 0
