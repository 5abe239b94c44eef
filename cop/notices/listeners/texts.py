"""Texts of any kind: notify mentioned people and the authors of hidden texts; mail nothing about withdrawn ones."""

from __future__ import annotations

from cop.base.db import db
from cop.base.events import on
from cop.notices import emails
from cop.notices.models import NoticeReason, follow, follows
from cop.notices.notifying import notify
from cop.society.people import Person
from cop.things import Thing, kinds
from cop.things.events import TextEdited, TextHidden, TextRetracted, TextWritten


@on(TextWritten)
def written(event: TextWritten) -> None:
    """Notify the people mentioned in a new text; threads do so among their other notices."""
    text: Thing = event.result
    if not event.again and text.kind not in ("thread", "post"):
        mention(event.mentions, text)


@on(TextEdited)
def edited(event: TextEdited) -> None:
    """Notify the people who are mentioned now and were not before."""
    mention(event.mentions, event.thing)


def mention(people: list[int], text: Thing) -> None:
    """Notify and mail mentioned people who did not mute the place, and let them follow a thread.

    Somebody who has the place open reads it there and gets no mail.
    """
    place = _place(text)
    if not people or place.state != "live":
        return
    wanted = {*people, None} - {None} - follows(place.id)[1] - {text.author_id}
    mentioned = _notify(wanted, "mention", text, place, text.author_id)
    if place.kind == "thread":
        follow(mentioned, place.id)
    emails.enqueue("mention", mentioned - _present(place), place, text.id)


@on(TextHidden)
def hidden(event: TextHidden) -> None:
    """Notify the author of a text that a moderator hid, and mail nobody about it any more."""
    text: Thing = event.thing
    actor: Person = event.person
    emails.withdraw(thing=text)
    place = _place(text)
    _notify({text.author_id} - {actor.id}, "hidden", text, place, actor.id)


@on(TextRetracted)
def retracted(event: TextRetracted) -> None:
    """Mail nobody about a text that its author retracted."""
    emails.withdraw(thing=event.thing)


def _place(text: Thing) -> Thing:
    """Return the thing that a text stands in, or the text itself."""
    return text if text.parent_id is None else db.session.get_one(Thing, text.parent_id)


def _present(place: Thing) -> set[int]:
    present = kinds.get(place.kind).present
    return present(place.id) if present else set()


def _notify(people: set[int | None], reason: NoticeReason, text: Thing, place: Thing, actor: int | None) -> set[int]:
    return notify(people, reason, place=place.id, thing=text.id, actor=actor, audience=place.audience_id)
