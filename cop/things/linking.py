"""Links between things: the files attached to a post, the messages that a thread was made from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, FromClause, String, UniqueConstraint, bindparam, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from cop.base.db import Base, db
from cop.base.errors import Invalid
from cop.base.fast.prepared import PreparedQuery
from cop.base.words import _
from cop.society.audience import Guest
from cop.society.people import Person
from cop.things import kinds
from cop.things.pictures import Picture
from cop.things.spine import Thing
from cop.things.versions import shown_on


def _shown_on(link: ThingLink) -> list[int]:
    """Return the ids of the things whose version rises with a link.

    The versions of a meeting, a document and an outcome are those on which an edit is based: a link does not raise them.
    """
    ids = {
        "attachment": [link.from_id],
        "material": [link.to_id],
        "document": [],
        "guidance": [link.to_id],
        "basis": [],
    }
    return ids.get(link.kind, [link.from_id, link.to_id])


@shown_on(_shown_on)
class ThingLink(Base):
    """A link from one thing to another.

    `attachment`: to a file of a post; `source`: of a thread to a message that it was made from; `outcome`: of an outcome to
    the message or post that it was marked from; `material` and `document`: of a meeting to a thread and to a file that
    belong to it; `guidance` and `basis`: of guidance to a post or message, and to an outcome or file, on which it rests.
    """

    __tablename__ = "thing_link"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))


# An outcome that was marked from a message or post, to show beside it.
OUTCOME = aliased(Thing, name="marked_outcome")


def newest_outcome(source: FromClause) -> ColumnElement[bool]:
    """Return the condition that OUTCOME is the newest that was marked from a row of `source`, a table of things.

    Everybody who reads the source must see it: it stands for the same audience, and there are no guests.
    """
    one, link = aliased(Thing), aliased(ThingLink)
    guests = select(Guest.id).where(Guest.thing_id.in_((source.c.id, source.c.parent_id)), Guest.ended.is_(None))
    # Not joined: SQLite would read every thing of the audience for each source, of which hardly any has an outcome.
    live = select(one.id).where(one.id == link.from_id, one.state == "live", one.audience_id == source.c.audience_id)
    newest = (
        select(func.max(link.from_id))
        .where(
            link.to_id == source.c.id,
            link.kind == "outcome",
            live.correlate(link, source).exists(),
            ~guests.correlate(source).exists(),
        )
        .correlate(source)
        .scalar_subquery()
    )
    return OUTCOME.id == newest


class Attachment(NamedTuple):
    """A file attached to the thing `from_id`; of a picture also its size in pixels, and words for who does not see it."""

    from_id: int
    id: int
    title: str
    state: str
    width: int | None
    height: int | None
    alt: str | None


HOST = aliased(Thing)  # a document that stayed behind when its thread moved is not shown to the new readers
_ATTACHMENTS = PreparedQuery(
    select(ThingLink.from_id, Thing.id, Thing.title, Thing.state, Picture.width, Picture.height, Picture.alt)
    .join(Thing, Thing.id == ThingLink.to_id)
    .outerjoin(Picture, Picture.thing_id == Thing.id)
    .join(HOST, (HOST.id == ThingLink.from_id) & (HOST.audience_id == Thing.audience_id))
    .where(
        ThingLink.from_id.in_(bindparam("ids", expanding=True)), ThingLink.kind == "attachment", Thing.state == "live"
    )
    .order_by(ThingLink.id),
    row=Attachment,
)


def attach(thing: Thing, person: Person, files: Iterable[int], kind: str = "attachment") -> None:
    """Link files of the thing's audience to it, and publish those that were drafts of the person."""
    ids = list(dict.fromkeys(files))
    if not ids:
        return
    # A file that is attached already stays, whatever its state: an edit of a text need not replace its pictures.
    linked = set(
        db.session.scalars(select(ThingLink.to_id).where(ThingLink.from_id == thing.id, ThingLink.kind == kind))
    )
    ids = [id for id in ids if id not in linked]
    found = {
        t.id: t
        for t in db.session.scalars(
            select(Thing).where(
                Thing.id.in_(ids),
                Thing.kind.in_(kinds.names(lambda kind: kind.attaches)),
                Thing.audience_id == thing.audience_id,
            )
        )
    }
    for id in ids:
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


def attachments(ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """Return the files attached to these things, by thing."""
    by: dict[int, list[Attachment]] = {}
    for row in _ATTACHMENTS.rows(ids=list(ids)):
        by.setdefault(row.from_id, []).append(row)
    return by


def visible_sources(audience_id: int, ids: Iterable[int]) -> list[Thing]:
    """Return the live things of this audience among `ids`: those that a thread may have as its sources."""
    return list(
        db.session.scalars(
            select(Thing)
            .where(Thing.id.in_(list(ids)), Thing.audience_id == audience_id, Thing.state == "live")
            .order_by(Thing.id)
        )
    )
