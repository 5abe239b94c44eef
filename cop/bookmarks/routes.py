"""Endpoints of bookmarks."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.web import Routes, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.bookmarks import actions, forms
from cop.bookmarks.models import Bookmark, bookmarks, count, find_own, find_row, find_thing, row_on
from cop.society.people import Person
from cop.things import kinds

routes = Routes("bookmarks", __name__)


def _viewer() -> Person:
    person: Person = current_user._get_current_object()
    return person


@routes.get("/bookmarks")
@endpoint("bookmarks.list", asks=forms.Listing, gives=forms.BookmarkOut, many=True)
def list_(asked: dict[str, Any]) -> Response:
    """List what the viewer keeps and can read, the newest first."""
    found = bookmarks(_viewer(), **asked)
    return respond_list(
        found,
        page="bookmarks/list.html",
        context=lambda: {
            "asked": asked,
            "number": count(_viewer()),
            "audiences": access.rights(_viewer()).audiences,
            "icons": {kind.name: kind.icon for kind in kinds.every()},
        },
    )


@routes.get("/things/<int:id>/bookmark")
@endpoint("bookmarks.form")
def form(id: int) -> Response:
    """Show the form to keep a thing, or the bookmark that the viewer has on it."""
    thing = find_thing(_viewer(), id)
    access.judge(_viewer(), "bookmarks.add", thing)
    return _page(thing.kind, thing.id, thing.audience_id)


def _page(kind: str, thing_id: int, audience_id: int) -> Response:
    row = row_on(_viewer(), thing_id)
    return respond(
        row,
        page="bookmarks/form.html",
        row=row,
        about=f"/things/{thing_id}/bookmark",
        back=kinds.url(kind, thing_id),
        noun=kinds.get(kind).noun(),
        audience=access.audience(_viewer(), audience_id),
    )


@routes.put("/things/<int:id>/bookmark")
@endpoint("bookmarks.add", takes=forms.Keep, gives=forms.BookmarkOut, form=form, status=201)
def add(id: int, given: dict[str, Any]) -> Response:
    """Keep a thing."""
    bookmark = actions.add(_viewer(), find_thing(_viewer(), id), **given)
    flash(_("Bewaard bij uw bladwijzers."), undo=f"{bookmark.url}/delete")
    return _shown(bookmark, status=201)


def _shown(bookmark: Bookmark, status: int = 200) -> Response:
    row = find_row(_viewer(), bookmark.id)
    return respond(row, to=row.thing_url if status == 201 else "/bookmarks", status=status)


@routes.get("/bookmarks/<int:id>")
@endpoint("bookmarks.show", gives=forms.BookmarkOut)
def show(id: int) -> Response:
    """Show a bookmark of the viewer, with the form to change it."""
    row = find_row(_viewer(), id)
    return _page(row.kind, row.thing_id, row.audience_id)


@routes.patch("/bookmarks/<int:id>")
@endpoint("bookmarks.edit", takes=forms.Keep, gives=forms.BookmarkOut, form=show)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change the note or the reminder of a bookmark."""
    find_row(_viewer(), id)
    bookmark = actions.edit(_viewer(), find_own(_viewer(), id), **given)
    flash(_("Uw bladwijzer is opgeslagen."))
    return _shown(bookmark)


@routes.delete("/bookmarks/<int:id>")
@endpoint("bookmarks.remove")
def remove(id: int) -> Response:
    """Remove a bookmark."""
    bookmark = actions.remove(_viewer(), find_own(_viewer(), id))
    flash(_("De bladwijzer is verwijderd."), undo=f"{bookmark.url}/restoring")
    return respond(to="/bookmarks")


@routes.post("/bookmarks/<int:id>/restoring")
@endpoint("bookmarks.restore", gives=forms.BookmarkOut)
def restore(id: int) -> Response:
    """Put back a bookmark that was removed."""
    bookmark = actions.restore(_viewer(), find_own(_viewer(), id, removed=True))
    flash(_("De bladwijzer staat er weer."))
    return _shown(bookmark)
