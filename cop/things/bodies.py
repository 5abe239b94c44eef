"""Bodies and revisions: the text of a thing as written and as rendered, and its earlier texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypedDict, TypeVar
from uuid import UUID

from flask import has_request_context
from sqlalchemy import ForeignKey, Index, Select, Text, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock, text
from cop.base.action import detail
from cop.base.db import Base, db
from cop.base.errors import RepeatedKey
from cop.base.fast.rows import fill, insert_values
from cop.base.web import flash
from cop.base.words import _
from cop.society.memberships import names_in
from cop.society.people import Person
from cop.society.programmes import AudienceOwner
from cop.things.drafts import end_draft, end_drafts_with
from cop.things.linking import attach, attachments
from cop.things.reader import mark
from cop.things.spine import Thing, find_by_client_id, signature
from cop.things.versions import add, shown_on

T = TypeVar("T", bound=Thing)


@shown_on("thing_id")
class Body(Base):
    """The text of a thing."""

    __tablename__ = "body"
    __table_args__ = (
        Index(
            "ix_body_reply_to_id",
            "reply_to_id",
            sqlite_where=sql("reply_to_id IS NOT NULL"),
            postgresql_where=sql("reply_to_id IS NOT NULL"),
        ),
    )

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    source: Mapped[str] = mapped_column(Text)  # as written, in `format`
    format: Mapped[str]
    html: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    text_version: Mapped[int]  # of the renderer that made html and plain
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"))


@shown_on("thing_id")
class Revision(Base):
    """An earlier text of a thing; a redacted one has no text any more."""

    __tablename__ = "revision"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    format: Mapped[str]
    html: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime]
    redacted: Mapped[datetime | None]  # when its text was removed


def text_entries(kind: str) -> Select[Any]:
    """Return the query for the search entries of a kind that is found by its title and text, for `Kind.index`."""
    thing, body = Thing.__table__, Body.__table__
    return (
        select(thing.c.id.label("thing_id"), thing.c.kind, thing.c.title, body.c.plain)
        .select_from(thing.join(body, body.c.thing_id == thing.c.id))
        .where(thing.c.kind == kind)
    )


def body_of(thing: Thing) -> Body:
    """Return the body of a thing that has one."""
    return db.session.get_one(Body, thing.id)


def revisions(thing_id: int) -> list[Revision]:
    """Return the earlier texts of a thing, newest first."""
    return list(
        db.session.scalars(select(Revision).where(Revision.thing_id == thing_id).order_by(Revision.version.desc()))
    )


class EarlierText(NamedTuple):
    """An earlier text of a thing, and what the edit after it changed; nothing of a text that was redacted."""

    made: datetime
    redacted: datetime | None
    html: str
    changes: list[text.Piece]

    @property
    def reworded(self) -> bool:
        """Whether the edit after it changed words, not only their form."""
        return any(piece.kind != "same" for piece in self.changes)


def history(thing: Thing) -> list[EarlierText]:
    """Return the earlier texts of a thing, newest first, each compared with the one that replaced it.

    Where one was redacted, all before it were.
    """
    found: list[EarlierText] = []
    later = body_of(thing).html
    for one in revisions(thing.id):
        changes = [] if one.redacted else text.compare(text.to_plain(one.html), text.to_plain(later))
        found.append(EarlierText(one.made, one.redacted, one.html, changes))
        later = one.html
    return found


def write(
    person: Person,
    thing: T,
    place: Thing,
    written: text.Text,
    role: str,
    *,
    reply_to: int | None = None,
    client_id: UUID | None = None,
    files: Sequence[int] = (),
) -> T:
    """Add `thing` with a text at the end of a place: every post and message is made here.

    Attach the files, mark the place as read by the author, delete their draft, and add the people mentioned to the event.
    """
    fill(
        thing,
        audience_id=place.audience_id,
        parent_id=place.id,
        client_id=str(client_id) if client_id else None,
        made=clock.now(),
        **signature(person, role),
    )
    add(thing, place)
    mentioned = write_body(person, thing, written, reply_to=reply_to, files=files)
    mark(person, place, thing.seq)
    end_draft(person, client_id)
    detail(**{thing.kind: thing.id, place.kind: place.id}, mentions=mentioned)
    return thing


def find_repeated(
    person: Person,
    kind: type[T],
    place: Thing | AudienceOwner,
    client_id: UUID | None,
    written: text.Text,
    *,
    read: Callable[[T], object],
    opening: Callable[[T], Thing] | None = None,
    same: Callable[[T], bool] = lambda _thing: True,
    reply_to: int | None = None,
    files: Sequence[int] = (),
) -> T | None:
    """Return the thing that an earlier request with this client_id made, None if there is none.

    Raise RepeatedKey where this request says something else, so that nobody takes a text that was not stored for stored.
    read: returns the row of the thing for the API. opening: returns the thing that has its text, if that is another.
    same: returns whether the other fields are those of this request.
    """
    before = find_by_client_id(person, kind, client_id, place)
    if before is None:
        return None
    thing = opening(before) if opening else before
    body = body_of(thing)
    if (
        not same(before)
        or reply_to != body.reply_to_id
        or not _has_files(thing, body, files)
        or not _said(thing, body, written)
    ):
        raise RepeatedKey(
            _("Dit is al geplaatst, met een andere inhoud. Wat u nu stuurde, is niet geplaatst."),
            row=read(before),
            text={"html": body.html, "source": body.source, "format": body.format},
            sent=written.source,
        )
    return before


def _said(thing: Thing, body: Body, written: text.Text) -> bool:
    """Return whether this is the text of the thing, or was its first one: it may have been edited meanwhile."""
    texts: list[Body | Revision] = [body, *(revisions(thing.id)[-1:] if thing.edited else [])]
    return any(
        (one.source, one.format) == (written.source, written.format)
        or (one.html and text.unmention(one.html) == text.unmention(written.html))
        for one in texts
    )


def _has_files(thing: Thing, body: Body, files: Sequence[int]) -> bool:
    """Return whether exactly these files were attached to the thing, beside those in its text."""
    attached = {file.id for file in attachments([thing.id]).get(thing.id, [])}
    inside = set(text.references(body.html))
    return attached - inside == set(files) - inside or (thing.edited is not None and attached >= set(files))


def write_body(
    person: Person, thing: Thing, written: text.Text, *, reply_to: int | None = None, files: Sequence[int] = ()
) -> list[int]:
    """Add the body of a new thing and attach its files; return the ids of the people mentioned."""
    html, mentioned = _with_mentions(thing, written)
    insert_values(
        Body,
        thing_id=thing.id,
        source=written.source,
        format=written.format,
        html=html,
        plain=written.plain,
        text_version=text.VERSION,
        reply_to_id=reply_to,
    )
    attach(thing, person, [*files, *text.references(html)])
    return mentioned


def _with_mentions(thing: Thing, written: text.Text, before: str = "") -> tuple[str, list[int]]:
    """Return the HTML of a text with its mentions as links, and the ids of the people mentioned.

    A name that several readers have stays that of the one whom the text before the edit mentioned; else it stays text,
    and the author is told.
    """
    found = text.mention(written.html, names_in(thing, written.source), text.mentioned(before))
    if found.unclear and has_request_context():
        flash(
            _(
                "%(name)s is niet genoemd: meer deelnemers heten zo. Typ @ en kies wie u bedoelt uit de lijst.",
                name=found.unclear[0],
            )
        )
    return found.html, found.ids


def rewrite(person: Person, thing: Thing, written: text.Text) -> list[int]:
    """Replace the text of a thing and keep the earlier one; return the ids of the people newly mentioned."""
    body = body_of(thing)
    db.session.add(
        Revision(
            thing_id=thing.id,
            version=thing.version,
            source=body.source,
            format=body.format,
            html=body.html,
            person_id=person.id,
            made=thing.edited or thing.made,
        )
    )
    thing.edited = clock.now()
    return replace(person, thing, written)


def replace(person: Person, thing: Thing, written: text.Text) -> list[int]:
    """Replace the text of a thing that nobody else has read; return the ids of the people newly mentioned."""
    body = body_of(thing)
    before = body.html
    body.html, _mentioned = _with_mentions(thing, written, before)
    body.source, body.format, body.plain = written.source, written.format, written.plain
    body.text_version = text.VERSION
    end_drafts_with(person, thing.place, written.source)
    attach(thing, person, text.references(body.html))
    return text.newly_mentioned(body.html, before)


def redact(thing: Thing) -> int:
    """Remove the text of every earlier revision of a thing; return how many had one."""
    redacted = [revision for revision in revisions(thing.id) if revision.redacted is None]
    for revision in redacted:
        revision.source = revision.html = ""
        revision.redacted = clock.now()
    return len(redacted)


class CurrentText(TypedDict):
    """The current text of a thing, for the response to an outdated edit."""

    version: int
    html: str
    source: str


def current_text(thing: Thing) -> CurrentText:
    """Return the current text of a thing."""
    body = body_of(thing)
    return {"version": thing.version, "html": body.html, "source": body.source}
