"""The endpoints of chat."""

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
from cop.base.forms import Typed
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
from cop.chat.subjects import subject_of
from cop.society.memberships import audience_size
from cop.society.programmes import Community
from cop.things.forms import Paging, Seq

routes = Routes("chat", __name__)


@routes.get("/communities/<slug>/rooms")
@endpoint("rooms.list", gives=RoomOut, many=True)
def list_(slug: str) -> Response:
    """List the rooms of a community; a browser is redirected to the room if there is only one."""
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
    """Show a room with its newest messages, or earlier ones."""
    asked = asked or Showing().model_dump()
    room = access.find(current_user, Room, id)
    if requested_format() == "json":
        return respond(room)
    read = _reading(room, asked)
    typed = g.typed.value("reply_to") if "typed" in g else ""
    draft = read["draft"]
    saved = draft.get("reply_to", "") if draft.get("body") else ""  # a reply without a text was dropped
    answered = _answered(room, str(asked["reply_to"] or typed or saved))
    quoted = text.to_plain(answered.html) if answered else ""
    context = {"asked": asked, "answered": answered, "quoted": quoted, **read, **_room_context(room)}
    return respond(page="chat/show.html", room=room, **context)


def _answered(room: Room, id: str) -> MessageRow | None:
    """Return the message that the reply is to, None unless it is a live message of the room."""
    rows = message_rows([int(id)]) if id.isdecimal() and len(id) < 10 else []
    return next((row for row in rows if row.room_id == room.id and row.state == "live"), None)


def _reading(room: Room, asked: dict[str, Any]) -> dict[str, Any]:
    """Return a slice of messages, and the reading mark and draft of the person."""
    paging = {key: asked[key] for key in ("after", "before", "limit")}
    body, ends = cached(("room", room.id, room.version, *paging.values()), lambda: _body(room, paging))
    state = things.reader_state(current_user, room)
    return {
        "body": body,
        "ends": ends,
        "mark": state.mark,
        "muted": state.following == "mute",
        "draft": state.draft,
        "files": things.unposted(current_user, state.draft.get("files", [])),
        "audience_size": audience_size(room.audience_id),
    }


def _room_context(room: Room) -> dict[str, Any]:
    """Return the community of the room, the people in it, and what the person may do."""
    people, place = people_in(room.id), access.audience(current_user, room.audience_id)
    return {
        "community": place,
        "role": access.rights(current_user).role_for(room),
        "people": people[:SHOWN],
        "more_people": len(people) - len(people[:SHOWN]),
        "count_people": len(people),
        "may_say": room.closed is None and access.may(current_user, "messages.say", room),
        "subject": subject_of(room),
        "longest": LONGEST,
        "may_hide": access.may(current_user, "messages.hide", room),
        "may_harvest": place.is_community and access.may(current_user, "rooms.harvest", room),
    }


def _body(room: Room, paging: dict[str, Any]) -> tuple[Markup, Slice[MessageRow]]:
    """Return a slice of messages as HTML, the same for every reader, and its cursors."""
    listed = messages(room.id, **paging)
    html = fragment("chat/_log.html", messages=listed.items, **_files_and_reactions(listed.items))
    return html, Slice([], listed.next, listed.prev)


def _files_and_reactions(rows: Sequence[MessageRow]) -> dict[str, Any]:
    """Return the files and reactions of messages."""
    ids = [row.id for row in rows]
    return {"attachments": things.attachments(ids), "reactions": things.reactions(ids)}


@routes.get("/rooms/<int:id>/messages")
@endpoint("rooms.messages", asks=Paging, gives=MessageOut, many=True)
def messages_(id: int, asked: dict[str, Any]) -> Response:
    """List the newest messages of a room, a slice by position, or those that changed after a seq."""
    room = access.find(current_user, Room, id)
    listed = messages(room.id, **asked)
    return respond_list(
        listed,
        stream="chat/messages.stream.html",
        to=room.url,
        messages=listed.items,
        **_files_and_reactions(listed.items),
    )


@routes.post("/rooms/<int:id>/messages")
@endpoint("messages.say", takes=Say, gives=MessageOut, form=show, status=201)
def say_(id: int, given: dict[str, Any]) -> Response:
    """Post a message in a room."""
    room = access.find(current_user, Room, id)
    things.keep_other_draft(current_user, given)
    return _shown(actions.say(current_user, room, **given), status=201)


