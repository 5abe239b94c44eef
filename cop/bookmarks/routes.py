"""Endpoints of bookmarks."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.web import Routes, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.bookmarks import actions, forms
from cop.bookmarks.models import Bookmark, bookmarks, count, find_own, find_row, find_thing, row_on
from cop.things import kinds

routes = Routes("bookmarks", __name__)


@routes.get("/bookmarks")
@endpoint("bookmarks.list", asks=forms.Listing, gives=forms.BookmarkOut, many=True)
def list_(asked: dict[str, Any]) -> Response:
    """List what the viewer keeps and can read, the newest first."""
    found = bookmarks(viewer(), **asked)
    return respond_list(
        found,
        page="bookmarks/list.html",
        context=lambda: {
            "asked": asked,
            "number": count(viewer()),
            "audiences": access.rights(viewer()).audiences,
            "icons": {kind.name: kind.icon for kind in kinds.every()},
        },
    )


@routes.get("/things/<int:id>/bookmark")
@endpoint("bookmarks.form")
def form(id: int) -> Response:
    """Show the form to keep a thing, or the bookmark that the viewer has on it."""
    thing = find_thing(viewer(), id)
    access.judge(viewer(), "bookmarks.add", thing)
    return _page(thing.kind, thing.id, thing.audience_id)


def _page(kind: str, thing_id: int, audience_id: int) -> Response:
    row = row_on(viewer(), thing_id)
    return respond(
        row,
        page="bookmarks/form.html",
        row=row,
        about=f"/things/{thing_id}/bookmark",
        back=kinds.url(kind, thing_id),
        noun=kinds.get(kind).noun(),
        audience=access.audience(viewer(), audience_id),
    )


@routes.put("/things/<int:id>/bookmark")
@endpoint("bookmarks.add", takes=forms.Keep, gives=forms.BookmarkOut, form=form, status=201)
def add(id: int, given: dict[str, Any]) -> Response:
    """Keep a thing."""
    bookmark = actions.add(viewer(), find_thing(viewer(), id), **given)
    flash(_("Bewaard bij uw bladwijzers."), undo=f"{bookmark.url}/delete")
    return _shown(bookmark, status=201)


def _shown(bookmark: Bookmark, status: int = 200) -> Response:
    row = find_row(viewer(), bookmark.id)
    return respond(row, to=row.thing_url if status == 201 else "/bookmarks", status=status)


@routes.get("/bookmarks/<int:id>")
@endpoint("bookmarks.show", gives=forms.BookmarkOut)
def show(id: int) -> Response:
    """Show a bookmark of the viewer, with the form to change it."""
    row = find_row(viewer(), id)
    return _page(row.kind, row.thing_id, row.audience_id)


@routes.patch("/bookmarks/<int:id>")
@endpoint("bookmarks.edit", takes=forms.Keep, gives=forms.BookmarkOut, form=show)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change the note or the reminder of a bookmark."""
    find_row(viewer(), id)
    bookmark = actions.edit(viewer(), find_own(viewer(), id), **given)
    flash(_("Uw bladwijzer is opgeslagen."))
    return _shown(bookmark)


@routes.delete("/bookmarks/<int:id>")
@endpoint("bookmarks.remove")
def remove(id: int) -> Response:
    """Remove a bookmark."""
    bookmark = actions.remove(viewer(), find_own(viewer(), id))
    flash(_("De bladwijzer is verwijderd."), undo=f"{bookmark.url}/restoring")
    return respond(to="/bookmarks")


@routes.post("/bookmarks/<int:id>/restoring")
@endpoint("bookmarks.restore", gives=forms.BookmarkOut)
def restore(id: int) -> Response:
    """Put back a bookmark that was removed."""
    bookmark = actions.restore(viewer(), find_own(viewer(), id, removed=True))
    flash(_("De bladwijzer staat er weer."))
    return _shown(bookmark)
