"""Notices, the choices about mail, and the record of what was mailed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Literal, NamedTuple

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    String,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, aliased, mapped_column

from cop import access
from cop.base import clock
from cop.base.db import Base, UtcDateTime, db, insert_of
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.base.web import Slice
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.society.audience import Audience
from cop.society.authentication import prefetch
from cop.society.people import Person
from cop.society.programmes import Partnership, Programme
from cop.things import QUIET, Follow, Mark, Thing

NoticeReason = Literal[
    "mention",
    "answer",
    "reply",
    "accepted",
    "announcement",
    "hidden",
    "moved",
    "version",
    "bulletin",
    "scheduled",
    "rescheduled",
    "cancelled",
    "seat",
    "action",
    "card_review",
    "card_approved",
    "card_changes",
    "card_comment",
    "card_credited",
    "card_source",
    "card_adopted",
    "card_owner",
    "expert_asked",
    "expert_put",
    "expert_accepted",
    "expert_declined",
    "expert_late",
    "expert_gone",
    "bookmark",
]
# Of a notice about a role, a phase, or the meetings that wait for somebody who joined, which has no place.
RoleReason = Literal["team", "partner", "administrator", "meetings"]
PhaseReason = Literal[
    "phase:recruiting", "phase:start", "phase:deepening", "phase:harvest", "phase:closing", "phase:archive"
]
FlagReason = Literal["flag", "flag:hidden", "flag:removed", "flag:settled", "flag:dismissed"]
RulingReason = Literal["ruling:ask", "ruling:warn", "ruling:hide", "ruling:upheld", "ruling:reversed"]
RULING = "ruling:"  # the beginning of the reason of a notice for the person whom a ruling is about
FLAG: Literal["flag"] = (
    "flag"  # something waits for a moderator; with ":" and the ruling behind it, for whoever flagged it
)
PHASE = "phase:"  # the beginning of the reason of a notice about a phase; the name of the phase follows
AT_ONCE = ("mention", "answer")  # mailed at once unless the person chose otherwise
SORTS = {"mention": ("mention",), "reply": ("answer", "reply", "accepted")}  # by which the list can be narrowed
KINDS = (*AT_ONCE, "bulletin", "flag", "digest")  # kinds of mail, each of which can be stopped


class Notice(Base):
    """A notification: one per person, place and reason while unread, however much happens there.

    One about a new role or phase has no place, and that of an administrator no audience.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index(
            "ix_notice_unread",
            "person_id",
            "at",
            "id",
            sqlite_where=sql("read IS NULL"),
            postgresql_where=sql("read IS NULL"),
        ),
        Index("ix_notice_list", "person_id", "at", "id"),
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
    place_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"), index=True)  # the thread, chat room or file
    thing_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"), index=True)  # the newest post or message in it
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("audience.id"))
    times: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]
    read: Mapped[datetime | None]


class NoticeChoice(Base):
    """A person's choice of mail for one kind: at once, daily or never; `digest` is the overview: daily, weekly or never."""

    __tablename__ = "notice_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    how: Mapped[str] = mapped_column(String(8))
    weekday: Mapped[int | None]  # of a weekly overview: 0 is Monday


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


MOST_UNREAD = 100  # unread notices that are counted; a page shows "99+"
prefetch(
    "unread",
    select(func.count())
    .select_from(
        select(literal(1).label("unread"))
        .where(Notice.person_id == Person.id, Notice.read.is_(None))
        .limit(MOST_UNREAD)
        .correlate(Person)
        .subquery()
    )
    .correlate(Person)
    .scalar_subquery(),
)


class AudienceFollow(Base):
    """What a person hears of an audience, where they chose nothing for a thing itself; as for `Follow`."""

    __tablename__ = "audience_follow"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"), primary_key=True, index=True)
    level: Mapped[str] = mapped_column(String(10))
    until: Mapped[date | None] = mapped_column(index=True)
    afterwards: Mapped[str | None] = mapped_column(String(10))


_OWN, _THING = aliased(Follow), bindparam("thing", type_=Integer)
_LEVELS = PreparedQuery(
    select(Follow.person_id, Follow.level)
    .where(Follow.thing_id == _THING)
    .union_all(
        select(AudienceFollow.person_id, AudienceFollow.level).where(
            AudienceFollow.audience_id == select(Thing.audience_id).where(Thing.id == _THING).scalar_subquery(),
            ~select(_OWN.person_id)
            .where(_OWN.thing_id == _THING, _OWN.person_id == AudienceFollow.person_id)
            .correlate(AudienceFollow)
            .exists(),
        )
    )
)
_FOLLOW = PreparedWrite(
    lambda: (
        insert_of(Follow)
        .values(person_id=bindparam("person"), thing_id=bindparam("thing"), level="all")
        .on_conflict_do_nothing()
    )
)


