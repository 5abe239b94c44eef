"""Who was told what, how they want to hear of it, and what they had by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    bindparam,
    func,
    select,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db, insert_of
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.base.web import Slice
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.society.authentication import prefetch
from cop.society.people import Person
from cop.things import Follow, Thing

NoticeReason = Literal["mention", "answer", "reply", "accepted", "announcement", "hidden", "moved", "version"]
AT_ONCE = ("mention", "answer")  # mailed at once unless the person chose otherwise
KINDS = (*AT_ONCE, "digest")  # of mail, each of which can be stopped


class Notice(Base):
    """Something a person is told: one per place and reason while unread, however much happens there."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_unread", "person_id", "read"),
        Index("ix_notice_list", "person_id", "at"),
        Index(
            "uq_notice_open",
            "person_id",
            "place_id",
            "reason",
            unique=True,
            sqlite_where=sql("read IS NULL"),
            postgresql_where=sql("read IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(16))
    place_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)  # the thread, room or file
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)  # the newest post or message in it
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    times: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]
    read: Mapped[datetime | None]


class NoticeChoice(Base):
    """How a person wants to hear of one kind: once, daily or never; `digest` is the daily mail itself."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    how: Mapped[str] = mapped_column(String(8))


class NoticeMailed(Base):
    """A post or message of which a person had a mail: the daily mail does not repeat it."""

    __tablename__ = "notice_mailed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Digest(Base):
    """Up to which thing a person's daily mail has told."""

    __tablename__ = "digest"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    upto: Mapped[int]
    sent: Mapped[datetime | None]


def address(place_kind: str, place_id: int, thing_id: int) -> str:
    """Where news of a place leads: the exact post or message, else the place itself."""
    kind = {"thread": "post", "room": "message"}.get(place_kind)
    return f"/{place_kind}s/{place_id}" if kind is None or thing_id == place_id else f"/{kind}s/{thing_id}"


prefetch(
    "unread",
    select(func.count())
    .where(Notice.person_id == Person.id, Notice.read.is_(None))
    .correlate(Person)
    .scalar_subquery(),
)


_FOLLOWS = PreparedQuery(select(Follow.person_id, Follow.muted).where(Follow.thing_id == bindparam("thing")))
_FOLLOW = PreparedWrite(
    lambda: (
        insert_of(Follow)
        .values(person_id=bindparam("person"), thing_id=bindparam("thing"), muted=bindparam("muted"))
        .on_conflict_do_nothing()
    )
)


def follows(thing_id: int) -> tuple[set[int], set[int]]:
    """Who follows a thing, and who wants to hear nothing of it, not even a mention by mail."""
    rows = _FOLLOWS.rows(thing=thing_id)
    return {row.person_id for row in rows if not row.muted}, {row.person_id for row in rows if row.muted}


def follow(people: Iterable[int | None], thing_id: int) -> None:
    """Has people follow a thing who neither follow nor mute it, in the running unit."""
    _FOLLOW.each([{"person": id, "thing": thing_id, "muted": False} for id in people if id is not None])


def choices(people: Iterable[int], kind: str) -> dict[int, str]:
    """Who of `people` chose how to hear of `kind`; who is not in it takes the default."""
    rows = db.session.execute(
        select(NoticeChoice.person_id, NoticeChoice.how).where(
            NoticeChoice.person_id.in_(list(people)), NoticeChoice.kind == kind
        )
    )
    return dict(rows.all())


def listed(
    person_id: int, condition: ColumnElement[bool], *, after: str | None = None, limit: int = 30, unread: bool = False
) -> Slice:
    """A person's notices, newest first, whose place they may still see (`condition` on Thing)."""
    actor = Person.__table__.alias()
    ask = (
        select(
            Notice.id,
            Notice.reason,
            Notice.thing_id,
            Notice.place_id,
            Notice.times,
            Notice.at,
            Notice.read,
            Thing.title,
            Thing.kind.label("place_kind"),
            Thing.community_id,
            actor.c.name.label("actor_name"),
        )
        .join(Thing, Thing.id == Notice.place_id)
        .outerjoin(actor, actor.c.id == Notice.actor_id)
        .where(Notice.person_id == person_id, condition)
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(limit + 1)
    )
    if unread:
        ask = ask.where(Notice.read.is_(None))
    if after:
        at, id = decode_cursor(after)
        ask = ask.where((Notice.at < at) | ((Notice.at == at) & (Notice.id < id)))
    rows = list(db.session.execute(ask))
    return Slice(
        rows[:limit], next=encode_cursor(rows[limit - 1].at, rows[limit - 1].id) if len(rows) > limit else None
    )
