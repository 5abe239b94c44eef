"""Endpoints for reading: the document list, a document with its versions, and file contents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, g, request
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import FileWrapper

from cop import access, things
from cop.base import clock
from cop.base import files as kinds
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.forms import ask
from cop.base.web import endpoint, respond, respond_list
from cop.base.web.pages import part
from cop.documents import forms
from cop.documents.actions.naming import saved_as, stem
from cop.documents.models import (
    FILE,
    THING,
    File,
    FileRow,
    ShelfOwner,
    Version,
    citations,
    file_counts,
    file_row,
    files,
    folders,
    path,
    public_number,
    shelf_url,
    versions,
)
from cop.documents.routes.blueprint import routes
from cop.society.memberships import audience_size
from cop.society.programmes import Community, Partnership
from cop.things import COPIES, Picture, Thing

CHUNK = 256 * 1024  # bytes per read


@routes.get("/communities/<slug>/documents")
@endpoint("documents.list", asks=forms.Shelf, gives=forms.FileOut, many=True)
def shelf(slug: str, asked: dict[str, Any] | None = None) -> Response:
    """Show the documents of a community: a folder, or the files attached to posts and messages."""
    return show_shelf(access.find(current_user, Community, slug=slug), asked or ask(forms.Shelf))


@routes.get("/partnerships/<int:id>/documents")
@endpoint("documents.of_partnership", asks=forms.Shelf, gives=forms.FileOut, many=True)
def shelf_of_partnership(id: int, asked: dict[str, Any] | None = None) -> Response:
    """Show the documents of a partnership to its people and the programme team."""
    owner = access.audience(current_user, find_partnership(id).audience_id)
    return show_shelf(owner, asked or ask(forms.Shelf))


def find_partnership(id: int) -> Partnership:
    """Return a partnership whose documents the viewer may see; raise NotFound for others."""
    found = access.find(current_user, Partnership, id)
    if access.rights(current_user).role_for(found) is None:
        raise NotFound
    return found


def show_shelf(community: ShelfOwner, asked: dict[str, Any]) -> Response:
    """Show the documents of a community or a partnership."""
    known = folders(community.audience_id)
    chain = path(known, asked["folder"])
    if asked["folder"] and not chain:
        raise NotFound
    attached = asked["show"] == "attachments"
    place = (FILE.c.attached if attached else ~FILE.c.attached) & (
        FILE.c.folder_id == (None if attached else asked["folder"])  # an attachment is in no folder
    )
    listed = files(_visible_files(community, "live") & place, **{k: asked[k] for k in ("sort", "after", "limit")})
    may = {
        "upload": access.may(current_user, "files.upload", community),
        "follow": access.may(current_user, "notices.follow", community),
        "curate": access.may(current_user, "folders.rename", community),
        "send": isinstance(community, Community),  # what stands for a partnership is not sent to others
    }
    problem = g.get("problem")
    url = shelf_url(community)
    here = url + (f"?folder={chain[-1].id}" if chain else "?show=attachments" if attached else "?")
    inside = [] if attached or asked["after"] else [f for f in known if f.parent_id == asked["folder"]]
    return respond_list(
        listed,
        page="documents/list.html",
        context=lambda: {"rows": _rows(listed.items, may, f"{here}&sort={asked['sort']}")},
        here=here,
        community=community,
        way=chain,
        inside=inside,
        counts=file_counts([*(folder.id for folder in inside), *(folder.id for folder in chain[-1:])]),
        asked=asked,
        may=may,
        known=known,
        choices=problem.extra.get("choices", []) if problem else [],
        url=url,
        audience_size=audience_size(community.audience_id),
    )


def _rows(files: Sequence[FileRow], may: dict[str, bool], back: str) -> list[Markup]:
    """Return the rows of the list as HTML, each cached for those who may do the same with the file."""
    followed = things.followed_by(current_user, [file.id for file in files])
    viewer, today = current_user.id, clock.today()

    def row(file: FileRow) -> Markup:
        here = {
            "upload": may["upload"],
            "send": may["send"],
            "follow": may["follow"],
            "trash": may["curate"] or file.author_id == viewer,
        }
        following = file.id in followed
        key = (file, today, back, following, *here.values())
        return Markup(
            part("documents/_row.html", key, lambda: {"file": file, "may": here, "following": following, "back": back})
        )

    return [row(file) for file in files]


def _visible_files(community: ShelfOwner, state: str) -> ColumnElement[bool]:
    """Return the condition on the files of a shelf in this state that the viewer may see."""
    here = (FILE.c.audience_id == community.audience_id) & (THING.c.state == state)
    return access.visible_to(current_user, File) & here


@routes.get("/communities/<slug>/files")
@endpoint("files.list", asks=forms.Listing, gives=forms.FileOut, many=True)
def list_(slug: str, asked: dict[str, Any]) -> Response:
    """List the files of a community, attachments included."""
    community = access.find(current_user, Community, slug=slug)
    folder = asked.pop("folder")
    here = _visible_files(community, "live")
    listed = files(here & (FILE.c.folder_id == folder) if folder else here, **asked)
    return respond_list(listed, to=shelf_url(community))


@routes.get("/communities/<slug>/documents/trash")
@endpoint("files.trashed", asks=forms.Trash, gives=forms.FileOut, many=True)
def trashed(slug: str, asked: dict[str, Any]) -> Response:
    """List the trash: all of it for moderators, one's own files for a member."""
    return _show_trash(access.find(current_user, Community, slug=slug), asked)


