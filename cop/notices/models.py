"""Who follows what, what somebody was told, and how they want to hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String, delete, func, insert, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db
from cop.base.web import Page
from cop.people.models import Person
from cop.things import Follow, Thing

Reason = Literal["mention", "answer", "reply", "accepted", "announcement", "hidden", "moved", "invited", "version"]
AT_ONCE = ("mention", "answer")  # mailed at once unless the person chose otherwise
HOW = ("once", "daily", "never")


class Notice(Base):
    """Something a person is told: one per place and reason while unread, however much happens there."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_unread", "person_id", "read"), Index("ix_notice_list", "person_id", "at"),
                      Index("uq_notice_open", "person_id", "place_id", "reason", unique=True,
                            sqlite_where=sql("read IS NULL"), postgresql_where=sql("read IS NULL")))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(16))
    place_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)  # the thread, room or file
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))  # the newest post or message in it
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    times: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]
    read: Mapped[datetime | None]
    mailed: Mapped[datetime | None]


class Choice(Base):
    """How a person wants to hear of one kind: once, daily or never; `digest` is the daily mail itself."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    how: Mapped[str] = mapped_column(String(8))


class Digest(Base):
    """Up to which thing a person's daily mail has told."""

    __tablename__ = "digest"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    upto: Mapped[int]
    sent: Mapped[datetime | None]


def unread(person_id: int) -> int:
    """How many notices a person has not read."""
    return db.session.scalar(select(func.count()).where(Notice.person_id == person_id, Notice.read.is_(None))) or 0


def followers(thing_id: int) -> set[int]:
    """Who follows a thing."""
    return set(db.session.scalars(select(Follow.person_id).where(Follow.thing_id == thing_id, Follow.muted.is_(False))))


def muted(thing_id: int) -> set[int]:
    """Who wants to hear nothing of a thing, not even a mention by mail."""
    return set(db.session.scalars(select(Follow.person_id).where(Follow.thing_id == thing_id, Follow.muted.is_(True))))


def tell(people: Iterable[int], reason: str, *, place: int, thing: int, actor: int | None, community: int) -> None:
    """Adds a notice for each of `people`, or counts on in the one they have not read yet; in the running unit."""
    wanted = sorted(set(people))
    if not wanted:
        return
    now = clock.now()
    again = set(db.session.scalars(
        update(Notice).where(Notice.person_id.in_(wanted), Notice.place_id == place, Notice.reason == reason,
                             Notice.read.is_(None))
        .values(times=Notice.times + 1, at=now, thing_id=thing, actor_id=actor).returning(Notice.person_id)
        .execution_options(synchronize_session=False)))
    rows = [{"person_id": p, "reason": reason, "place_id": place, "thing_id": thing, "actor_id": actor,
             "community_id": community, "times": 1, "at": now} for p in wanted if p not in again]
    if rows:
        db.session.execute(insert(Notice), rows)


def choices(people: Iterable[int], kind: str) -> dict[int, str]:
    """Who of `people` chose how to hear of `kind`; who is not in it takes the default."""
    rows = db.session.execute(select(Choice.person_id, Choice.how).where(Choice.person_id.in_(list(people)), Choice.kind == kind))
    return {person: how for person, how in rows}


def listed(person_id: int, condition: Any, *, after: int | None = None, limit: int = 30) -> Page:
    """A person's notices, newest first, whose place they may still see (`condition` on Thing)."""
    actor = Person.__table__.alias()
    ask = (select(Notice.id, Notice.reason, Notice.thing_id, Notice.place_id, Notice.times, Notice.at, Notice.read,
                  Thing.title, Thing.kind.label("place_kind"), Thing.community_id, actor.c.name.label("actor_name"),
                  actor.c.id.label("actor_id"), actor.c.photo.label("actor_photo"))
           .join(Thing, Thing.id == Notice.place_id).outerjoin(actor, actor.c.id == Notice.actor_id)
           .where(Notice.person_id == person_id, condition).order_by(Notice.id.desc()).limit(limit + 1))
    if after:
        ask = ask.where(Notice.id < after)
    rows = list(db.session.execute(ask))
    return Page(rows[:limit], next=rows[limit - 1].id if len(rows) > limit else None)


def forget_community(person_id: int, community_id: int) -> None:
    """Takes away what a person was told of and follows in a community that is closed to them now."""
    here = select(Thing.id).where(Thing.community_id == community_id)
    db.session.execute(delete(Notice).where(Notice.person_id == person_id, Notice.community_id == community_id))
    db.session.execute(delete(Follow).where(Follow.person_id == person_id, Follow.thing_id.in_(here)))
