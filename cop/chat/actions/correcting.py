"""What is done to a message once it was said: by its author, by a moderator, by everybody."""

from __future__ import annotations

from cop import access, things
from cop.base import clock
from cop.base import text as texts
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.text import Text
from cop.base.words import _
from cop.chat.models import Message, Room, replies
from cop.society.people import Person
from cop.things.events import TextWritten


def touch(message: Message) -> None:
    """Takes the next seq of the room for a change to `message`, so that every reader catches up with it."""
    message.changed = things.next_seq(db.session.get_one(Room, message.parent_id))


def _touch_with_replies(message: Message) -> None:
    """As `touch`; what answers a message shows some of it, so it changes along."""
    touch(message)
    for reply in db.session.scalars(replies(message)).all():
        touch(reply)


def _only_live(message: Message, field: str) -> None:
    if message.state != "live":
        raise Invalid(errors={field: _("Dit bericht is ingetrokken of verborgen.")})


@action("messages.edit", event=TextWritten)
def edit(person: Person, message: Message, *, text: Text, base_version: int | None = None) -> Message:
    """Replaces the text of a message; refuses when somebody saved in between."""
    if base_version is not None and base_version != message.version:
        raise Conflict(
            _("Dit bericht is intussen gewijzigd. Vergelijk de teksten en bewaar opnieuw."),
            version=message.version,
            html=message.html,
            source=message.source,
        )
    _only_live(message, "body")
    names, before = access.names_here(message, text.source), message.html
    message.html, _mentioned = texts.mention(text.html, names)
    message.source, message.format, message.plain = text.source, text.format, text.plain
    message.text_version = texts.VERSION
    message.version += 1
    message.edited = clock.now()
    _touch_with_replies(message)
    things.attach(message, person, texts.references(message.html))
    mentions = texts.newly_mentioned(message.html, before)
    detail(room=message.parent_id, version=message.version, mentions=mentions)
    return message


@action("messages.retract")
def retract(person: Person, message: Message) -> Message:
    """Takes a message back: its place stays, its text is gone."""
    if message.state == "live":
        message.state = "retracted"
        _touch_with_replies(message)
    detail(room=message.parent_id)
    return message


@action("messages.restore")
def restore(person: Person, message: Message) -> Message:
    """Puts a retracted message back."""
    if message.state == "retracted":
        message.state = "live"
        _touch_with_replies(message)
    detail(room=message.parent_id)
    return message


@action("messages.hide")
def hide(person: Person, message: Message, *, reason: str) -> Message:
    """Hides a message behind the reason; its author and moderators can still read it."""
    _only_live(message, "reason")
    message.state, message.reason = "hidden", reason
    _touch_with_replies(message)
    detail(room=message.parent_id)
    return message


@action("messages.unhide")
def unhide(person: Person, message: Message) -> Message:
    """Shows a hidden message again."""
    if message.state == "hidden":
        message.state, message.reason = "live", ""
        _touch_with_replies(message)
    detail(room=message.parent_id)
    return message


@action("messages.react", quiet=True)
def react(person: Person, message: Message, *, kind: str) -> Message:
    """Reacts to a message."""
    _only_live(message, "kind")
    things.react(message, person, kind)
    touch(message)
    return message


@action("messages.unreact", quiet=True)
def unreact(person: Person, message: Message, *, kind: str) -> Message:
    """Takes a reaction back."""
    things.react(message, person, kind, on=False)
    touch(message)
    return message
