"""Making a thread from the messages of a room: they become a draft that the person finishes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from cop import things
from cop.base import clock, text, words
from cop.base.action import action, detail
from cop.base.errors import Invalid, NotFound
from cop.base.words import _
from cop.chat.models import MessageSource, Room, message_sources
from cop.society.people import Person
from cop.things import Attachment, DraftFields

TITLE = 90  # characters of the first message that become the title
HARVEST = "harvest"  # the writer of the first revision of such a draft
_MARKS = re.compile(r"([\\`*_\[\]<>|~])")


@action("rooms.harvest")
def harvest(person: Person, room: Room, *, messages: Sequence[int] = ()) -> DraftFields:
    """Make a new draft of a thread from the chosen messages; other drafts of the person stay as they are."""
    chosen = message_sources(room.id, messages)
    if not chosen:
        raise Invalid(errors={"messages": _("Kies eerst een of meer berichten.")})
    if room.community_id is None:
        raise NotFound()  # a thread is started in a community
    detail(messages=[message.id for message in chosen])
    place, sources = f"new:{room.community_id}", [str(message.id) for message in chosen]
    for draft in things.drafts_of(person, place):
        if draft.writer == HARVEST and draft.fields.get("sources") == sources:
            return {"place": place, **draft.fields}  # the form was sent twice
    id = uuid4()
    fields: DraftFields = {
        "kind": "question",
        "title": text.excerpt(chosen[0].plain, TITLE) or room.title,
        "body": text.to_html(_quoted(chosen), "markdown"),
        "format": "html",
        "sources": sources,
    }
    things.save_draft(person, id, place=place, fields=fields, revision=1, writer=HARVEST)
    return {"place": place, **fields, "client_id": str(id)}


def _quoted(messages: Sequence[MessageSource]) -> str:
    """Return the messages as Markdown: the day, each message as a quotation, and thanks to the authors."""
    files = things.attachments(message.id for message in messages)
    first = messages[0].made
    authors = dict.fromkeys(f"{_plain(_name(message))}{_for(message)}" for message in messages)
    return "\n\n".join(
        [
            _("Uit de chat van %(day)s:", day=words.day(first)),
            *(_quotation(message, files.get(message.id, []), first) for message in messages),
            _("Met dank aan %(names)s.", names=", ".join(authors)),
        ]
    )


def _quotation(message: MessageSource, files: Sequence[Attachment], first: datetime) -> str:
    same_day = clock.local(message.made).date() == clock.local(first).date()
    when = words.hour(message.made) if same_day else words.moment(message.made)
    source = message.source if message.format == "markdown" else text.to_markdown(message.html)
    lines = [
        f"**{_plain(_name(message))}**{_for(message)}, [{when}](/messages/{message.id}):",
        "",
        *source.strip().split("\n"),
    ]
    for file in files:
        lines += ["", f"[{_plain(file.title)}](/files/{file.id})"]
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def _name(message: MessageSource) -> str:
    return message.author_name or _("Oud-deelnemer")


def _for(message: MessageSource) -> str:
    return f" ({_plain(message.organisation_name)})" if message.organisation_name else ""


def _plain(name: str) -> str:
    """Escape a name or title for Markdown."""
    return _MARKS.sub(r"\\\1", name)
