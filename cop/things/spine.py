"""The spine: the table `thing`, with a row for everything that can be read, linked, followed and searched."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    String,
    bindparam,
    event,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from cop.base import clock
from cop.base.action import detail
from cop.base.db import Base, advisory_lock, db
from cop.base.errors import Conflict
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.base.fast.rows import attach_row, set_loaded
from cop.base.words import _
from cop.society.audience import Audience
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import AudienceOwner, Community


def community_of(audience_id: ColumnElement[Any] | Mapped[int]) -> ScalarSelect[int | None]:
    """Return the id of the community whose audience this is, as SQL; null for another audience."""
    audience = Audience.__table__.alias()
    found = select(audience.c.community_id).where(audience.c.id == audience_id).correlate_except(audience)
    return found.scalar_subquery()


class Thing(Base):
    """A row of the spine: its author, audience, parent, state and position."""

    __tablename__ = "thing"
    __table_args__ = (
        Index("ix_thing_place", "parent_id", "seq"),
        Index("ix_thing_changes", "parent_id", "changed"),
        Index("ix_thing_shelf", "audience_id", "kind", "state"),
        Index("ix_thing_author", "author_id", "id"),
        Index("ix_thing_signs", "author_id", "audience_id", "made"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"))  # a post's thread, a message's room
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    author_role: Mapped[str] = mapped_column(String(20), default="member")  # the role of the author when they wrote it
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id")
    )  # that of the author when they wrote it
    title: Mapped[str] = mapped_column(default="")
    # live: shown to the audience · hidden: by a moderator, with a reason · retracted: by its author ·
    # draft: uploaded but not yet posted, shown to its author only · trashed: can be restored
    # merged: a thread whose posts stand in another one, shown to nobody
    # planned: a meeting that is not announced, shown to those who curate its audience
    state: Mapped[str] = mapped_column(String(12), default="live")
    reason: Mapped[str] = mapped_column(default="")  # why it was hidden
    version: Mapped[int] = mapped_column(default=1)
    made: Mapped[datetime] = mapped_column(default=clock.now)
    edited: Mapped[datetime | None]
    client_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    seq: Mapped[int] = mapped_column(default=0)  # position in its place
    changed: Mapped[int] = mapped_column(default=0)  # seq of the last verb on it
    last_seq: Mapped[int] = mapped_column(default=0)  # of the last change in it, if it is a place

    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])
    # The community whose audience it has, if any.
    community_id: Mapped[int | None] = column_property(community_of(audience_id), expire_on_flush=False)
    community: Mapped[Community | None] = relationship(
        secondary=Audience.__table__,
        primaryjoin=lambda: Thing.audience_id == Audience.id,
        secondaryjoin=lambda: Audience.community_id == Community.id,
        viewonly=True,
        uselist=False,
    )

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "thing"}

    @property
    def place(self) -> str:
        """The name of this thing as a live place, e.g. `thread:7`."""
        return f"{self.kind}:{self.id}"

    @property
    def author_name(self) -> str:
        """The name of the author, under the name it has in rows."""
        return self.author.name if self.author else ""

    @property
    def organisation_name(self) -> str:
        """The name of the author's organisation, under the name it has in rows."""
        return self.organisation.name if self.organisation else ""


T = TypeVar("T", bound=Thing)


@event.listens_for(Thing.audience_id, "set", propagate=True)
def _move(thing: Thing, value: int, before: object, _initiator: object) -> None:
    """Reload the community of a thing that got another audience."""
    if value != before and inspect(thing).persistent:
        db.session.expire(thing, ["community_id", "community"])


class _PlaceRow(NamedTuple):
    last_seq: int
    version: int
    state: str


_NEXT = PreparedWrite(
    update(Thing)
    .where(Thing.id == bindparam("place"))
    .values(last_seq=Thing.last_seq + 1, version=Thing.version + 1)
    .returning(Thing.last_seq, Thing.version, Thing.state),
    row=_PlaceRow,
    changes="",
)


