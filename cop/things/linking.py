"""What hangs on a thing: its files, and the messages it grew from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, ForeignKey, String, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from cop.base.db import Base, db
from cop.base.errors import Invalid
from cop.base.fast.prepared import PreparedQuery
from cop.base.words import _
from cop.society.people import Person
from cop.things import kinds
from cop.things.spine import Thing
from cop.things.versions import shown_on


@shown_on(lambda link: [link.from_id, link.to_id] if link.kind == "source" else [link.from_id])
class ThingLink(Base):
    """One thing refers to another: `attachment` (a file of a post), `source` (a message a thread grew from)."""

    __tablename__ = "thing_link"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
HOST = aliased(Thing)  # a document that stayed behind when its thread moved is not named to the new readers
_ATTACHMENTS = PreparedQuery(
    select(ThingLink.from_id, Thing.id, Thing.title, Thing.state)
    .join(Thing, Thing.id == ThingLink.to_id)
    .join(HOST, (HOST.id == ThingLink.from_id) & (HOST.audience_id == Thing.audience_id))
    .where(ThingLink.from_id.in_(_IDS), ThingLink.kind == "attachment", Thing.state == "live")
    .order_by(ThingLink.id)
)


def attach(thing: Thing, person: Person, files: Iterable[int], kind: str = "attachment") -> None:
    """Links files of this audience to `thing` and publishes those that were the person's drafts."""
    wanted = list(dict.fromkeys(files))
    if not wanted:
        return
    # What hangs on it already stays, whatever became of it: who corrects a text need not repair its pictures first.
    hung = set(db.session.scalars(select(ThingLink.to_id).where(ThingLink.from_id == thing.id, ThingLink.kind == kind)))
    wanted = [id for id in wanted if id not in hung]
    found = {
        t.id: t
        for t in db.session.scalars(
            select(Thing).where(
                Thing.id.in_(wanted),
                Thing.kind.in_(kinds.names(lambda kind: kind.attaches)),
                Thing.audience_id == thing.audience_id,
            )
        )
    }
    for id in wanted:
        file = found.get(id)
        if (
            file is None
            or (file.state == "draft" and file.author_id != person.id)
            or file.state in ("trashed", "hidden")
        ):
            raise Invalid(errors={"files": _("Deze bijlage is er niet (meer). Voeg haar opnieuw toe.")})
        if file.state == "draft":
            file.state = "live"
        db.session.add(ThingLink(from_id=thing.id, to_id=id, kind=kind))


def attachments(ids: Iterable[int]) -> dict[int, list[Any]]:
    """Per thing its attached files as rows (id, title, state), in one question."""
    by: dict[int, list[Any]] = {}
    for row in _ATTACHMENTS.rows(ids=list(ids)):
        by.setdefault(row.from_id, []).append(row)
    return by


def visible_sources(audience_id: int, ids: Iterable[int]) -> list[Thing]:
    """The live things of this audience among `ids`: only those may a thread name as its source."""
    return list(
        db.session.scalars(
            select(Thing)
            .where(Thing.id.in_(list(ids)), Thing.audience_id == audience_id, Thing.state == "live")
            .order_by(Thing.id)
        )
    )
