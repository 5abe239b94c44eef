"""Verbs that make a document downloadable by everybody, and end that."""

from __future__ import annotations

from sqlalchemy import delete

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db, upsert
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.documents.models import File, PublicFile
from cop.society.audience import Audience
from cop.society.people import Person


@action("files.publish")
def publish(person: Person, file: File, *, number: int | None = None) -> File:
    """Let everybody download the current version of a document while its programme is published.

    A later version or name does not become public by itself. number: the version that the person saw; raise Conflict when it is
    not the current one. Raise Invalid for an attachment, for one in the trash, and for one of a partnership.
    """
    audience = db.session.get_one(Audience, file.audience_id)
    if file.state != "live" or file.attached or audience.kind == "partnership":
        raise Invalid(errors={"number": _("Alleen een document van een praktijkgemeenschap kan openbaar worden.")})
    if number not in (None, file.number):
        raise Conflict(_("Er is intussen een nieuwe versie. Bekijk die eerst."))
    shown = {"number": file.number, "title": file.title, "made": clock.now()}
    upsert(PublicFile, {"file_id": file.id}, shown)
    detail(number=file.number)
    return file


@action("files.unpublish")
def unpublish(person: Person, file: File) -> File:
    """End that everybody can download a document."""
    db.session.execute(delete(PublicFile).where(PublicFile.file_id == file.id))
    return file
