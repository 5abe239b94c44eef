"""Removing a text or file everywhere: its versions and drafts, the mail about it, and what others made of it is found."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import String, cast, delete, or_, select, update

from cop.base import clock, personal_data, text
from cop.base.db import db
from cop.base.email import Email
from cop.base.files import Blob, Store
from cop.chat.models import Message
from cop.documents.models import File, PublicFile, Version
from cop.things import Body, Draft, Picture, Thing, ThingLink, bodies, kinds
from cop.threads.models import Post, Thread

# What stands there instead, for everybody in the same words.
TEXT = "Deze tekst is verwijderd, omdat er persoonsgegevens in stonden."
TITLE = "Verwijderde titel"
FILE = "Verwijderd document.txt"
FILE_TEXT = "Dit document is verwijderd, omdat er persoonsgegevens in stonden.\n"
SHORTEST = 9  # characters of a title by which its copies are found
MOST_COPIES = 50


@dataclass
class Removed:
    """What was removed: how many of each, what it said (`said`, never stored), and the digests of its stored files."""

    counts: dict[str, int] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    digests: set[str] = field(default_factory=set)
    public: bool = False


def store_placeholder() -> Blob:
    """Store what is downloaded instead of a removed document, before a transaction opens."""
    store: Store = current_app.extensions["files"]
    return store.keep(store.spool(io.BytesIO(FILE_TEXT.encode()), 10_000, FILE))


def remove(thing: Thing, placeholder: Blob | None = None, number: int | None = None) -> Removed:
    """Remove what a thing says, and what is kept of it, in the running transaction; of a file one version, or all."""
    removed = Removed()
    if isinstance(thing, (Post, Message)):
        _remove_text(thing, removed)
    elif isinstance(thing, Thread):
        _note(removed, thing.title, title=True)
        thing.title = TITLE
    elif isinstance(thing, File):
        assert placeholder is not None
        _remove_versions(thing, removed, placeholder, number)
    thing.edited = clock.now()
    removed.counts["drafts"] = _remove_drafts(thing, removed.said)
    removed.counts["mails"] = _remove_mails(thing, removed.said)
    return removed


def _note(removed: Removed, said: str, title: bool = False) -> None:
    """Note by what copies of a text are found: the numbers in it, and a title as a whole."""
    plain = personal_data.judged(said)
    removed.said |= {plain[one.begin : one.end] for one in _telling(plain)}
    if title and len(said) >= SHORTEST and said not in (TITLE, FILE):
        removed.said.add(said)


def _telling(plain: str) -> list[personal_data.Finding]:
    """Return the numbers in a text by which its copies are found; names and addresses are in too many other texts."""
    found = personal_data.check(plain)
    return [*found.blocks, *(one for one in found.warnings if one.kind in ("number", "mobile"))]


def _remove_text(thing: Thing, removed: Removed) -> None:
    body = bodies.body_of(thing)
    for said in (body.source, body.plain, *(one.source for one in bodies.revisions(thing.id))):
        _note(removed, said)
    written = text.render(TEXT, "plain")
    body.source, body.format, body.html, body.plain = written.source, written.format, written.html, written.plain
    body.text_version = text.VERSION
    removed.counts["versions"] = 1 + bodies.redact(thing)


def _remove_versions(file: File, removed: Removed, placeholder: Blob, number: int | None) -> None:
    versions = list(db.session.scalars(select(Version).where(Version.file_id == file.id)))
    chosen = [one for one in versions if number is None or one.number == number]
    for version in chosen:
        _note(removed, version.name, title=True)
        removed.digests.add(version.sha256)
        version.sha256, version.size, version.media_type = placeholder.sha256, placeholder.size, placeholder.media_type
        version.name, version.remark = FILE, ""
    if any(version.number == file.number for version in chosen):
        file.sha256, file.size, file.media_type = placeholder.sha256, placeholder.size, placeholder.media_type
        if picture := db.session.get(Picture, file.id):
            removed.digests |= {one for one in (picture.small, picture.medium, picture.large) if one}
            db.session.delete(picture)
    if number is None:
        _note(removed, file.title, title=True)
        _note(removed, file.description)
        file.title, file.description = FILE, ""
    public = delete(PublicFile).where(PublicFile.file_id == file.id)
    if number is not None:
        public = public.where(PublicFile.number == number)
    removed.public = bool(db.session.execute(public.returning(PublicFile.file_id)).all())
    removed.counts["versions"] = len(chosen)


def _remove_drafts(thing: Thing, said: Iterable[str]) -> int:
    """Remove the drafts of changes to the thing, those that its author threw away in its place, and those that say it."""
    place = f"{kinds.get(thing.kind).place}:{thing.parent_id}"
    theirs = (Draft.person_id == thing.author_id) & (Draft.place == place) & Draft.dropped.is_not(None)
    says = [cast(Draft.fields, String).contains(one, autoescape=True) for one in said]
    gone = delete(Draft).where(or_(Draft.place == thing.place, theirs, *says)).returning(Draft.id)
    return len(db.session.execute(gone).all())


def _remove_mails(thing: Thing, said: Iterable[str]) -> int:
    """Delete mail about the thing that was not sent, and empty what is kept of sent mail; return how many were deleted."""
    about = re.compile(rf"{re.escape(kinds.url(thing.kind, thing.id))}(?!\d)")
    kept = select(Email.id, Email.state, Email.subject, Email.text, Email.html).where(Email.text != "")
    found = [
        mail
        for mail in db.session.execute(kept)
        if about.search(mail.text) or any(one in part for one in said for part in (mail.subject, mail.text, mail.html))
    ]
    gone = [mail.id for mail in found if mail.state != "sent"]
    db.session.execute(delete(Email).where(Email.id.in_(gone)))
    db.session.execute(update(Email).where(Email.id.in_([mail.id for mail in found])).values(text="", html=""))
    for one in said:
        says = Email.subject.contains(one, autoescape=True)
        db.session.execute(update(Email).where(says).values(subject=TITLE))
    return len(gone)


def copies_of(thing: Thing, removed: Removed) -> list[int]:
    """Return the ids of other things that may say the same: answers to it, what was made of it, and what has its words."""
    found: dict[int, None] = {}
    for ids in _copies(thing, removed):
        found |= dict.fromkeys(id for id in ids if id != thing.id)
    return list(found)[:MOST_COPIES]


def _copies(thing: Thing, removed: Removed) -> Iterator[Iterable[int]]:
    made = ThingLink.kind.in_(("outcome", "source", "guidance", "basis"))
    yield db.session.scalars(select(ThingLink.from_id).where(ThingLink.to_id == thing.id, made).limit(MOST_COPIES))
    if isinstance(thing, (Post, Message)):
        yield db.session.scalars(select(Body.thing_id).where(Body.reply_to_id == thing.id).limit(MOST_COPIES))
    for said in removed.said:
        says = Body.source.contains(said, autoescape=True)
        yield db.session.scalars(select(Body.thing_id).where(says).limit(MOST_COPIES))
        yield db.session.scalars(select(Thing.id).where(Thing.title.contains(said, autoescape=True)).limit(MOST_COPIES))
    if removed.digests:
        same = select(Version.file_id).where(Version.sha256.in_(removed.digests)).limit(MOST_COPIES)
        yield db.session.scalars(same)
