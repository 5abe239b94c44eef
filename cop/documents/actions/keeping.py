"""Verbs for naming, filing and trashing a document."""

from __future__ import annotations

from sqlalchemy import delete

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.documents.actions import naming
from cop.documents.actions.citing import is_attached_to_live
from cop.documents.actions.foldering import resolve_folder
from cop.documents.actions.sharing import refuse_overtaken
from cop.documents.models import File, PublicFile, find_by_title, lock_shelf
from cop.society.people import Person
from cop.things import Picture


@action("files.describe")
def describe(
    person: Person,
    file: File,
    *,
    title: str | None = None,
    description: str | None = None,
    alt: str | None = None,
    folder: int | None = None,
    base_version: int | None = None,
) -> File:
    """Change the given fields; folder 0 is the top level, and an attachment given a folder joins the list.

    `alt` says what a picture shows; other files have none.

    Raise Conflict when `base_version` is not the current version, Invalid when the name is taken in the folder.
    """
    lock_shelf(file.audience_id)
    db.session.refresh(file)
    refuse_overtaken(file, base_version)
    folder_id = file.folder_id if folder is None else resolve_folder(file.audience_id, folder)
    if folder is not None and file.state != "live":
        raise Invalid(errors={"folder": _("Dit document staat niet in de lijst. Zet het daar eerst terug.")})
    in_list = folder is not None or not file.attached
    if in_list and file.state == "live":
        _refuse_taken(file, folder_id, title or file.title)
    file.title = title or file.title
    file.description = file.description if description is None else description
    if alt is not None and (picture := db.session.get(Picture, file.id)):
        picture.alt = alt
    file.folder_id, file.attached = folder_id, not in_list
    file.editor_id, file.edited = person.id, clock.now()
    detail(file=file.id, folder=folder_id, version=file.number)
    return file


def _refuse_taken(file: File, folder_id: int | None, title: str) -> None:
    """Raise Invalid when another document in the folder has this name."""
    other = find_by_title(file.audience_id, folder_id, title)
    if other is not None and other.id != file.id:
        message = _("Er is in deze map al een document met deze naam. Kies een andere naam of map.")
        raise Invalid(errors={"title": message})


@action("files.trash")
def trash(person: Person, file: File) -> File:
    """Move a document to the trash, from which it can be restored."""
    if file.state != "trashed":
        file.state, file.trashed = "trashed", clock.now()
        db.session.execute(delete(PublicFile).where(PublicFile.file_id == file.id))
    detail(file=file.id, folder=file.folder_id, version=file.number)
    return file


@action("files.untrash")
def untrash(person: Person, file: File) -> File:
    """Restore a document from the trash; number its title when the name was taken meanwhile."""
    lock_shelf(file.audience_id)
    db.session.refresh(file)
    if file.state == "trashed":
        if not file.attached:
            file.title = naming.free_title(file.audience_id, file.folder_id, file.title)
        file.state = "live" if not file.attached or is_attached_to_live(file) else "hidden"
        file.trashed = None
    detail(file=file.id, folder=file.folder_id, version=file.number)
    return file
