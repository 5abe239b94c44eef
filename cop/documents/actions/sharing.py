"""Verbs for sharing files: upload, replace, and restore an older version."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select

from cop import access, things
from cop.base import clock, words
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Conflict, Invalid
from cop.base.files import Blob
from cop.base.words import _
from cop.documents.actions import naming
from cop.documents.actions.foldering import resolve_folder
from cop.documents.actions.picturing import show_picture
from cop.documents.models import File, Version, find_by_name, lock_shelf
from cop.society.people import Person
from cop.society.programmes import Community, Partnership
from cop.things.events import FileWritten


@action("files.upload", event=FileWritten)
def upload(
    person: Person,
    owner: Community | Partnership,
    *,
    blob: Blob,
    name: str,
    folder: int | None = None,
    remark: str = "",
    same_name: Literal["version", "own"] | None = None,
    base_version: int | None = None,
    draft: bool = False,
    client_id: uuid.UUID | None = None,
) -> File:
    """Share a file.

    When the folder has a document of this name, `same_name` says whether it becomes a new version of that, based on
    `base_version`, or a document of its own under a numbered name; raise Conflict without an answer. A draft is to be attached to a post or message still being written: it is in no list and only its uploader sees it.
    A repeated `client_id` returns the earlier file.
    """
    lock_shelf(owner.audience_id)
    if (earlier := _find_by_client_id(client_id, person, blob, owner)) is not None:
        return earlier
    folder_id = None if draft else resolve_folder(owner.audience_id, folder)
    existing = None if draft else find_by_name(owner.audience_id, folder_id, name)
    if existing is not None and same_name is None:
        raise _same_name(existing, name)
    if existing is not None and same_name == "version":
        detail(file=existing.id, folder=folder_id, version=existing.number + 1)
        return replace(
            person, existing, blob=blob, name=name, remark=remark, base_version=base_version, client_id=client_id
        )
    file = File(
        audience_id=owner.audience_id,
        folder_id=folder_id,
        title=name if existing is None else naming.free_title(owner.audience_id, folder_id, name),
        attached=draft,
        made=clock.now(),
        number=0,
        state="draft" if draft else "live",
        sha256=blob.sha256,
        size=blob.size,
        media_type=blob.media_type,
    )
    things.sign(file, person, access.rights(person).role_for(owner) or "member")
    db.session.add(file)
    db.session.flush()
    _add(person, file, blob, name, remark=remark, client_id=client_id)
    detail(file=file.id, folder=folder_id, version=1)
    return file


def add_imported(audience_id: int, *, blob: Blob, name: str, author: Person | None, made: datetime) -> File:
    """Add a file from another system that is to be attached to a post, in the running transaction; nobody is told."""
    file = File(
        audience_id=audience_id,
        title=name,
        attached=True,
        made=made,
        number=0,
        sha256=blob.sha256,
        size=blob.size,
        media_type=blob.media_type,
        author_id=author.id if author else None,
    )
    db.session.add(file)
    db.session.flush()
    _add(author or access.SYSTEM, file, blob, name, made=made)
    file.edited = None
    return file


@action("files.replace", event=FileWritten)
def replace(
    person: Person,
    file: File,
    *,
    blob: Blob,
    name: str,
    remark: str = "",
    base_version: int | None = None,
    client_id: uuid.UUID | None = None,
) -> File:
    """Add a new version. Raise Conflict when the file changed since `base_version`."""
    _lock(file)
    if (earlier := _find_by_client_id(client_id, person, blob, file)) is not None:
        return earlier
    _refuse_trashed(file)
    refuse_overtaken(file, base_version)
    file.title = naming.follow(file.title, name)
    _add(person, file, blob, name, remark=remark, client_id=client_id)
    return _changed(person, file)


@action("files.restore", event=FileWritten)
def restore(person: Person, file: File, *, number: int) -> File:
    """Make an older version the current one; later versions stay. Raise Invalid when there is no such version."""
    _lock(file)
    _refuse_trashed(file)
    old = db.session.get(Version, (file.id, number))
    if old is None or number == file.number:
        raise Invalid(errors={"number": _("Kies een eerdere versie.")})
    file.title = naming.follow(file.title, old.name)
    _add(person, file, Blob(old.sha256, old.size, old.media_type), old.name, restored_from=number)
    return _changed(person, file)


def refuse_overtaken(file: File, base_version: int | None) -> None:
    """Raise Conflict, saying who saved it and when, unless `base_version` is current or None."""
    if base_version is None or base_version == file.version:
        return
    extra = _standing(file)
    raise Conflict(
        _(
            "%(name)s heeft dit document gewijzigd nadat u het opende (%(when)s). Er is niets overschreven. "
            "Bekijk wat er nu staat en kies dan wat er met uw wijziging moet gebeuren.",
            name=extra["saved_by"],
            when=words.moment(file.edited or file.made),
        ),
        **extra,
    )


def _same_name(file: File, name: str) -> Conflict:
    """Return the conflict of an upload with a document of the same name, saying whose that is."""
    extra = _standing(file)
    question = _(
        "Er staat al “%(name)s” (van %(who)s, %(when)s). Nieuwe versie van dat document, of een eigen document?",
        name=name,
        who=extra["saved_by"],
        when=words.short(file.edited or file.made),
    )
    return Conflict(question, errors={"file": question}, code="same_name", **extra)


def _standing(file: File) -> dict[str, Any]:
    """Return what a conflict says of a document: its version, and by whom and when it was saved."""
    editor = db.session.get(Person, file.editor_id) if file.editor_id else None
    return {
        "file": file.id,
        "version": file.version,
        "number": file.number,
        "saved_by": editor.name if editor else _("Iemand anders"),
        "saved_at": clock.rfc3339(file.edited or file.made),
        "title": file.title,
        "description": file.description,
    }


def _lock(file: File) -> None:
    """Lock the document list and reload the file."""
    lock_shelf(file.audience_id)
    db.session.refresh(file)  # a request that held the lock before may have changed it


def _refuse_trashed(file: File) -> None:
    """Raise Invalid when the file is in the trash."""
    if file.state == "trashed":
        raise Invalid(errors={"file": _("Dit document ligt in de prullenbak. Zet het eerst terug.")})


def _add(
    person: Person,
    file: File,
    blob: Blob,
    name: str,
    *,
    remark: str = "",
    restored_from: int | None = None,
    client_id: uuid.UUID | None = None,
    made: datetime | None = None,
) -> None:
    """Add a version; nothing else creates one."""
    now = made or clock.now()
    file.number += 1
    file.sha256, file.size, file.media_type = blob.sha256, blob.size, blob.media_type
    file.saved, file.editor_id, file.edited = now, person.id, now
    db.session.add(
        Version(
            file_id=file.id,
            number=file.number,
            name=name,
            remark=remark,
            made=now,
            restored_from=restored_from,
            person_id=person.id,
            sha256=blob.sha256,
            size=blob.size,
            media_type=blob.media_type,
            client_id=str(client_id) if client_id else None,
        )
    )
    show_picture(file, blob)


def _changed(person: Person, file: File) -> File:
    detail(file=file.id, folder=file.folder_id, version=file.number)
    return file


def _find_by_client_id(
    client_id: uuid.UUID | None, person: Person, blob: Blob, place: Community | Partnership | File
) -> File | None:
    """Return the file that an earlier request of the person with this `client_id` created or changed, else None.

    Raise Conflict when the key came with other content, or was used by another person, in another community or for
    another file.
    """
    if client_id is None:
        return None
    advisory_lock(str(client_id))  # another community, or another kind of thing, may receive the same key
    earlier = db.session.scalar(select(Version).where(Version.client_id == str(client_id)))
    if earlier is None:
        return None
    file = db.session.get_one(File, earlier.file_id)
    here = file.id == place.id if isinstance(place, File) else file.audience_id == place.audience_id
    if earlier.person_id != person.id or not here:
        used = _("Deze sleutel is al gebruikt. Maak een nieuwe.")
        raise Conflict(used, errors={"client_id": used}, code="key_in_use")
    if earlier.sha256 != blob.sha256:
        other = _("Met deze sleutel is al een ander bestand gedeeld. Wat u nu stuurde, is niet gedeeld.")
        raise Conflict(
            other,
            errors={"client_id": other},
            code="repeated_key",
            file=file.id,
            number=earlier.number,
            title=file.title,
        )
    detail(file=earlier.file_id, version=earlier.number, again=1)
    return file