class Levels(NamedTuple):
    """Who hears what of a thing, by their choice for it, else by that for its audience; as ids of people."""

    followers: set[int]  # get a notice of every new text
    quiet: set[int]  # get no notices, not even of a mention
    chosen: set[int]  # chose anything: they follow nothing that they did not ask for


def levels(thing_id: int) -> Levels:
    """Return who hears what of a thing."""
    rows = _LEVELS.rows(thing=thing_id)
    return Levels(
        {row.person_id for row in rows if row.level == "all"},
        {row.person_id for row in rows if row.level in QUIET},
        {row.person_id for row in rows},
    )


def reached(place_id: int, thing_id: int, seq: int) -> set[int]:
    """Return the ids of the people who have a notice of a post in a place or of a later one, or who have read it."""
    notified = select(Notice.person_id).where(
        Notice.place_id == place_id, Notice.thing_id >= thing_id, Notice.reason.in_(("mention", "answer", "reply"))
    )
    read = select(Mark.person_id).where(Mark.thing_id == place_id, Mark.seq >= seq)
    return set(db.session.scalars(union(notified, read)))


def follow(people: Iterable[int | None], thing_id: int, known: Levels | None = None) -> None:
    """Make people follow a thing, unless they chose what they hear of it or its audience, in the running transaction."""
    chosen = (known or levels(thing_id)).chosen
    _FOLLOW.each([{"person": id, "thing": thing_id} for id in people if id is not None and id not in chosen])


def choices(people: Iterable[int], kind: str) -> dict[int, str]:
    """Return person id → choice for `kind`; people without a choice are left out."""
    rows = db.session.execute(
        select(NoticeChoice.person_id, NoticeChoice.how).where(
            NoticeChoice.person_id.in_(list(people)), NoticeChoice.kind == kind
        )
    )
    return dict(rows.all())


class NoticeRow(NamedTuple):
    """A notice as a list shows it, with the place it is about.

    One about a role or phase has no place; its title is the name of the programme or partnership, "" for the platform.
    """

    id: int
    reason: str
    thing_id: int | None
    place_id: int | None
    times: int
    at: datetime
    read: datetime | None
    title: str
    place_kind: str | None
    thing_kind: str | None
    audience_id: int | None
    actor_name: str | None


@cache
def _listed(show: str, after: bool) -> access.VisibleQuery:
    """Return the query for the notices of a person about places that they see, and about their roles."""
    notice, place = Notice.__table__, Thing.__table__
    actor, said = Person.__table__.alias(), place.alias("said")
    audience, programme, partnership = (kind.__table__ for kind in (Audience, Programme, Partnership))
    query = (
        select(
            *(notice.c[name] for name in ("id", "reason", "thing_id", "place_id", "times", "at", "read")),
            func.coalesce(place.c.title, programme.c.name, partnership.c.name, "").label("title"),
            place.c.kind.label("place_kind"),
            said.c.kind.label("thing_kind"),
            func.coalesce(place.c.audience_id, notice.c.audience_id).label("audience_id"),
            actor.c.name.label("actor_name"),
        )
        .select_from(
            notice.outerjoin(place, place.c.id == notice.c.place_id)
            .outerjoin(said, said.c.id == notice.c.thing_id)
            .outerjoin(actor, actor.c.id == notice.c.actor_id)
            .outerjoin(audience, (audience.c.id == notice.c.audience_id) & notice.c.place_id.is_(None))
            .outerjoin(programme, programme.c.id == audience.c.programme_id)
            .outerjoin(partnership, partnership.c.id == audience.c.partnership_id)
        )
        .where(notice.c.person_id == bindparam("person", type_=Integer))
        .order_by(notice.c.at.desc(), notice.c.id.desc())
        .limit(bindparam("most", type_=Integer))
    )
    if show == "unread":
        query = query.where(notice.c.read.is_(None))
    elif show != "all":
        query = query.where(notice.c.reason.in_(SORTS[show]))
    if after:
        before = tuple_(bindparam("before", type_=UtcDateTime), bindparam("before_id", type_=Integer))
        query = query.where(tuple_(notice.c.at, notice.c.id) < before)
    return access.VisibleQuery(query, also=notice.c.place_id.is_(None))


def listed(person: Person, *, after: str | None = None, limit: int = 30, show: str = "all") -> Slice:
    """Return a page of a person's notices about places that they see, newest first: all, unread, or of one sort."""
    given = dict(zip(("before", "before_id"), decode_cursor(after), strict=True)) if after else {}
    rows: list[NoticeRow] = _listed(show, bool(after)).rows(person, most=limit + 1, **given)
    return Slice(
        rows[:limit], next=encode_cursor(rows[limit - 1].at, rows[limit - 1].id) if len(rows) > limit else None
    )
