"""Audiences: the people for whom a thing stands, and the guests who are invited to a single thing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal, cast

from sqlalchemy import BindParameter, CheckConstraint, ColumnElement, ForeignKey, Index, String, event, insert, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, MappedSQLExpression, column_property, mapped_column

from cop.base import clock
from cop.base.db import Base
from cop.base.fast.cache_versions import versioned
from cop.base.fast.rows import set_loaded
from cop.society.organisations import SOCIETY

AudienceKind = Literal["community", "group", "programme", "partnership"]
GuestRole = Literal["reader", "member", "expert"]


@versioned(SOCIETY)
class Audience(Base):
    """The people for whom something stands: those of a community, of several, of a whole programme or of a partnership.

    programme_id: the programme whose audience it is; of a group of communities, the programme that they are in.
    """

    __tablename__ = "audience"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'community' AND community_id IS NOT NULL AND group_id IS NULL AND programme_id IS NULL"
            " AND partnership_id IS NULL)"
            " OR (kind = 'group' AND group_id IS NOT NULL AND programme_id IS NOT NULL AND community_id IS NULL"
            " AND partnership_id IS NULL)"
            " OR (kind = 'programme' AND programme_id IS NOT NULL AND community_id IS NULL AND group_id IS NULL"
            " AND partnership_id IS NULL)"
            " OR (kind = 'partnership' AND partnership_id IS NOT NULL AND community_id IS NULL AND group_id IS NULL"
            " AND programme_id IS NULL)",
            name="owner",
        ),
        Index(
            "uq_audience_whole_programme",
            "programme_id",
            unique=True,
            sqlite_where=sql("kind = 'programme'"),
            postgresql_where=sql("kind = 'programme'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), unique=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("community_group.id"), unique=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"), unique=True)


@versioned(SOCIETY)
class Guest(Base):
    """A person who is invited to a single thing in a role, until a last day or until it is ended."""

    __tablename__ = "guest"
    __table_args__ = (
        Index(
            "uq_guest_current",
            "person_id",
            "thing_id",
            unique=True,
            sqlite_where=sql("ended IS NULL"),
            postgresql_where=sql("ended IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    until: Mapped[date | None]  # the last day
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime] = mapped_column(default=clock.now)
    ended: Mapped[datetime | None]


class HasAudience:
    """A row with an audience of its own: the flush that inserts the row inserts the audience."""

    id: Any
    audience_id: Any
    kind: ClassVar[AudienceKind]


def audience_id_of(kind: AudienceKind, id: Any) -> MappedSQLExpression[int]:
    """Map the id of the audience of a row of this kind, read with the row."""
    own = Audience.__table__.alias()
    found = select(own.c.id).where(own.c[f"{kind}_id"] == id, own.c.kind == kind).correlate_except(own)
    return column_property(found.scalar_subquery(), expire_on_flush=False)


@event.listens_for(HasAudience, "after_insert", propagate=True)
def _add_audience(_mapper: Any, connection: Any, row: HasAudience) -> None:
    values = {"kind": row.kind, f"{row.kind}_id": row.id}
    if row.kind == "group":
        values["programme_id"] = cast(Any, row).programme_id
    made = connection.scalar(insert(Audience).values(values).returning(Audience.id))
    set_loaded(cast(Base, row), "audience_id", made)


def guests_of(thing_id: Any, today: date | BindParameter[date] | None = None) -> Any:
    """Return the ids of the guests of a thing today, as a select; the values may be bound."""
    return select(Guest.person_id).where(Guest.thing_id == thing_id, current_guest(today))


def current_guest(today: date | BindParameter[date] | None = None) -> ColumnElement[bool]:
    """Return the condition that an invitation to a thing counts today."""
    today = clock.today() if today is None else today
    return Guest.ended.is_(None) & (Guest.until.is_(None) | (Guest.until >= today))
