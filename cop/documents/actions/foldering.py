"""Folders: made, renamed, and removed when nothing is in them."""

from __future__ import annotations

from sqlalchemy import func, or_, select, update

from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.documents.models import DEEPEST, File, Folder, folders, line_up, path
from cop.society.people import Person
from cop.society.programmes import Community


@action("folders.add")
def add_folder(person: Person, community: Community, *, name: str, parent: int | None = None) -> Folder:
    """Makes a folder, perhaps inside another."""
    line_up(community.audience_id)
    inside = place(community.audience_id, parent, "parent")
    if len(path(folders(community.audience_id), inside)) == DEEPEST:
        raise Invalid(errors={"name": _("Hoogstens %(n)s mappen in elkaar. Maak de map een niveau hoger.", n=DEEPEST)})
    _refuse_known(community.audience_id, inside, name)
    folder = Folder(audience_id=community.audience_id, parent_id=inside, name=name)
    db.session.add(folder)
    db.session.flush()
    detail(folder=folder.id)
    return folder


@action("folders.rename")
def rename_folder(person: Person, folder: Folder, *, name: str) -> Folder:
    """Gives a folder another name."""
    line_up(folder.audience_id)
    _refuse_known(folder.audience_id, folder.parent_id, name, folder.id)
    folder.name = name
    detail(folder=folder.id)
    return folder


@action("folders.remove")
def remove_folder(person: Person, folder: Folder) -> None:
    """Removes an empty folder; what lies in the trash would return one level higher."""
    line_up(folder.audience_id)
    inner = select(Folder.id).where(Folder.parent_id == folder.id)
    files = select(File.id).where(File.folder_id == folder.id, File.state != "trashed")
    if db.session.scalar(select(or_(inner.exists(), files.exists()))):
        raise Invalid(errors={"folder": _("Deze map is niet leeg. Verplaats eerst wat erin staat, of gooi het weg.")})
    db.session.execute(update(File).where(File.folder_id == folder.id).values(folder_id=folder.parent_id))
    detail(folder=folder.id)
    db.session.delete(folder)


def place(audience_id: int, folder_id: int | None, field: str = "folder") -> int | None:
    """The folder with this id on this shelf, None for the top; refused by `field` when there is none."""
    if not folder_id:
        return None
    found = select(Folder.id).where(Folder.id == folder_id, Folder.audience_id == audience_id)
    if db.session.scalar(found) is None:
        raise Invalid(errors={field: _("Deze map is er niet (meer). Kies een andere.")})
    return folder_id


def _refuse_known(audience_id: int, parent_id: int | None, name: str, but: int = 0) -> None:
    same = select(Folder.id).where(
        Folder.audience_id == audience_id,
        func.lower(Folder.name) == func.lower(name),
        Folder.id != but,
        Folder.parent_id == parent_id if parent_id else Folder.parent_id.is_(None),
    )
    if db.session.scalar(same) is not None:
        raise Invalid(errors={"name": _("Er is hier al een map met deze naam. Kies een andere.")})
