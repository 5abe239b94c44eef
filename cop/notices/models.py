"""Notices, the choices about mail, and the record of what was mailed."""

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
from sqlalchemy.orm import Mapped, aliased, mapped_column

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
KINDS = (*AT_ONCE, "digest")  # kinds of mail, each of which can be stopped


class Notice(Base):
    """A notification: one per person, place and reason while unread, however much happens there."""

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
    place_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)  # the thread, chat room or file
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)  # the newest post or message in it
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    times: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]
    read: Mapped[datetime | None]


class NoticeChoice(Base):
    """A person's choice of mail for one kind: at once, daily or never; `digest` is the daily mail itself."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    how: Mapped[str] = mapped_column(String(8))


class NoticeMailed(Base):
    """A post or message that was mailed to a person: the daily mail does not repeat it."""

    __tablename__ = "notice_mailed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class Digest(Base):
    """The last thing that a person's daily mails covered."""

    __tablename__ = "digest"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    upto: Mapped[int]
    sent: Mapped[datetime | None]


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
    """Return (followers, muters) of a thing as ids; muters get nothing, not even a mention."""
    rows = _FOLLOWS.rows(thing=thing_id)
    return {row.person_id for row in rows if not row.muted}, {row.person_id for row in rows if row.muted}


def follow(people: Iterable[int | None], thing_id: int) -> None:
    """Make people follow a thing, unless they follow or mute it, in the running transaction."""
    _FOLLOW.each([{"person": id, "thing": thing_id, "muted": False} for id in people if id is not None])


def choices(people: Iterable[int], kind: str) -> dict[int, str]:
    """Return person id → choice for `kind`; people without a choice are left out."""
    rows = db.session.execute(
        select(NoticeChoice.person_id, NoticeChoice.how).where(
            NoticeChoice.person_id.in_(list(people)), NoticeChoice.kind == kind
        )
    )
    return dict(rows.all())


def listed(
    person_id: int, condition: ColumnElement[bool], *, after: str | None = None, limit: int = 30, unread: bool = False
) -> Slice:
    """Return a page of a person's notices, newest first, where `condition` on the place (Thing) holds."""
    actor, said = Person.__table__.alias(), aliased(Thing)
    query = (
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
            said.kind.label("thing_kind"),
            Thing.audience_id,
            actor.c.name.label("actor_name"),
        )
        .join(Thing, Thing.id == Notice.place_id)
        .join(said, said.id == Notice.thing_id)
        .outerjoin(actor, actor.c.id == Notice.actor_id)
        .where(Notice.person_id == person_id, condition)
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(limit + 1)
    )
    if unread:
        query = query.where(Notice.read.is_(None))
    if after:
        at, id = decode_cursor(after)
        query = query.where((Notice.at < at) | ((Notice.at == at) & (Notice.id < id)))
    rows = list(db.session.execute(query))
    return Slice(
        rows[:limit], next=encode_cursor(rows[limit - 1].at, rows[limit - 1].id) if len(rows) > limit else None
    )
