"""Texts of any kind: notify mentioned people and the authors of hidden texts; mail nothing about withdrawn ones."""

from __future__ import annotations

from collections.abc import Iterable

from cop.base.db import db
from cop.base.events import on
from cop.notices import emails
from cop.notices.models import Levels, NoticeReason, follow, levels
from cop.notices.notifying import notify
from cop.society.people import Person
from cop.things import Thing, kinds
from cop.things.events import TextEdited, TextHidden, TextRetracted, TextWritten


@on(TextWritten)
def written(event: TextWritten) -> None:
    """Notify the people mentioned in a new text."""
    if not event.again:
        _mention_in(event.result, event.mentions)


@on(TextEdited)
def edited(event: TextEdited) -> None:
    """Notify the people who are mentioned now and were not before."""
    _mention_in(event.thing, event.mentions)


def _mention_in(text: Thing, people: list[int]) -> None:
    place = _place(text)
    if people and place.state == "live":
        mention(people, place, text.id, text.author_id, levels(place.id))


def mention(people: Iterable[int], place: Thing, text: int, actor: int | None, known: Levels) -> set[int]:
    """Notify and mail mentioned people except the author and those who want no notices, let them follow a thread, and return them.

    Somebody who has the place open reads it there and gets no mail.
    """
    mentioned = notify_about(set(people) - known.quiet - {actor}, "mention", place, text, actor)
    if place.kind == "thread":
        follow(mentioned, place.id, known)
    emails.enqueue("mention", mentioned - _present(place), place, text)
    return mentioned


@on(TextHidden)
def hidden(event: TextHidden) -> None:
    """Notify the author of a text that a moderator hid, and mail nobody about it any more."""
    text: Thing = event.thing
    actor: Person = event.person
    emails.withdraw(thing=text)
    place = _place(text)
    notify_about({text.author_id} - {actor.id}, "hidden", place, text.id, actor.id)


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


def notify_about(
    people: Iterable[int | None], reason: NoticeReason, place: Thing, thing: int, actor: int | None
) -> set[int]:
    """Notify people about a thing in a place; return those who got a notice."""
    return notify(people, reason, place=place.id, thing=thing, actor=actor, audience=place.audience_id)
