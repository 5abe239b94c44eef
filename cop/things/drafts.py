"""Drafts: texts that people are writing, until they are posted.

The id of a draft is the `client_id` of its form, so that a draft ends when a thing with that `client_id` exists. A save
names the revision that it builds on; one that builds on another than the stored revision is refused with what is stored
(docs/decisions/0019).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    ScalarSelect,
    String,
    and_,
    bindparam,
    delete,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db, insert_of
from cop.base.errors import Conflict, Gone
from cop.base.fast.prepared import PreparedWrite
from cop.base.words import _
from cop.society.people import Person
from cop.things.spine import Thing

DraftFields = dict[str, str | list[str]]  # as a form sends them
# The places of features whose texts are no things, such as `block:7`: for (person, id), the name and the address of the
# page on which the text is written, as `Kind.edited_at`.
DRAFT_PLACES: dict[str, Callable[[Any, int], tuple[str, str]]] = {}
KEPT = timedelta(days=30)  # how long a draft that was thrown away can be restored


class Draft(Base):
    """A text that a person is writing in a place (`thread:7`, `new:3`, `room:2`, `post:9`).

    fields: as the form sends them, with client_id, revision and writer as text, so that a page can be made from them.
    """

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_place", "person_id", "place", "saved"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    place: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int]
    writer: Mapped[str] = mapped_column(String(36))  # the page that saved this revision
    fields: Mapped[DraftFields] = mapped_column(JSON)
    saved: Mapped[datetime] = mapped_column(default=clock.now)
    dropped: Mapped[datetime | None]  # when it was thrown away


class StoredDraft(NamedTuple):
    """A draft as it is stored."""

    id: str
    place: str
    revision: int
    writer: str
    fields: DraftFields
    saved: datetime


_COLUMNS = (Draft.id, Draft.place, Draft.revision, Draft.writer, Draft.fields, Draft.saved)
# A save that came too late may leave a row of a draft that was posted meanwhile.
_POSTED = exists().where(Thing.client_id == Draft.id, Thing.author_id == Draft.person_id)
_OPEN = and_(Draft.dropped.is_(None), ~_POSTED)


def newest_draft(person: ColumnElement[int], place: ColumnElement[str]) -> ScalarSelect[DraftFields]:
    """Return the fields of the newest draft of a person in a place, as a column of a query."""
    return (
        select(Draft.fields)
        .where(Draft.person_id == person, Draft.place == place, _OPEN)
        .order_by(Draft.saved.desc())
        .limit(1)
        .scalar_subquery()
    )


def drafts_of(person: Person, place: str | None = None) -> list[StoredDraft]:
    """Return the drafts of a person, in one place or all, newest first."""
    query = select(*_COLUMNS).where(Draft.person_id == person.id, _OPEN).order_by(Draft.saved.desc(), Draft.id)
    if place is not None:
        query = query.where(Draft.place == place)
    return [StoredDraft(*row) for row in db.session.execute(query)]


def find_draft(person: Person, id: UUID | str) -> StoredDraft | None:
    """Return a draft of a person, None where there is none with this id."""
    query = select(*_COLUMNS).where(Draft.person_id == person.id, Draft.id == str(id), _OPEN)
    row = db.session.execute(query).first()
    return StoredDraft(*row) if row else None


def save_draft(
    person: Person, id: UUID | str, *, place: str, fields: DraftFields, revision: int, base: int = 0, writer: str = ""
) -> None:
    """Store a revision of a draft that builds on the revision `base`, or on an earlier one of the same writer.

    Raise Gone when the draft was posted or thrown away, and Conflict when the stored revision is another one.
    """
    key = str(id)
    if db.session.scalar(select(Thing.id).where(Thing.client_id == key, Thing.author_id == person.id)):
        raise Gone(_("Dit concept is al geplaatst."), code="posted")
    stored: DraftFields = {**fields, "client_id": key, "revision": str(revision), "writer": writer}
    values = {"place": place, "revision": revision, "writer": writer, "fields": stored, "saved": clock.now()}
    insert = insert_of(Draft).values(person_id=person.id, id=key, **values)
    follows = or_(Draft.revision == base, and_(Draft.writer == writer, Draft.revision < revision))
    insert = insert.on_conflict_do_update(
        index_elements=["person_id", "id"], set_=values, where=and_(Draft.dropped.is_(None), follows)
    ).returning(Draft.revision)
    if db.session.scalar(insert) is not None:
        return
    now = find_draft(person, key)
    if now is None:
        raise Gone(_("Dit concept is weggegooid."), code="dropped")
    if (now.writer, now.revision) != (writer, revision):  # else the same save, repeated
        raise Conflict(
            _("Dit concept is intussen ergens anders gewijzigd."),
            code="draft_changed",
            stored={"revision": now.revision, "writer": now.writer, "fields": now.fields},
        )


def drop_draft(person: Person, id: UUID | str) -> None:
    """Throw a draft away; it can be restored for 30 days. A save that comes later is refused."""
    now = clock.now()
    db.session.execute(delete(Draft).where(Draft.person_id == person.id, Draft.dropped < now - KEPT))
    empty = {"place": "", "revision": 0, "writer": "", "fields": {}, "saved": now}
    insert = insert_of(Draft).values(person_id=person.id, id=str(id), dropped=now, **empty)
    db.session.execute(insert.on_conflict_do_update(index_elements=["person_id", "id"], set_={"dropped": now}))


def restore_draft(person: Person, id: UUID | str) -> None:
    """Restore a draft that was thrown away."""
    db.session.execute(
        update(Draft).where(Draft.person_id == person.id, Draft.id == str(id), Draft.revision > 0).values(dropped=None)
    )


_END = PreparedWrite(
    delete(Draft).where(Draft.person_id == bindparam("person"), Draft.id == bindparam("key", type_=String))
)


def end_draft(person: Person, client_id: UUID | None) -> None:
    """Delete the draft whose text is posted; from now on the thing with its id refuses later saves."""
    if client_id:
        _END.run(person=person.id, key=str(client_id))


def keep_other_draft(person: Person, given: dict[str, Any]) -> None:
    """Keep the stored revision of a draft that is about to end under a new id, unless the text that is posted follows it.

    Take the fields that say so out of the input (`Drafted`); without them, nothing is known of other pages.
    """
    base, revision, writer = (given.pop(f"draft_{name}", None) for name in ("base", "revision", "writer"))
    if base is None or not given.get("client_id"):
        return
    stored = find_draft(person, given["client_id"])
    if stored and stored.revision != base and (stored.writer != (writer or "") or stored.revision > (revision or 0)):
        id = uuid4()
        save_draft(person, id, place=stored.place, fields=stored.fields, revision=stored.revision, writer=stored.writer)


def end_drafts_with(person: Person, place: str, body: str) -> None:
    """Delete the drafts in a place whose text was stored there."""
    for draft in drafts_of(person, place):
        if str(draft.fields.get("body", "")).replace("\r\n", "\n") == body.replace("\r\n", "\n"):
            end_draft(person, UUID(draft.id))
