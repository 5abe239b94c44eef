"""Published minutes as a document to download, with the pictures that its reader may see."""

from __future__ import annotations

from contextlib import suppress

from flask import current_app
from sqlalchemy import select

from cop import access
from cop.base import clock, export, text, words
from cop.base.db import db
from cop.base.files import Store
from cop.base.words import _
from cop.documents.models import File
from cop.meetings.models import Meeting, days_of, owner_of, programme_of
from cop.minutes.models import PublicationRow
from cop.society.people import Person
from cop.things import Picture

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def document(person: Person, meeting: Meeting, version: PublicationRow) -> export.Document:
    """Return a published version as a document, in Dutch, which is the language of its text."""
    settings, programme = current_app.config["COP"], programme_of(owner_of(meeting))
    dutch = words.language.set(words.SOURCE)
    try:
        return export.Document(
            title=_("Verslag van %(title)s", title=meeting.title),
            html=version.html,
            made=version.made,
            base_url=settings.base_url,
            programme=programme.name,
            facts=_facts(meeting, version),
            pictures=_pictures(person, version.html),
        )
    finally:
        words.language.reset(dutch)


def _facts(meeting: Meeting, version: PublicationRow) -> tuple[str, ...]:
    """Return when and where the meeting was, and which version this is."""
    days = days_of(meeting)
    when = words.day(days[0].starts)
    if days[-1].date != days[0].date:
        when = _("%(begin)s tot %(end)s", begin=when, end=words.day(days[-1].starts))
    numbered = [_("Versie %(n)s", n=version.version)] if version.version > 1 else []
    written = [*numbered, version.author or _("Oud-deelnemer"), words.moment(version.made)]
    return tuple(filter(None, (when, meeting.venue, " · ".join(written), version.change)))


def _pictures(person: Person, html: str) -> dict[int, bytes]:
    """Return the pictures of a text that a person may see, by file; of a large one the copy for a wide screen."""
    store: Store = current_app.extensions["files"]
    found = db.session.execute(
        select(File.id, File.sha256, Picture.large)
        .outerjoin(Picture, (Picture.thing_id == File.id) & (Picture.sha256 == File.sha256))
        .where(File.id.in_(export.pictures_in(html)), File.media_type.in_(PICTURES), access.visible_to(person, File))
    )
    pictures = {}
    for id, sha256, large in found:
        with suppress(FileNotFoundError), store.open(large or sha256) as content:
            pictures[id] = content.read()
    return pictures


def file_name(meeting: Meeting, earlier: PublicationRow | None) -> str:
    """Return the name of the file without its ending: `verslag-themabijeenkomst-2-2017-06-15`."""
    parts = ["verslag", text.slug(meeting.title), f"{clock.local(meeting.starts):%Y-%m-%d}"]
    if earlier:
        parts += ["versie", str(earlier.version)]
    return "-".join(filter(None, parts))


def missing() -> list[tuple[str, str]]:
    """Return the names of the formats that this installation cannot make, each with what to install."""
    return [(kind.name, absent) for format, kind in export.FORMATS.items() if (absent := export.missing(format))]