def _shown(message: Message, status: int = 200) -> Response:
    """Respond with the current message: as JSON, as a stream, or with a redirect to it."""
    rows = message_rows([message.id])
    return respond(
        rows[0],
        stream="chat/messages.stream.html",
        to=address(message),
        status=status,
        context=lambda: {"messages": rows, **_files_and_reactions(rows)},
    )


@routes.get("/messages/<int:id>")
@endpoint("messages.show", gives=MessageOut)
def message(id: int) -> Response:
    """Show a message; a browser is redirected to its position in its room."""
    found = access.find(current_user, Message, id)
    return respond(lambda: message_rows([found.id])[0], to=address(found))


@routes.get("/messages/<int:id>/acts")
@endpoint("messages.acts")
def acts(id: int) -> Response:
    """Show the actions that the person can take on a message."""
    return _acts(id, stream="chat/acts.stream.html")


def _acts(id: int, stream: str | None = None) -> Response:
    """Respond with the page about a message, or with its menu."""
    found = access.find(current_user, Message, id)
    room = db.session.get_one(Room, found.parent_id)
    may = access.allowed(current_user, MESSAGES, found)
    may["say"] = access.may(current_user, "messages.say", found)
    if room.closed is not None:
        may |= dict.fromkeys(("say", "edit", "restore", "react", "unreact"), False)
    may["mark"] = access.may(current_user, "outcomes.mark", found)
    may["take"] = access.may(current_user, "guidance.take", found)
    may["flag"] = access.may(current_user, "flags.raise", found)
    may["breach"] = access.may(current_user, "breaches.report", found)
    problem, body = g.get("problem"), things.body_of(found)
    reads = found.state == "live" or found.author_id == current_user.id or (found.state == "hidden" and may["hide"])
    return respond(
        page="chat/acts.html",
        stream=stream,
        message=found,
        viewer=current_user,
        typed=g.get("typed") or Typed(),
        row=message_rows([found.id])[0],
        may=may,
        reads=reads,
        room=room,
        reactors=things.reactors(found.id),
        body=body,
        source=text.to_markdown(body.html) if body.format == "html" else body.source,
        history=things.history(found) if reads else [],
        theirs=problem.extra if problem and "version" in problem.extra else None,
        belongs=lambda: things.places_of(current_user._get_current_object(), "message", found.id),
    )


def _author(message: Message) -> str:
    """Return the name of the author of a message."""
    return message_rows([message.id])[0].author_name or _("Oud-deelnemer")


add_correction_rules("messages")
add_correction_endpoints(
    routes,
    "/messages",
    MESSAGES,
    takes=Edit,
    gives=MessageOut,
    respond=_shown,
    edit_form=_acts,
    acts=acts,
    messages={
        "retract": lambda message: _("Uw chatbericht is ingetrokken."),
        "restore": lambda message: _("Uw chatbericht staat er weer."),
        "hide": lambda message: _("Het chatbericht van %(name)s is verborgen.", name=_author(message)),
        "unhide": lambda message: _("Het chatbericht van %(name)s is weer te zien.", name=_author(message)),
    },
)


@routes.put("/rooms/<int:id>/mark")
@endpoint("rooms.mark", takes=Seq)
def mark(id: int, given: dict[str, Any]) -> Response:
    """Mark a room as read up to a position."""
    room = access.find(current_user, Room, id)
    actions.mark(current_user, room, **given)
    return respond(to=room.url)


@routes.post("/rooms/<int:id>/harvest")
@endpoint("rooms.harvest", takes=Chosen, gives=HarvestOut, form=show)
def harvest(id: int, given: dict[str, Any]) -> Response:
    """Make the draft of a thread from the chosen messages."""
    room = access.find(current_user, Room, id)
    draft = actions.harvest(current_user, room, **given)
    to = f"{access.audience(current_user, room.audience_id).url}/threads/new?draft={draft['client_id']}"
    flash(_("De gekozen berichten staan klaar. Maak er een vraag of ervaring van en plaats uw gesprek."))
    return respond(HarvestOut.model_validate({"url": to, **draft}), to=to)


@routes.get("/rooms/<int:id>/people")
@endpoint("rooms.people", gives=PersonOut, many=True)
def people(id: int) -> Response:
    """List the people who are in a room now."""
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
