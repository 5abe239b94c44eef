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
from cop.documents.routes.reading import shelf
from cop.society.programmes import Community


def _find_folder(id: int) -> Folder:
    """Return the folder with this id that the viewer may see, else raise NotFound."""
    folder = folder_of(access.visible_to(current_user, Community), id)
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
    folder = actions.add_folder(current_user, community, **given)
    return respond(folder, to=folder.url, status=201)


def _folder_page(id: int) -> Response:
    """Show the page of a folder, with its form."""
    folder = _find_folder(id)
    return shelf(slug=folder.community.slug, asked={**forms.Shelf().model_dump(), "folder": id})


@routes.patch("/folders/<int:id>")
@endpoint("folders.rename", takes=forms.FolderName, gives=forms.FolderOut, form=_folder_page)
def rename(id: int, given: dict[str, Any]) -> Response:
    """Rename a folder."""
    folder = _find_folder(id)
    actions.rename_folder(current_user, folder, **given)
    flash(_("De map heet nu “%(name)s”.", name=folder.name))
    return respond(folder, to=folder.url)


@routes.delete("/folders/<int:id>")
@endpoint("folders.remove", takes=forms.RemoveFolder, form=_folder_page)
def remove(id: int, given: dict[str, Any]) -> Response:
    """Remove a folder; what is in it moves one level up if that is asked for."""
    folder = _find_folder(id)
    up = shelf_url(folder.community, folder.parent_id)
    name, parent, slug = folder.name, folder.parent_id, folder.community.slug
    if actions.remove_folder(current_user, folder, **given):
        flash(_("De map “%(name)s” is verwijderd. De inhoud staat nu hier.", name=name))
    else:
        undo = f"/communities/{slug}/folders"
        flash(_("De map “%(name)s” is verwijderd.", name=name), undo=undo, name=name, parent=parent or "")
    return respond(to=up)
