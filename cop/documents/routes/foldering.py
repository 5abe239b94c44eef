"""Endpoints of folders."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.documents import actions, forms
from cop.documents.models import Folder, counted_folders, folder_of, shelf_url
from cop.documents.routes.blueprint import routes
from cop.documents.routes.reading import find_partnership, shelf, shelf_of_partnership, show_shelf
from cop.society.programmes import Community


def _find_folder(id: int) -> Folder:
    """Return the folder with this id that the viewer may see, else raise NotFound."""
    folder = folder_of(access.rights(current_user).audiences, id)
    if folder is None:
        raise NotFound
    return folder


@routes.get("/communities/<slug>/folders")
@endpoint("folders.list", gives=forms.FolderOut, many=True)
def list_(slug: str) -> Response:
    """List all folders of a community."""
    community = access.find(current_user, Community, slug=slug)
    return respond_list(Slice(counted_folders(community.audience_id)), to=shelf_url(community))


@routes.post("/communities/<slug>/folders")
@endpoint("folders.add", takes=forms.NewFolder, gives=forms.FolderOut, form=shelf, status=201)
def add(slug: str, given: dict[str, Any]) -> Response:
    """Add a folder."""
    community = access.find(current_user, Community, slug=slug)
    return _added(actions.add_folder(current_user, community, **given))


@routes.post("/partnerships/<int:id>/folders")
@endpoint(
    "folders.add_to_partnership", takes=forms.NewFolder, gives=forms.FolderOut, form=shelf_of_partnership, status=201
)
def add_to_partnership(id: int, given: dict[str, Any]) -> Response:
    """Add a folder to the documents of a partnership."""
    return _added(actions.add_folder(current_user, find_partnership(id), **given))


def _added(folder: Folder) -> Response:
    return respond(folder, to=shelf_url(_owner(folder), folder.id), status=201)


def _owner(folder: Folder) -> access.AudienceRow:
    """Return the community or partnership on whose shelf a folder is."""
    return access.audience(current_user, folder.audience_id)


def _folder_page(id: int) -> Response:
    """Show the page of a folder, with its form."""
    folder = _find_folder(id)
    return show_shelf(_owner(folder), {**forms.Shelf().model_dump(), "folder": id})


@routes.patch("/folders/<int:id>")
@endpoint("folders.rename", takes=forms.FolderName, gives=forms.FolderOut, form=_folder_page)
def rename(id: int, given: dict[str, Any]) -> Response:
    """Rename a folder."""
    folder = _find_folder(id)
    actions.rename_folder(current_user, folder, **given)
    flash(_("De map heet nu “%(name)s”.", name=folder.name))
    return respond(folder, to=shelf_url(_owner(folder), folder.id))


@routes.delete("/folders/<int:id>")
@endpoint("folders.remove", takes=forms.RemoveFolder, form=_folder_page)
def remove(id: int, given: dict[str, Any]) -> Response:
    """Remove a folder; what is in it moves one level up if that is asked for."""
    folder = _find_folder(id)
    owner, name, parent = _owner(folder), folder.name, folder.parent_id
    up = shelf_url(owner, parent)
    if actions.remove_folder(current_user, folder, **given):
        flash(_("De map “%(name)s” is verwijderd. De inhoud staat nu hier.", name=name))
    else:
        undo = f"{owner.url}/folders"
        flash(_("De map “%(name)s” is verwijderd.", name=name), undo=undo, name=name, parent=parent or "")
    return respond(to=up)
