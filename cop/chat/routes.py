"""The doors of chat."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from flask import Response, g
from flask_login import current_user
from markupsafe import Markup

from cop import access, things
from cop.access.correcting import add_correction_endpoints, add_correction_rules
from cop.base import text
from cop.base.db import db
from cop.base.web import Routes, Slice, cached, endpoint, flash, requested_format, respond, respond_list
from cop.base.web.pages import fragment
from cop.base.words import _
from cop.chat import actions
from cop.chat.actions.correcting import MESSAGES
from cop.chat.forms import (
    LONGEST,
    Chosen,
    Edit,
    HarvestOut,
    MessageOut,
    PersonOut,
    RoomOut,
    Say,
    Showing,
)
from cop.chat.live import SHOWN
from cop.chat.models import Message, MessageRow, Room, address, message_rows, messages, people_in, rooms
from cop.society.memberships import audience_size
from cop.society.programmes import Community
from cop.things.forms import Paging, Seq

routes = Routes("chat", __name__)


@routes.get("/communities/<slug>/rooms")
@endpoint("rooms.list", gives=RoomOut, many=True)
def list_(slug: str) -> Response:
    """The rooms of a community; a browser is led into the only one."""
    community = access.find(current_user, Community, slug=slug)
    found = rooms(current_user, community.audience_id)
    return respond_list(
        Slice(found),
        page="chat/list.html",
        to=f"/rooms/{found[0].id}" if len(found) == 1 else None,
        community=community,
    )


@routes.get("/rooms/<int:id>")
@endpoint("rooms.show", asks=Showing, gives=RoomOut)
def show(id: int, asked: dict[str, Any] | None = None) -> Response:
    """A room with the newest stretch of its messages, or an earlier one."""
    asked = asked or Showing().model_dump()
    room = access.find(current_user, Room, id)
    if requested_format() == "json":
        return respond(room)
    read = _read(room, asked)
    typed = g.typed.value("reply_to") if "typed" in g else ""
    answered = _answered(room, str(asked["reply_to"] or typed or read["draft"].get("reply_to", "")))
    return respond(page="chat/show.html", room=room, asked=asked, answered=answered, **read, **_around(room))


def _answered(room: Room, id: str) -> MessageRow | None:
    """The message that is being answered, when it can be."""
    rows = message_rows([int(id)]) if id.isdecimal() and len(id) < 10 else []
    return next((row for row in rows if row.room_id == room.id and row.state == "live"), None)


def _read(room: Room, asked: dict[str, Any]) -> dict[str, Any]:
    """The stretch of messages, and how far the person has read and written."""
    stretch = {key: asked[key] for key in ("after", "before", "limit")}
    body, ends = cached(("room", room.id, room.version, *stretch.values()), lambda: _body(room, stretch))
    mine = things.reader_state(current_user, room)
    return {
        "body": body,
        "ends": ends,
        "mark": mine.mark,
        "draft": mine.draft,
        "files": things.unposted(current_user, mine.draft.get("files", [])),
        "audience_size": cached(("audience_size", room.audience_id), lambda: audience_size(room.audience_id)),
    }


def _around(room: Room) -> dict[str, Any]:
    """Where the room stands, who is there, and what the person may do."""
    people = people_in(room.id)
    return {
        "community": access.audience(current_user, room.audience_id),
        "role": access.rights(current_user).role_for(room),
        "people": people[:SHOWN],
        "more_people": len(people) - len(people[:SHOWN]),
        "count_people": len(people),
        "may_say": access.may(current_user, "messages.say", room),
        "longest": LONGEST,
        "may_harvest": access.may(current_user, "rooms.harvest", room),
    }


def _body(room: Room, stretch: dict[str, Any]) -> tuple[Markup, Slice[MessageRow]]:
    """The messages of a stretch as HTML, equal for all who may see them, and where the stretch ends."""
    listed = messages(room.id, **stretch)
    html = fragment("chat/_log.html", messages=listed.items, **_beside(listed.items))
    return html, Slice([], listed.next, listed.prev)


def _beside(rows: Sequence[MessageRow]) -> dict[str, Any]:
    """What stands beside messages: their files and reactions."""
    ids = [row.id for row in rows]
    return {"attachments": things.attachments(ids), "reactions": things.reactions(ids)}


@routes.get("/rooms/<int:id>/messages")
@endpoint("rooms.messages", asks=Paging, gives=MessageOut, many=True)
def messages_(id: int, asked: dict[str, Any]) -> Response:
    """The messages of a room: the newest, a stretch by position, or what changed after a seq."""
    room = access.find(current_user, Room, id)
    listed = messages(room.id, **asked)
    return respond_list(
        listed, stream="chat/messages.stream.html", to=room.url, messages=listed.items, **_beside(listed.items)
    )


@routes.post("/rooms/<int:id>/messages")
@endpoint("messages.say", takes=Say, gives=MessageOut, form=show, status=201)
def say_(id: int, given: dict[str, Any]) -> Response:
    """Says something in a room."""
    room = access.find(current_user, Room, id)
    return _shown(actions.say(current_user, room, **given), status=201)


def _shown(message: Message, status: int = 200) -> Response:
    """The message as it stands now: JSON, its fragment, or back to its place."""
    rows = message_rows([message.id])
    return respond(
        rows[0],
        stream="chat/messages.stream.html",
        to=address(message),
        status=status,
        context=lambda: {"messages": rows, **_beside(rows)},
    )


@routes.get("/messages/<int:id>")
@endpoint("messages.show", gives=MessageOut)
def message(id: int) -> Response:
    """The permanent address of a message: its place in its room."""
    found = access.find(current_user, Message, id)
    return respond(lambda: message_rows([found.id])[0], to=address(found))


@routes.get("/messages/<int:id>/acts")
@endpoint("messages.acts")
def acts(id: int) -> Response:
    """What I can do with a message."""
    found = access.find(current_user, Message, id)
    may = access.allowed(current_user, MESSAGES, found)
    may["say"] = access.may(current_user, "messages.say", found)
    problem, body = g.get("problem"), things.body_of(found)
    reads = found.state == "live" or found.author_id == current_user.id or (found.state == "hidden" and may["hide"])
    return respond(
        page="chat/acts.html",
        message=found,
        row=message_rows([found.id])[0],
        may=may,
        reads=reads,
        room=db.session.get_one(Room, found.parent_id),
        reactors=things.reactors(found.id),
        body=body,
        source=text.to_markdown(body.html) if body.format == "html" else body.source,
        history=things.revisions(found.id) if reads else [],
        theirs=problem.extra if problem and "version" in problem.extra else None,
    )


add_correction_rules("messages")
add_correction_endpoints(
    routes,
    "/messages",
    MESSAGES,
    takes=Edit,
    gives=MessageOut,
    respond=_shown,
    edit_form=acts,
    acts=acts,
)


@routes.put("/rooms/<int:id>/mark")
@endpoint("rooms.mark", takes=Seq)
def mark(id: int, given: dict[str, Any]) -> Response:
    """Notes up to where I have read."""
    room = access.find(current_user, Room, id)
    actions.mark(current_user, room, **given)
    return respond(to=room.url)


@routes.post("/rooms/<int:id>/harvest")
@endpoint("rooms.harvest", takes=Chosen, gives=HarvestOut, form=show)
def harvest(id: int, given: dict[str, Any]) -> Response:
    """Makes the draft of a thread from chosen messages."""
    room = access.find(current_user, Room, id)
    draft = actions.harvest(current_user, room, **given)
    to = f"{access.audience(current_user, room.audience_id).url}/threads/new"
    flash(_("De gekozen berichten staan klaar. Maak er een vraag of ervaring van en plaats uw gesprek."))
    return respond(HarvestOut(url=to, **draft), to=to)


@routes.get("/rooms/<int:id>/people")
@endpoint("rooms.people", gives=PersonOut, many=True)
def people(id: int) -> Response:
    """Who is in a room now."""
    room = access.find(current_user, Room, id)
    found = people_in(room.id)
    return respond_list(
        Slice([SimpleNamespace(id=p.id, name=p.name) for p in found]),
        stream="chat/people.stream.html",
        to=room.url,
        people=found[:SHOWN],
        more=len(found) - len(found[:SHOWN]),
        count=len(found),
    )
