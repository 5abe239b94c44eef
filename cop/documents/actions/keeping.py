"""Keeping the shelf: what a document is called and where it stands, the trash and the way back."""

from __future__ import annotations

from itertools import count

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.documents.actions import naming
from cop.documents.actions.citing import stands
from cop.documents.actions.foldering import place
from cop.documents.actions.sharing import refuse_overtaken
from cop.documents.models import File, line_up, titled
from cop.society.people import Person


@action("files.describe")
def describe(
    person: Person,
    file: File,
    *,
    title: str | None = None,
    description: str | None = None,
    folder: int | None = None,
    base_version: int | None = None,
) -> File:
    """Changes what is given; folder 0 is the top of the shelf, and an attachment that gets a folder stands on it."""
    line_up(file.audience_id)
    db.session.refresh(file)
    refuse_overtaken(file, base_version)
    where = file.folder_id if folder is None else place(file.audience_id, folder)
    if folder is not None and file.state != "live":
        raise Invalid(errors={"folder": _("Dit document staat niet in de lijst. Zet het daar eerst terug.")})
    shelved = folder is not None or not file.attached
    if shelved and file.state == "live":
        _refuse_known(file, where, title or file.title)
    file.title = title or file.title
    file.description = file.description if description is None else description
    file.folder_id, file.attached = where, not shelved
    file.editor_id, file.edited = person.id, clock.now()
    detail(file=file.id, folder=where, version=file.number)
    return file


def _refuse_known(file: File, where: int | None, title: str) -> None:
    other = titled(file.audience_id, where, title)
    if other is not None and other.id != file.id:
        said = _("Er is in deze map al een document met deze naam. Kies een andere naam of map.")
        raise Invalid(errors={"title": said})


@action("files.trash")
def trash(person: Person, file: File) -> File:
    """Puts a document in the trash, from which it can be taken back."""
    if file.state != "trashed":
        file.state, file.trashed = "trashed", clock.now()
    detail(file=file.id, folder=file.folder_id, version=file.number)
    return file


@action("files.untrash")
def untrash(person: Person, file: File) -> File:
    """Takes a document back out of the trash, told apart where its name was given away meanwhile."""
    line_up(file.audience_id)
    db.session.refresh(file)
    if file.state == "trashed":
        if not file.attached:
            file.title = _free(file)
        file.state = "live" if not file.attached or stands(file) else "hidden"
        file.trashed = None
    detail(file=file.id, folder=file.folder_id, version=file.number)
    return file


def _free(file: File) -> str:
    tried = (file.title if n == 1 else naming.numbered(file.title, n) for n in count(1))
    return next(title for title in tried if titled(file.audience_id, file.folder_id, title) is None)