def reading(kind: type[Thing]) -> Select[Any]:
    """Return the query for the things of a kind as rows, with a column for each attribute."""
    mapper = inspect(kind)
    columns = [c.label(name) for name, c in mapper.c.items()]
    # A kind without a table of its own is selected by its name.
    of_kind = Thing.__table__.c.kind == mapper.polymorphic_identity
    return select(*columns).select_from(mapper.persist_selectable).where(of_kind)


def as_read(kind: type[T], row: Any) -> T:
    """Return the thing of a row of `reading`, as an object of the session."""
    return attach_row(kind, row._asdict())


def next_seq(place: Thing) -> int:
    """Return the next position in `place`, and raise the version of the place; every change in a place takes one."""
    return _next(place).last_seq


def new_seq(place: Thing) -> int:
    """Return the position for a new thing in `place`; raise Merged where its posts went to another place meanwhile."""
    row = _next(place)
    if row.state == "merged":
        raise Merged(_("Dit gesprek is net met een ander samengevoegd. Plaats uw reactie daar."), code="merged")
    return row.last_seq


def _next(place: Thing) -> _PlaceRow:
    (row,) = _NEXT.rows(place=place.id)
    set_loaded(place, "last_seq", row.last_seq)
    set_loaded(place, "version", row.version)
    return row


class Merged(Conflict):
    """Something is added to a thread that was merged into another at the same moment."""


class AuthorRow(Protocol):
    """A thing, or a row of one, with the names of its author."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def author_role(self) -> str: ...
    @property
    def author_name(self) -> str | None: ...
    @property
    def organisation_name(self) -> str | None: ...


class Author(BaseModel):
    """The author of a thing in the API, with their role and organisation when they wrote it."""

    id: int | None
    name: str
    organisation: str
    role: str

    @classmethod
    def of(cls, row: AuthorRow) -> Author:
        """Return the author of a thing."""
        return cls(
            id=row.author_id, name=row.author_name or "", organisation=row.organisation_name or "", role=row.author_role
        )


def sign(thing: Thing, person: Person, role: str) -> None:
    """Set the author of a thing, with their role and their organisation at this moment."""
    thing.author_id, thing.author_role, thing.organisation_id = person.id, role, person.organisation_id
    set_loaded(thing, "author", person)


def signature(person: Person, role: str) -> dict[str, Any]:
    """Return what `sign` sets, to fill a new thing with."""
    return {
        "author_id": person.id,
        "author_role": role,
        "organisation_id": person.organisation_id,
        "author": person,
    }


class _Id(NamedTuple):
    id: int


_BY_CLIENT_ID = PreparedQuery(select(Thing.id).where(Thing.client_id == bindparam("key")), row=_Id)


def find_by_client_id(
    person: Person, kind: type[T], client_id: UUID | str | None, place: Thing | AudienceOwner
) -> T | None:
    """Return the thing that an earlier request of the person made in the place with this client_id, None if there is none.

    Raise Conflict when another person, or a request in another place, used the client_id. A request at the same moment
    waits until this one ends.
    """
    if not client_id:
        return None
    advisory_lock(str(client_id))
    made = _BY_CLIENT_ID.first(key=str(client_id))
    before = db.session.get(Thing, made.id) if made else None
    if before is None:
        return None
    here = before.parent_id == place.id if isinstance(place, Thing) else before.audience_id == place.audience_id
    if not isinstance(before, kind) or before.author_id != person.id or not here:
        words = _("Deze sleutel is al gebruikt. Maak een nieuwe.")
        raise Conflict(words, errors={"client_id": words}, code="key_in_use")
    detail(again=1)
    return before


def changed_since(place_id: int, seq: int) -> Select[int]:
    """Return the query for the ids of the things in a place that changed after `seq`."""
    return select(Thing.id).where(Thing.parent_id == place_id, Thing.changed > seq)
