"""Flags and their cases: what was flagged, by whom and why, and what a moderator decided."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop import access
from cop.access.rights import Rights
from cop.base import clock
from cop.base import text as texts
from cop.base.db import Base, UtcDateTime, db
from cop.base.errors import NotFound
from cop.base.fast.prepared import PreparedQuery
from cop.base.web import Slice
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.society.audience import Audience
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Body, Thing, kinds

Reason = Literal["privacy", "wrong", "rude", "misplaced", "other"]
# open: waits for a moderator · hidden, removed: the thing was, by whatever verb · settled: solved in another way ·
# dismissed: nothing had to be done · withdrawn: by everybody who flagged it
State = Literal["open", "hidden", "removed", "settled", "dismissed", "withdrawn"]
RULED = ("hidden", "removed", "settled", "dismissed")
KINDS = ("post", "message", "file")  # of things that can be flagged; of a thread its opening post is
LONGEST = 500
PAGE = 25
EXCERPT = 300  # characters
NAMED = 5  # flags of a case that the desk shows; its page shows them all


class FlagCase(Base):
    """A thing or a member that was flagged, or that its author explained, until a moderator decides.

    about_id: its author, or the member, who never sees the case.
    """

    __tablename__ = "flag_case"
    __table_args__ = (
        Index("ix_flag_case_desk", "audience_id", "state", "opened", "id"),
        Index(
            "uq_flag_case_thing",
            "thing_id",
            unique=True,
            sqlite_where=sql("state = 'open'"),
            postgresql_where=sql("state = 'open'"),
        ),
        Index(
            "uq_flag_case_member",
            "member_id",
            "audience_id",
            unique=True,
            sqlite_where=sql("state = 'open'"),
            postgresql_where=sql("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    thing_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="open")
    opened: Mapped[datetime] = mapped_column(default=clock.now)
    ruled: Mapped[datetime | None]
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    word: Mapped[str] = mapped_column(Text, default="")  # to those who flagged it
    explanation: Mapped[str] = mapped_column(Text, default="")  # of the author: why what may point at a person stays
    waits_until: Mapped[datetime | None]  # it is kept off the desk while its author is asked to change the text

    @property
    def url(self) -> str:
        return f"/desk/{self.id}"

    @property
    def has_reason(self) -> bool:
        """Whether it is there for something: a flag that stands, or the explanation of the author."""
        return bool(self.flaggers or self.explanation)

    @property
    def flaggers(self) -> dict[int, int]:
        """The people whose flag stands, each with the id of the flag."""
        found = select(Flag.person_id, Flag.id).where(Flag.case_id == self.id, Flag.withdrawn.is_(None))
        return dict(db.session.execute(found).all())


class Flag(Base):
    """What one person flagged, and why."""

    __tablename__ = "flag"
    __table_args__ = (
        Index(
            "uq_flag_standing",
            "case_id",
            "person_id",
            unique=True,
            sqlite_where=sql("withdrawn IS NULL"),
            postgresql_where=sql("withdrawn IS NULL"),
        ),
        Index("ix_flag_mine", "person_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("flag_case.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn: Mapped[datetime | None]

    case: Mapped[FlagCase] = relationship()

    @property
    def url(self) -> str:
        return f"/flags/{self.id}"


CASE, FLAG, THING, BODY = FlagCase.__table__, Flag.__table__, Thing.__table__, Body.__table__
_PLACE = THING.alias("place")
_ABOUT, _RULER, _FLAGGER = (Person.__table__.alias(name) for name in ("about", "ruler", "flagger"))
_COMMUNITY = Community.__table__


# One's own


class FlagRow(NamedTuple):
    """A flag as the person who raised it sees it; of the thing only what it is, for they may not see it any more."""

    id: int
    reason: str
    text: str
    at: datetime
    withdrawn: datetime | None
    audience_id: int
    thing_id: int | None
    member_id: int | None
    case_state: str
    word: str
    ruled: datetime | None
    thing_kind: str | None

    @property
    def url(self) -> str:
        return f"/flags/{self.id}"

    @property
    def state(self) -> str:
        return "withdrawn" if self.withdrawn else self.case_state

    @property
    def about(self) -> str:
        """The address of what was flagged; its reader may not see it any more."""
        return f"/people/{self.member_id}" if self.thing_id is None else kinds.url(self.thing_kind or "", self.thing_id)


def _mine() -> Select[Any]:
    return select(
        *(FLAG.c[name] for name in ("id", "reason", "text", "at", "withdrawn")),
        CASE.c.audience_id,
        CASE.c.thing_id,
        CASE.c.member_id,
        CASE.c.state.label("case_state"),
        CASE.c.word,
        CASE.c.ruled,
        THING.c.kind.label("thing_kind"),
    ).select_from(FLAG.join(CASE, CASE.c.id == FLAG.c.case_id).outerjoin(THING, THING.c.id == CASE.c.thing_id))


def mine(person: Person, *, after: str = "", limit: int = PAGE) -> Slice[FlagRow]:
    """Return a page of what a person flagged, the newest first."""
    query = _mine().where(FLAG.c.person_id == person.id)
    if after:
        query = query.where(tuple_(FLAG.c.at, FLAG.c.id) < tuple_(*decode_cursor(after)))
    query = query.order_by(FLAG.c.at.desc(), FLAG.c.id.desc()).limit(limit + 1)
    rows = [FlagRow(*row) for row in db.session.execute(query)]
    return Slice(rows[:limit], next=encode_cursor(rows[limit - 1].at, rows[limit - 1].id) if rows[limit:] else None)


def own_row(person: Person, id: int) -> FlagRow:
    """Return a flag of the person; raise NotFound for one of somebody else."""
    row = db.session.execute(_mine().where(FLAG.c.id == id, FLAG.c.person_id == person.id)).first()
    if row is None:
        raise NotFound
    return FlagRow(*row)


def find_own(person: Person, id: int) -> Flag:
    """Return a flag of the person to change it; raise NotFound for one of somebody else."""
    found = db.session.get(Flag, id)
    if found is None or found.person_id != person.id:
        raise NotFound
    return found


def standing(person: Person, *, thing: int | None = None, member: int | None = None, audience: int = 0) -> Flag | None:
    """Return the open flag of a person on a thing, or on a member in an audience."""
    query = select(Flag).join(FlagCase, FlagCase.id == Flag.case_id)
    query = query.where(Flag.person_id == person.id, Flag.withdrawn.is_(None), FlagCase.state == "open")
    if thing is not None:
        return db.session.scalar(query.where(FlagCase.thing_id == thing))
    return db.session.scalar(query.where(FlagCase.member_id == member, FlagCase.audience_id == audience))


# The desk


class CaseRow(NamedTuple):
    """A case as a moderator sees it; the place is the thread or chat room of the thing."""

    id: int
    audience_id: int
    thing_id: int | None
    member_id: int | None
    state: str
    opened: datetime
    ruled: datetime | None
    word: str
    explanation: str
    about_name: str | None
    ruler_name: str | None
    thing_kind: str | None
    thing_state: str | None
    seq: int | None
    title: str | None
    plain: str | None
    place_id: int | None
    place_kind: str | None
    place_title: str | None
    slug: str | None
    number: int

    @property
    def url(self) -> str:
        return f"/desk/{self.id}"

    @property
    def about(self) -> str:
        """The address of what was flagged; for a thing that is not shown, of the page that can show it again."""
        if self.thing_id is None or self.thing_kind is None:
            return f"/communities/{self.slug}/members/{self.member_id}" if self.slug else f"/people/{self.member_id}"
        url = kinds.url(self.thing_kind, self.thing_id)
        return url if self.thing_state == "live" or self.thing_kind == "file" else f"{url}/acts"

    @property
    def excerpt(self) -> str:
        """The beginning of the text; of a document its name, of a member nothing."""
        return texts.excerpt(self.plain or self.title or "", EXCERPT)

    @property
    def opens(self) -> bool:
        """Whether it is the opening post of a thread, which is hidden as a whole."""
        return self.thing_kind == "post" and self.seq == 1


class FlagInCase(NamedTuple):
    """A flag in a case, with the name of the person who raised it, "" for somebody who left without it."""

    case_id: int
    person_id: int
    name: str
    reason: str
    text: str
    at: datetime
    turn: int


_NUMBER = (
    select(func.count())
    .select_from(FLAG)
    .where(FLAG.c.case_id == CASE.c.id, FLAG.c.withdrawn.is_(None))
    .correlate(CASE)
    .scalar_subquery()
)


def _cases(*chosen: Any, page: bool = False) -> Select[Any]:
    """Return the query for cases as rows; a page is chosen by its ids alone, before anything is joined."""
    query = select(
        *(CASE.c[name] for name in CaseRow._fields[:9]),
        _ABOUT.c.name.label("about_name"),
        _RULER.c.name.label("ruler_name"),
        THING.c.kind.label("thing_kind"),
        THING.c.state.label("thing_state"),
        THING.c.seq,
        THING.c.title,
        func.substr(BODY.c.plain, 1, 2 * EXCERPT).label("plain"),
        _PLACE.c.id.label("place_id"),
        _PLACE.c.kind.label("place_kind"),
        _PLACE.c.title.label("place_title"),
        _COMMUNITY.c.slug,
        _NUMBER.label("number"),
    ).select_from(
        CASE.outerjoin(THING, THING.c.id == CASE.c.thing_id)
        .outerjoin(BODY, BODY.c.thing_id == THING.c.id)
        .outerjoin(_PLACE, _PLACE.c.id == THING.c.parent_id)
        .outerjoin(_ABOUT, _ABOUT.c.id == CASE.c.about_id)
        .outerjoin(_RULER, _RULER.c.id == CASE.c.ruled_by_id)
        .join(Audience.__table__, Audience.__table__.c.id == CASE.c.audience_id)
        .outerjoin(_COMMUNITY, _COMMUNITY.c.id == Audience.__table__.c.community_id)
    )
    if not page:
        return query.where(*chosen)
    some = CASE.alias("some")
    ids = select(some.c.id).where(*(condition(some.c) for condition in chosen)).order_by(some.c.opened, some.c.id)
    return query.where(CASE.c.id.in_(ids.limit(bindparam("most", type_=Integer)))).order_by(CASE.c.opened, CASE.c.id)


def waits(columns: Any) -> Any:
    """Return the condition that a case waits for `person`: in what they moderate (`moderated`), and not about themselves.

    One whose author was asked to change the text does not wait until `now` is later than their term.
    """
    return (
        columns.audience_id.in_(bindparam("moderated", expanding=True))
        & (columns.state == "open")
        & or_(columns.waits_until.is_(None), columns.waits_until <= bindparam("now", type_=UtcDateTime))
        & or_(columns.about_id.is_(None), columns.about_id != bindparam("person", type_=Integer))
    )


def _later(columns: Any) -> Any:
    at = tuple_(bindparam("opened", type_=UtcDateTime), bindparam("id", type_=Integer))
    return tuple_(columns.opened, columns.id) > at


_FIRST = PreparedQuery(_cases(waits, page=True), row=CaseRow)
_NEXT = PreparedQuery(_cases(waits, _later, page=True), row=CaseRow)
_ONE = PreparedQuery(_cases(CASE.c.id == bindparam("id", type_=Integer)), row=CaseRow)


def desk(
    person: Person, audiences: Collection[int], *, after: str = "", limit: int = PAGE
) -> tuple[Slice[CaseRow], dict[int, list[FlagInCase]]]:
    """Return a page of the cases that wait for a moderator, the oldest first, and the first flags of each."""
    given: dict[str, Any] = {"moderated": list(audiences), "person": person.id, "now": clock.now(), "most": limit + 1}
    if after:
        given |= dict(zip(("opened", "id"), decode_cursor(after), strict=True))
    rows = (_NEXT if after else _FIRST).rows(**given)
    items = rows[:limit]
    more = encode_cursor(items[-1].opened, items[-1].id) if len(rows) > limit else None
    return Slice(items, next=more), flags_of([row.id for row in items], NAMED)


_TURN = func.row_number().over(partition_by=FLAG.c.case_id, order_by=(FLAG.c.at, FLAG.c.id)).label("turn")
_NUMBERED = (
    select(FLAG.c.case_id, FLAG.c.person_id, _FLAGGER.c.name, FLAG.c.reason, FLAG.c.text, FLAG.c.at, _TURN)
    .select_from(FLAG.join(_FLAGGER, _FLAGGER.c.id == FLAG.c.person_id))
    .where(FLAG.c.case_id.in_(bindparam("cases", expanding=True)), FLAG.c.withdrawn.is_(None))
    .subquery("numbered")
)
_FLAGS = PreparedQuery(
    select(_NUMBERED)
    .where(_NUMBERED.c.turn <= bindparam("most", type_=Integer))
    .order_by(_NUMBERED.c.case_id, _NUMBERED.c.turn),
    row=FlagInCase,
)


def flags_of(cases: Collection[int], most: int) -> dict[int, list[FlagInCase]]:
    """Return the first flags of each of these cases."""
    found: dict[int, list[FlagInCase]] = {id: [] for id in cases}
    for row in _FLAGS.rows(cases=list(cases), most=most) if cases else []:
        found[row.case_id].append(row)
    return found


def moderated(person: Person) -> list[int]:
    """Return the audiences of which a person decides on flags; raise NotFound for somebody who has none."""
    own: Rights = access.rights(person)
    if not own.planned:
        raise NotFound
    return own.planned


def find_case(person: Person, id: int) -> FlagCase:
    """Return a case that a person decides on; raise NotFound for any other, such as one about themselves."""
    found = db.session.get(FlagCase, id)
    if found is None or not access.rights(person).plans(found.audience_id) or found.about_id == person.id:
        raise NotFound
    return found


def case_row(case: FlagCase) -> CaseRow:
    """Return a case as its page shows it."""
    (row,) = _ONE.rows(id=case.id)
    return row
