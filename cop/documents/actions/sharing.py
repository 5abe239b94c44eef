"""Sharing files: a new one, a new version of one, an old version put back."""

from __future__ import annotations

import uuid
from dataclasses import asdict

from sqlalchemy import select

from cop import access, things
from cop.base import clock, words
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.files import Blob
from cop.base.words import _
from cop.documents.actions import naming
from cop.documents.actions.foldering import place
from cop.documents.models import File, Version, called, line_up
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things.events import FileWritten


@action("files.upload", event=FileWritten)
def upload(
    person: Person,
    community: Community,
    *,
    blob: Blob,
    name: str,
    folder: int | None = None,
    remark: str = "",
    draft: bool = False,
    client_id: uuid.UUID | None = None,
) -> File:
    """Shares a file; one whose name is known in the folder becomes the next version of that.

    A draft is to be attached to what is still being written: it stands on no shelf, and is its uploader's alone
    until that is posted.
    """
    line_up(community.audience_id)
    if (before := _taken_before(client_id, person)) is not None:
        return before
    where = None if draft else place(community.audience_id, folder)
    there = None if draft else called(community.audience_id, where, name)
    if there is not None:
        detail(file=there.id, folder=where, version=there.number + 1)
        return replace(person, there, blob=blob, name=name, remark=remark, client_id=client_id)
    file = File(
        audience_id=community.audience_id,
        folder_id=where,
        title=name,
        attached=draft,
        made=clock.now(),
        number=0,
        state="draft" if draft else "live",
        **asdict(blob),
    )
    things.sign(file, person, access.rights(person).role_for(community) or "member")
    db.session.add(file)
    db.session.flush()
    _add(person, file, blob, name, remark=remark, client_id=client_id)
    detail(file=file.id, folder=where, version=1)
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
    """Adds a new version; refuses when somebody changed the file after the person last saw it."""
    _line_up(file)
    if (before := _taken_before(client_id, person)) is not None:
        return before
    _refuse_trashed(file)
    refuse_overtaken(file, base_version)
    file.title = naming.follow(file.title, name)
    _add(person, file, blob, name, remark=remark, client_id=client_id)
    return _changed(person, file)


@action("files.restore", event=FileWritten)
def restore(person: Person, file: File, *, number: int) -> File:
    """Makes an older version the newest again; what came after it stays."""
    _line_up(file)
    _refuse_trashed(file)
    old = db.session.get(Version, (file.id, number))
    if old is None or number == file.number:
        raise Invalid(errors={"number": _("Kies een eerdere versie.")})
    file.title = naming.follow(file.title, old.name)
    _add(person, file, Blob(old.sha256, old.size, old.media_type), old.name, restored_from=number)
    return _changed(person, file)


def refuse_overtaken(file: File, base_version: int | None) -> None:
    """Refuses what is based on another version than the current; says who saved it and when."""
    if base_version is None or base_version == file.version:
        return
    who = db.session.get(Person, file.editor_id) if file.editor_id else None
    name, when = who.name if who else _("Iemand anders"), file.edited or file.made
    raise Conflict(
        _(
            "%(name)s heeft dit document gewijzigd nadat u het opende (%(when)s). Er is niets overschreven. "
            "Bekijk wat er nu staat en bewaar het uwe dan opnieuw.",
            name=name,
            when=words.moment(when),
        ),
        version=file.version,
        number=file.number,
        saved_by=name,
        saved_at=clock.rfc3339(when),
        title=file.title,
        description=file.description,
    )


def _line_up(file: File) -> None:
    line_up(file.audience_id)
    db.session.refresh(file)  # whoever was before us in the line may have changed it


def _refuse_trashed(file: File) -> None:
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
) -> None:
    """The one place where a version is made."""
    now = clock.now()
    file.number += 1
    file.sha256, file.size, file.media_type = blob.sha256, blob.size, blob.media_type
    file.editor_id, file.edited = person.id, now
    db.session.add(
        Version(
            file_id=file.id,
            number=file.number,
            name=name,
            remark=remark,
            made=now,
            restored_from=restored_from,
            person_id=person.id,
            **asdict(blob),
            client_id=str(client_id) if client_id else None,
        )
    )


def _changed(person: Person, file: File) -> File:
    detail(file=file.id, folder=file.folder_id, version=file.number)
    return file


def _taken_before(client_id: uuid.UUID | None, person: Person) -> File | None:
    """The file that an earlier try with this key made or changed; a key of somebody else's is no key."""
    if client_id is None:
        return None
    before = db.session.scalar(select(Version).where(Version.client_id == str(client_id)))
    if before is None:
        return None
    if before.person_id != person.id:
        raise Invalid(errors={"client_id": _("Deze sleutel is al gebruikt. Maak een nieuwe.")})
    detail(file=before.file_id, version=before.number, again=1)
    return db.session.get_one(File, before.file_id)
