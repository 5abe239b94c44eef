"""Verbs of folders: add, rename, and remove when empty."""

from __future__ import annotations

from itertools import count
from typing import Literal

from sqlalchemy import func, select

from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.documents.actions import naming
from cop.documents.models import DEEPEST, File, Folder, folders, lock_shelf, path
from cop.society.people import Person
from cop.society.programmes import Community, Partnership


@action("folders.add")
def add_folder(person: Person, owner: Community | Partnership, *, name: str, parent: int | None = None) -> Folder:
    """Add a folder, optionally inside another.

    Raise Invalid when the name is taken or the folders are nested too deep.
    """
    lock_shelf(owner.audience_id)
    parent_id = resolve_folder(owner.audience_id, parent, "parent")
    if len(path(folders(owner.audience_id), parent_id)) == DEEPEST:
        raise Invalid(
            errors={
                "name": _("U kunt hoogstens %(n)s mappen in elkaar maken. Maak de map een niveau hoger.", n=DEEPEST)
            }
        )
    _refuse_taken(owner.audience_id, parent_id, name)
    folder = Folder(audience_id=owner.audience_id, parent_id=parent_id, name=name)
    db.session.add(folder)
    db.session.flush()
    detail(folder=folder.id)
    return folder


@action("folders.rename")
def rename_folder(person: Person, folder: Folder, *, name: str) -> Folder:
    """Rename a folder. Raise Invalid when the name is taken."""
    lock_shelf(folder.audience_id)
    _refuse_taken(folder.audience_id, folder.parent_id, name, folder.id)
    folder.name = name
    detail(folder=folder.id)
    return folder


@action("folders.remove")
def remove_folder(person: Person, folder: Folder, *, contents: Literal["up"] | None = None) -> int:
    """Remove a folder and return how many documents and folders moved one level up with `contents`.

    Files of it in the trash move too. A name that is taken there gets a number. Raise Invalid without `contents` when the
    folder is not empty.
    """
    lock_shelf(folder.audience_id)
    folders_in = db.session.scalars(select(Folder).where(Folder.parent_id == folder.id)).all()
    files_in = db.session.scalars(select(File).where(File.folder_id == folder.id)).all()
    live = [file for file in files_in if file.state != "trashed"]
    if (folders_in or live) and contents is None:
        raise Invalid(errors={"folder": _("Deze map is niet leeg. Verplaats eerst wat erin staat, of gooi het weg.")})
    for file in files_in:
        if file in live:
            file.title = naming.free_title(folder.audience_id, folder.parent_id, file.title)
        file.folder_id = folder.parent_id
        db.session.flush()
    for inside in folders_in:
        inside.name = _free_name(folder, inside.name)
        inside.parent_id = folder.parent_id
        db.session.flush()
    moved = len(live) + len(folders_in)
    detail(folder=folder.id, **({"moved": moved} if moved else {}))
    db.session.delete(folder)
    return moved


def _free_name(removed: Folder, name: str) -> str:
    """Return the name, numbered when a folder beside the removed one has it."""
    same = Folder.parent_id == removed.parent_id if removed.parent_id else Folder.parent_id.is_(None)
    beside = select(func.lower(Folder.name)).where(
        Folder.audience_id == removed.audience_id, same, Folder.id != removed.id
    )
    taken = set(db.session.scalars(beside))
    candidates = (name if n == 1 else f"{name} ({n})" for n in count(1))
    return next(free for free in candidates if free.lower() not in taken)


def resolve_folder(audience_id: int, folder_id: int | None, field: str = "folder") -> int | None:
    """Return the id of this folder of the audience, None for the top level.

    Raise Invalid, with the error on `field`, when there is none.
    """
    if not folder_id:
        return None
    found = select(Folder.id).where(Folder.id == folder_id, Folder.audience_id == audience_id)
    if db.session.scalar(found) is None:
        raise Invalid(errors={field: _("Deze map bestaat niet meer. Kies een andere.")})
    return folder_id


def _refuse_taken(audience_id: int, parent_id: int | None, name: str, except_id: int = 0) -> None:
    """Raise Invalid when another folder here has this name."""
    same = select(Folder.id).where(
        Folder.audience_id == audience_id,
        func.lower(Folder.name) == func.lower(name),
        Folder.id != except_id,
        Folder.parent_id == parent_id if parent_id else Folder.parent_id.is_(None),
    )
    if db.session.scalar(same) is not None:
        raise Invalid(errors={"name": _("Er is hier al een map met deze naam. Kies een andere.")})