@routes.get("/partnerships/<int:id>/documents/trash")
@endpoint("files.trashed_of_partnership", asks=forms.Trash, gives=forms.FileOut, many=True)
def trashed_of_partnership(id: int, asked: dict[str, Any]) -> Response:
    """List the trash of a partnership: all of it for the team, one's own files for its people."""
    return _show_trash(access.audience(current_user, find_partnership(id).audience_id), asked)


def _show_trash(community: ShelfOwner, asked: dict[str, Any]) -> Response:
    listed = files(_visible_files(community, "trashed"), **asked)
    return respond_list(listed, page="documents/trash.html", community=community, asked=asked, url=shelf_url(community))


@routes.get("/files/<int:id>")
@endpoint("files.show", gives=forms.FileWhole)
def show(id: int) -> Response:
    """Show a document with its versions and the threads it is attached in."""
    file = access.find(current_user, File, id)
    row, saved = file_row(id), versions(id)
    community = access.audience(current_user, file.audience_id)
    known = folders(file.audience_id) if community.has_shelf else []
    problem = g.get("problem")
    verbs = ("replace", "restore", "describe", "trash", "untrash", "publish", "unpublish")
    return respond(
        lambda: forms.whole(row, saved),
        page="documents/show.html",
        file=row,
        saved=saved,
        community=community,
        known=known,
        way=path(known, row.folder_id),
        url=shelf_url(community),
        remark=forms.remark,
        may={verb: access.may(current_user, f"files.{verb}", file) for verb in verbs}
        | {
            "follow": access.may(current_user, "notices.follow", file),
            "take": access.may(current_user, "guidance.take", file),
            "flag": access.may(current_user, "flags.raise", file),
            "use": access.may(current_user, "uses.report", file),
            "breach": access.may(current_user, "breaches.report", file),
        },
        belongs=things.places_of(current_user, "file", id),
        citations=citations(id, access.visible_to(current_user, Thing)),
        theirs=problem.extra if problem else {},
        shown=kinds.served_as(row.media_type)[1] == "inline",
        following=things.reader_state(current_user, file).following,
        public=public_number(id),
        misnamed=kinds.warning(row.media_type, row.file_name),
    )


@routes.get("/files/<int:id>/content")
@endpoint("files.content", asks=forms.Content, binary=True)
def content(id: int, asked: dict[str, Any]) -> Response:
    """Return the bytes of a file or of one of its versions, with support for ranges and ETags."""
    file = access.find(current_user, File, id)
    number = asked["version"] or file.number
    version = db.session.get(Version, (id, number))
    if version is None:
        raise NotFound
    name = saved_as(file.title, version.name, None if number == file.number else number)
    return stored(version.sha256, version.size, name, version.media_type)


@routes.get("/files/<int:id>/picture")
@endpoint("files.picture", asks=forms.Copy)
def picture(id: int, asked: dict[str, Any]) -> Response:
    """Return a small copy of a picture; until it is made, the picture itself."""
    file = access.find(current_user, File, id)
    shown = db.session.get(Picture, id)
    if shown is None:
        raise NotFound
    made = {width: getattr(shown, name) for width, name in COPIES.items() if getattr(shown, name)}
    if not made:
        return stored(file.sha256, file.size, file.title, file.media_type)
    width = min((width for width in made if width >= int(asked["width"])), default=max(made))
    size = current_app.extensions["files"].size(made[width])
    return stored(made[width], size, f"{stem(file.title)}.webp", "image/webp")


def stored(sha256: str, size: int, name: str, media_type: str) -> Response:
    """Return stored bytes, whole or in part, or 304 when the browser has them."""
    stored = current_app.extensions["files"].open(sha256)
    response = Response(
        FileWrapper(stored, CHUNK),
        direct_passthrough=True,
        headers={**kinds.headers(name, media_type), "Cache-Control": "private, no-cache"},
    )
    response.content_length = size
    response.set_etag(sha256)
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        stored.close()
        raise
    return response
