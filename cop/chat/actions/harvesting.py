"""Making a thread from the messages of a room: they become a draft that the person finishes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from cop import things
from cop.base import clock, text, words
from cop.base.action import action, detail
from cop.base.errors import Invalid, NotFound
from cop.base.words import _
from cop.chat.models import MessageSource, Room, message_sources
from cop.society.people import Person
from cop.things import Attachment, DraftFields

TITLE = 90  # characters of the first message that become the title
_MARKS = re.compile(r"([\\`*_\[\]<>|~])")


@action("rooms.harvest")
def harvest(person: Person, room: Room, *, messages: Sequence[int] = ()) -> DraftFields:
    """Add the chosen messages to the person's draft of a new thread, below the text that it has."""
    chosen = message_sources(room.id, messages)
    if not chosen:
        raise Invalid(errors={"messages": _("Kies eerst een of meer berichten.")})
    if room.community_id is None:
        raise NotFound()  # a thread is started in a community
    place = f"new:{room.community_id}"
    before = things.draft_of(person, place)
    sources = [str(id) for id in before.get("sources", [])]
    fresh = [message for message in chosen if str(message.id) not in sources]
    if fresh:
        quoted = _quoted(fresh)
        if before.get("format") == "html":
            quoted = text.to_html(quoted, "markdown")
        earlier = {name: value for name, value in before.items() if value}
        draft = {"kind": "question", "title": text.excerpt(chosen[0].plain, TITLE), "format": "markdown", **earlier}
        draft["body"] = f"{earlier['body']}\n\n{quoted}" if "body" in earlier else quoted
        draft["sources"] = [*sources, *(str(message.id) for message in fresh)]
        things.save_draft(person, place, draft)
    detail(messages=[message.id for message in chosen])
    return {"place": place, **things.draft_of(person, place)}


def _quoted(messages: Sequence[MessageSource]) -> str:
    """Return the messages as Markdown: the day, each message as a quotation, and thanks to the authors."""
    files = things.attachments(message.id for message in messages)
    first = messages[0].made
    authors = dict.fromkeys(f"{_plain(_name(message))}{_for(message)}" for message in messages)
    return "\n\n".join(
        [
            _("Uit het live gesprek van %(day)s:", day=words.day(first)),
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
