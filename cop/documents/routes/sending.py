"""The page from which a shared document is sent along in a thread or a chat room."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from flask import Response
from flask_login import current_user
from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import endpoint, respond
from cop.documents import forms
from cop.documents.models import File, file_row, shelf_url
from cop.documents.routes.blueprint import routes
from cop.society.memberships import audience_size
from cop.things import Kind, Thing, kinds

SHOWN = 30  # places


class SendingPlace(NamedTuple):
    """A thread or room in which the document can be sent along; `action` takes the text with the file."""

    id: int
    title: str
    icon: str
    noun: str
    action: str
    is_new: bool = False


@routes.get("/files/<int:id>/sending")
@endpoint("files.sending", asks=forms.Sending)
def sending(id: int, asked: dict[str, Any]) -> Response:
    """Show where a document can be sent along, or the form to do so in the place that was chosen."""
    file = access.find(current_user, File, id)
    community = access.audience(current_user, file.audience_id)
    if not community.is_community or file.state != "live":
        raise NotFound
    access.judge(current_user, "files.upload", community)  # who may share here may also write here
    target = _new_thread(community.url or "") if asked["new"] else _place(file, asked["to"]) if asked["to"] else None
    return respond(
        page="documents/sending.html",
        file=file_row(id),
        community=community,
        url=shelf_url(community),
        asked=asked,
        target=target,
        key=uuid.uuid4(),
        places=[] if target else _places(file, asked["q"]),
        audience_size=audience_size(file.audience_id),
    )


def _new_thread(community_url: str) -> SendingPlace:
    return SendingPlace(0, "", "thread", "", f"{community_url}/threads", is_new=True)


def _entries() -> dict[str, Kind]:
    """Return the kinds of what is written in a place, by the kind of the place."""
    return {kind.place: kind for kind in kinds.every() if kind.place}


def _places(file: File, words: str) -> list[SendingPlace]:
    """Return the rooms and the newest threads of the file's audience that the viewer sees, with these words."""
    found = (
        select(Thing.id, Thing.kind, Thing.title)
        .where(Thing.audience_id == file.audience_id, Thing.kind.in_(list(_entries())), Thing.state == "live")
        .where(access.visible_to(current_user, Thing))
        .order_by(Thing.kind, Thing.id.desc())
        .limit(SHOWN)
    )
    if words:
        found = found.where(Thing.title.icontains(words, autoescape=True))
    return [_made(*row) for row in db.session.execute(found)]


def _place(file: File, id: int) -> SendingPlace:
    """Return the place with this id; raise NotFound when nothing can be sent there."""
    place = access.find(current_user, Thing, id)
    if place.audience_id != file.audience_id or place.kind not in _entries():
        raise NotFound
    return _made(place.id, place.kind, place.title)


def _made(id: int, kind: str, title: str) -> SendingPlace:
    of = kinds.get(kind)
    return SendingPlace(id, title, of.icon, of.noun(), f"{of.url(id)}{_entries()[kind].path}")
