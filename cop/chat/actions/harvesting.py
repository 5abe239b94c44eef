"""Making a thread of what was said in a room: the messages become a draft that the harvester finishes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from cop import things
from cop.base import clock, text, words
from cop.base.action import action, detail
from cop.base.errors import Invalid, NotFound
from cop.base.words import _
from cop.chat.models import Room, message_sources
from cop.society.people import Person

TITLE = 90  # characters of the first message that are proposed as title
_MARKS = re.compile(r"([\\`*_\[\]<>|~])")


@action("rooms.harvest")
def harvest(person: Person, room: Room, *, messages: Sequence[int] = ()) -> dict[str, Any]:
    """Puts the chosen messages in the person's draft of a new thread; what stands there already stays above them."""
    chosen = message_sources(room.id, messages)
    if not chosen:
        raise Invalid(errors={"messages": _("Kies eerst een of meer berichten.")})
    if room.community_id is None:
        raise NotFound()  # a thread is begun in a community
    place = f"new:{room.community_id}"
    before = things.draft_of(person, place)
    sources = [str(id) for id in before.get("sources", [])]
    fresh = [message for message in chosen if str(message.id) not in sources]
    if fresh:
        quoted = _quoted(fresh)
        if before.get("format") == "html":
            quoted = text.to_html(quoted, "markdown")
        kept = {name: value for name, value in before.items() if value}
        draft = {"kind": "question", "title": text.excerpt(chosen[0].plain, TITLE), "format": "markdown", **kept}
        draft["body"] = f"{kept['body']}\n\n{quoted}" if "body" in kept else quoted
        draft["sources"] = [*sources, *(str(message.id) for message in fresh)]
        things.save_draft(person, place, draft)
    detail(messages=[message.id for message in chosen])
    return {"place": place, **things.draft_of(person, place)}


def _quoted(messages: Sequence[Any]) -> str:
    """Markdown: where it was said, each message as a quotation, and whom it is owed to."""
    files = things.attachments(message.id for message in messages)
    first = messages[0].made
    owed = dict.fromkeys(f"{_plain(_name(message))}{_for(message)}" for message in messages)
    return "\n\n".join(
        [
            _("Uit het live gesprek van %(day)s:", day=words.day(first)),
            *(_quotation(message, files.get(message.id, []), first) for message in messages),
            _("Met dank aan %(names)s.", names=", ".join(owed)),
        ]
    )


def _quotation(message: Any, files: Sequence[Any], first: Any) -> str:
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


def _name(message: Any) -> str:
    return message.author_name or _("Oud-deelnemer")


def _for(message: Any) -> str:
    return f" ({_plain(message.organisation_name)})" if message.organisation_name else ""


def _plain(name: str) -> str:
    """A name or title so that Markdown shows it letter by letter."""
    return _MARKS.sub(r"\\\1", name)
