"""The daily mail: what is new and unread, grouped by thread, nothing that was mailed or read before."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import func, select

from cop import access
from cop.base import clock, jobs, mail, text
from cop.base.action import unit
from cop.base.db import db, upsert
from cop.notices.letters import token, unsubscribe_headers
from cop.notices.models import Choice, Digest, Notice
from cop.people.models import Person
from cop.things import Follow, Mark, Thing
from cop.threads.models import Post, Thread

HOUR = 7  # on the clock of Amsterdam: before the working day
MOST = 12  # threads in one mail


def next_morning(now: datetime) -> datetime:
    """The coming weekday, seven o'clock in Amsterdam."""
    local = clock.local(now)
    day = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    while day <= local or day.weekday() > 4:
        day += timedelta(days=1)
    return day


def news(person: Person, upto: int) -> list[Any]:
    """Threads with posts after thing `upto` that this person has not read and was not mailed: newest first."""
    mine = list(access.rights(person).roles)
    muted = select(Follow.thing_id).where(Follow.person_id == person.id, Follow.muted.is_(True))
    mailed = select(Notice.thing_id).where(Notice.person_id == person.id, Notice.mailed.is_not(None))
    thread = Thing.__table__.alias("place")
    rows = db.session.execute(
        select(Post.parent_id, thread.c.title, thread.c.community_id, func.count(Post.id).label("posts"),
               func.max(Post.id).label("newest"), func.min(Post.id).label("first"))
        .join(thread, thread.c.id == Post.parent_id)
        .outerjoin(Mark, (Mark.thing_id == thread.c.id) & (Mark.person_id == person.id))
        .where(Post.id > upto, Post.state == "live", thread.c.state == "live", Post.community_id.in_(mine),
               Post.author_id != person.id, Post.seq > func.coalesce(Mark.seq, 0), thread.c.id.not_in(muted),
               Post.id.not_in(mailed))
        .group_by(Post.parent_id, thread.c.title, thread.c.community_id).order_by(func.max(Post.id).desc()).limit(MOST)).all()
    newest = {p.id: p for p in db.session.scalars(select(Post).where(Post.id.in_([r.newest for r in rows])))}
    names = dict(db.session.execute(select(Person.id, Person.name).where(
        Person.id.in_([p.author_id for p in newest.values()]))).tuples().all())
    kinds = dict(db.session.execute(select(Thread.id, Thread.thread_kind).where(
        Thread.id.in_([r.parent_id for r in rows]))).tuples().all())
    circles = {c.id: c.name for c in access.rights(person).communities}
    return [SimpleNamespace(title=r.title, url=f"/posts/{r.first}", posts=r.posts, kind=kinds[r.parent_id],
                            community=circles[r.community_id], author=names.get(newest[r.newest].author_id, ""),
                            excerpt=text.excerpt(newest[r.newest].plain, 160)) for r in rows]


@jobs.job("notices.digest")
def digest() -> None:
    """Writes one job per person, so that one failing mail does not hold up the others."""
    never = select(Choice.person_id).where(Choice.kind == "digest", Choice.how == "never")
    with unit():
        for person in db.session.scalars(select(Person.id).where(
                Person.state == "active", Person.entered.is_not(None), Person.id.not_in(never))):
            jobs.later("notices.digest_one", person)


@jobs.job("notices.digest_one")
def digest_one(person_id: int) -> None:
    """Puts a person's daily mail in the outbox, once: the mark and the letter are one commit."""
    with unit():
        person = db.session.get(Person, person_id)
        if person is None or not person.is_active:
            return
        last = db.session.scalar(select(func.max(Thing.id))) or 0
        mark = db.session.get(Digest, person_id)
        # The first daily mail tells of the last day, not of all that was ever said.
        since = mark.upto if mark else _yesterday()
        found = news(person, since)
        if found:
            mail.post("notices/digest", to=person.mail, name=person.name, language=person.language, person_id=person.id,
                      headers=unsubscribe_headers(person.id, "digest"), items=found, stop=f"/unsubscribe/{token(person.id, 'digest')}")
        upsert(Digest, {"person_id": person_id}, {"upto": last, "sent": clock.now() if found else (mark.sent if mark else None)})


def _yesterday() -> int:
    return db.session.scalar(select(func.max(Thing.id)).where(Thing.made < clock.now() - timedelta(days=1))) or 0


jobs.every("notices.digest", next_morning)
