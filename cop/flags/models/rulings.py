"""Rulings: what moderators asked of a person, warned them of or hid of theirs, and the appeals against it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ForeignKey, Index, Select, String, Text, and_, or_, select, tuple_
from sqlalchemy.orm import Mapped, aliased, mapped_column

from cop import access
from cop.access.desk import DeskItem
from cop.base import clock
from cop.base import text as texts
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.base.web import Slice
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.base.words import _
from cop.flags.models.cases import EXCERPT, PAGE
from cop.society.memberships import moderators_of
from cop.society.people import Person
from cop.things import Body, Thing, kinds

# ask: to change the text · warn: with a reason · hide: it was hidden, or is in the trash
RulingKind = Literal["ask", "warn", "hide"]


class Ruling(Base):
    """What a moderator told one person about what they did; another moderator decides when that person appeals."""

    __tablename__ = "ruling"
    __table_args__ = (
        Index("ix_ruling_mine", "person_id", "at", "id"),
        Index("ix_ruling_appeals", "audience_id", "decided", "appealed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    thing_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"), index=True)  # None: about the person
    case_id: Mapped[int | None] = mapped_column(ForeignKey("flag_case.id", ondelete="SET NULL"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=clock.now)
    changed: Mapped[datetime | None]  # when the author changed the text after they were asked
    withdrawn: Mapped[datetime | None]  # by a moderator, or because what was hidden is shown again
    appeal: Mapped[str] = mapped_column(Text, default="")
    appealed: Mapped[datetime | None]
    decided: Mapped[datetime | None]  # on the appeal
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    upheld: Mapped[bool | None]
    word: Mapped[str] = mapped_column(Text, default="")  # to the person, with the decision on their appeal

    @property
    def url(self) -> str:
        return f"/rulings/{self.id}"

    @property
    def about_id(self) -> int:
        """The person whom it is about, who never decides on it."""
        return self.person_id

    @property
    def state(self) -> str:
        """`withdrawn`, `upheld` or `reversed` after an appeal, `appealed`, else `standing`."""
        if self.withdrawn and self.upheld is not False:
            return "withdrawn"
        if self.decided:
            return "upheld" if self.upheld else "reversed"
        return "appealed" if self.appealed else "standing"


RULING, THING, BODY = Ruling.__table__, Thing.__table__, Body.__table__
_JUDGED, _BY, _DECIDER = (aliased(Person) for _ in range(3))


class RulingRow(NamedTuple):
    """A ruling with what it is about, for the person and for moderators."""

    ruling: Ruling
    person_name: str
    by_name: str | None
    decider_name: str | None
    thing_kind: str | None
    thing_state: str | None
    title: str | None
    plain: str | None

    @property
    def excerpt(self) -> str:
        """The beginning of the text; of a document its name, of a person nothing."""
        return texts.excerpt(self.plain or self.title or "", EXCERPT)

    @property
    def about(self) -> str:
        """The address of what it is about; "" for what is not shown, or for the person."""
        if self.ruling.thing_id is None or self.thing_kind is None:
            return ""
        url = kinds.url(self.thing_kind, self.ruling.thing_id)
        return url if self.thing_state == "live" or self.thing_kind == "file" else f"{url}/acts"


def _rows() -> Select[Any]:
    return (
        select(
            Ruling,
            _JUDGED.name,
            _BY.name,
            _DECIDER.name,
            THING.c.kind,
            THING.c.state,
            THING.c.title,
            BODY.c.plain,
        )
        .join(_JUDGED, _JUDGED.id == Ruling.person_id)
        .outerjoin(_BY, _BY.id == Ruling.by_id)
        .outerjoin(_DECIDER, _DECIDER.id == Ruling.decided_by_id)
        .outerjoin(THING, THING.c.id == Ruling.thing_id)
        .outerjoin(BODY, BODY.c.thing_id == THING.c.id)
    )


def rulings_about(person: Person, *, after: str = "", limit: int = PAGE) -> Slice[RulingRow]:
    """Return a page of the rulings about a person, the newest first."""
    query = _rows().where(Ruling.person_id == person.id)
    if after:
        query = query.where(tuple_(Ruling.at, Ruling.id) < tuple_(*decode_cursor(after)))
    rows = [
        RulingRow(*row)
        for row in db.session.execute(query.order_by(Ruling.at.desc(), Ruling.id.desc()).limit(limit + 1))
    ]
    last = rows[limit - 1].ruling if rows[limit:] else None
    return Slice(rows[:limit], next=encode_cursor(last.at, last.id) if last else None)


def ruling_row(person: Person, id: int) -> RulingRow:
    """Return a ruling for the person whom it is about, or for who moderates there; raise NotFound for others."""
    row = db.session.execute(_rows().where(Ruling.id == id)).first()
    if row is None or not (row[0].person_id == person.id or access.rights(person).plans(row[0].audience_id)):
        raise NotFound
    return RulingRow(*row)


def rulings_in(case_id: int) -> list[RulingRow]:
    """Return the rulings that were made in a case, the oldest first."""
    return [RulingRow(*row) for row in db.session.execute(_rows().where(Ruling.case_id == case_id).order_by(Ruling.id))]


def newest_about(thing_id: int, kind: RulingKind) -> Ruling | None:
    """Return the newest ruling of a kind on a thing that stands."""
    query = select(Ruling).where(Ruling.thing_id == thing_id, Ruling.kind == kind, Ruling.withdrawn.is_(None))
    return db.session.scalar(query.order_by(Ruling.id.desc()).limit(1))


def others_who_decide(ruling: Ruling) -> set[int]:
    """Return the ids of those who may decide on an appeal: moderators other than the person and who made the ruling.

    Where there is nobody else, who made it looks at it again.
    """
    every = set(db.session.scalars(moderators_of(ruling.audience_id))) - {ruling.person_id}
    return every - {ruling.by_id} or every


def appeals(person: Person, audiences: Collection[int], most: int) -> list[DeskItem]:
    """Return the appeals that wait for a moderator who did not make the ruling, the oldest first."""
    mine = and_(Ruling.person_id != person.id, or_(Ruling.by_id.is_(None), Ruling.by_id != person.id))
    alone = (
        ~select(Person.id)
        .where(Person.id.in_(moderators_of(Ruling.audience_id)), Person.id.not_in((Ruling.by_id, Ruling.person_id)))
        .correlate(Ruling)
        .exists()
    )
    query = (
        select(Ruling, _JUDGED.name)
        .join(_JUDGED, _JUDGED.id == Ruling.person_id)
        .where(
            Ruling.audience_id.in_(list(audiences)),
            Ruling.appealed.is_not(None),
            Ruling.decided.is_(None),
            Ruling.withdrawn.is_(None),
            or_(mine, and_(Ruling.person_id != person.id, alone)),
        )
        .order_by(Ruling.appealed, Ruling.id)
        .limit(most)
    )
    return [
        DeskItem(
            ruling.audience_id, ruling.url, name, _("maakt bezwaar tegen een besluit"), ruling.appealed or ruling.at
        )
        for ruling, name in db.session.execute(query)
    ]
