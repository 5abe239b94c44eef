"""Who was told what, how they want to hear of it, and what they had by mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from cop.access import readers_of
from cop.base import clock
from cop.base.db import Base, Moment, db, insert_of
from cop.base.keys import key_of, read_key
from cop.base.ready import Ready
from cop.base.web import Page
from cop.people.models import Person, read_along
from cop.things import Follow, Thing

Reason = Literal["mention", "answer", "reply", "accepted", "announcement", "hidden", "moved", "version"]
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


class Choice(Base):
    """How a person wants to hear of one kind: once, daily or never; `digest` is the daily mail itself."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    how: Mapped[str] = mapped_column(String(8))


class Mailed(Base):
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


read_along(
    "unread",
    select(func.count())
    .where(Notice.person_id == Person.id, Notice.read.is_(None))
    .correlate(Person)
    .scalar_subquery(),
)


def _unread_of(people: Any) -> Select[int, int]:
    return (
        select(Notice.person_id, func.count().label("unread"))
        .where(Notice.person_id.in_(people), Notice.read.is_(None))
        .group_by(Notice.person_id)
    )


_UNREAD_OF = Ready(_unread_of([bindparam("person")]))
_UNREAD_ABOUT = Ready(
    _unread_of(
        select(Notice.person_id).where(Notice.thing_id.in_(bindparam("things", expanding=True)), Notice.read.is_(None))
    )
)


def unread_of(person: int) -> int:
    """How many notices a person has not read."""
    found = _UNREAD_OF.first(person=person)
    return found.unread if found else 0


def unread_about(things: Iterable[int]) -> dict[int, int]:
    """How many notices each has not read of those who were told of one of these things and have not read that."""
    return {row.person_id: row.unread for row in _UNREAD_ABOUT.rows(things=list(things))}


_FOLLOWS = Ready(select(Follow.person_id, Follow.muted).where(Follow.thing_id == bindparam("thing")))
_FOLLOW = Ready(
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


_READ_HERE = Ready(
    select(Person.id).where(
        Person.id.in_(bindparam("people", expanding=True)),
        readers_of(bindparam("community", type_=Integer), bindparam("today", type_=Date)),
    )
)
_AGAIN = Ready(
    update(Notice)
    .where(
        Notice.person_id.in_(bindparam("people", expanding=True)),
        Notice.place_id == bindparam("place"),
        Notice.reason == bindparam("why", type_=String),
        Notice.read.is_(None),
    )
    .values(
        times=Notice.times + 1,
        at=bindparam("now", type_=Moment),
        thing_id=bindparam("thing"),
        actor_id=bindparam("actor", type_=Integer),
    )
    .returning(Notice.person_id)
)
_NAMES = ("person_id", "reason", "place_id", "thing_id", "actor_id", "community_id", "times", "at")
_TOLD = Ready(insert(Notice).values({name: bindparam(name, type_=Notice.__table__.c[name].type) for name in _NAMES}))


def tell(
    people: Iterable[int | None], reason: Reason, *, place: int, thing: int, actor: int | None, community: int
) -> set[int]:
    """Adds a notice for each of `people` who may read in `community`, or counts on in the one they have not read
    yet; gives whom it told; in the running unit."""
    asked = [person for person in set(people) if person is not None]
    if not asked:
        return set()
    told = [row.id for row in _READ_HERE.rows(people=asked, community=community, today=clock.today())]
    now, place_of = clock.now(), {"place_id": place, "thing_id": thing, "actor_id": actor, "community_id": community}
    again = {
        row.person_id for row in _AGAIN.rows(people=told, place=place, why=reason, now=now, thing=thing, actor=actor)
    }
    fresh = sorted(set(told) - again)
    _TOLD.each([{"person_id": id, "reason": reason, "times": 1, "at": now, **place_of} for id in fresh])
    return set(told)


def choices(people: Iterable[int], kind: str) -> dict[int, str]:
    """Who of `people` chose how to hear of `kind`; who is not in it takes the default."""
    rows = db.session.execute(
        select(Choice.person_id, Choice.how).where(Choice.person_id.in_(list(people)), Choice.kind == kind)
    )
    return dict(rows.all())


def listed(
    person_id: int, condition: ColumnElement[bool], *, after: str | None = None, limit: int = 30, unread: bool = False
) -> Page:
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
        at, id = read_key(after)
        ask = ask.where((Notice.at < at) | ((Notice.at == at) & (Notice.id < id)))
    rows = list(db.session.execute(ask))
    return Page(rows[:limit], next=key_of(rows[limit - 1].at, rows[limit - 1].id) if len(rows) > limit else None)


def forget_community(person_id: int, community_id: int) -> None:
    """Takes away what a person was told of and follows in a community that is closed to them now."""
    here = select(Thing.id).where(Thing.community_id == community_id)
    db.session.execute(delete(Notice).where(Notice.person_id == person_id, Notice.community_id == community_id))
    for kept in (Follow, Mailed):
        db.session.execute(delete(kept).where(kept.person_id == person_id, kept.thing_id.in_(here)))


def forget_place(thing: Thing, *, keep: int | None = None) -> None:
    """Takes away what was told of a place that nobody reads any more but `keep`."""
    told = delete(Notice).where(Notice.place_id == thing.id)
    db.session.execute(told if keep is None else told.where(Notice.person_id != keep))
