"""What follows from other verbs: a source that changes or goes, and an owner who leaves."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import or_, select

from cop import access
from cop.base.db import db
from cop.base.events import Event, on
from cop.base.words import n_
from cop.guidance import actions, desk
from cop.guidance import reminding as reminding
from cop.guidance.models import Card, CardSource
from cop.guidance.sources import mark_of
from cop.leaving.handovers import Handover, handover_preview
from cop.society.events import PersonLeft
from cop.society.people import Person
from cop.things import Thing
from cop.things.events import FileWritten, Moved, TextEdited, TextHidden, TextRetracted, TextShown

assert desk  # imported to register its queues


@on(
    TextEdited,
    TextHidden,
    TextRetracted,
    TextShown,
    Moved,
    FileWritten,
    "threads.hide",
    "threads.retract",
    "threads.unhide",
    "files.describe",
    "files.trash",
    "files.untrash",
    "outcomes.edit",
    "outcomes.remove",
    "outcomes.restore",
)
def changed(event: Event) -> None:
    """Mark the sources that say something else now, or that readers do not see any more; unmark those that are back."""
    for source in _sources(event.thing):
        mark = mark_of(source)
        if mark != source.mark:
            actions.mark_source(access.SYSTEM, source, mark=mark)


@on("breaches.report")
def erased(event: Event) -> None:
    """Erase the words that were carried over from what was removed as a data breach."""
    for source in _sources(event.thing):
        if source.thing_id == event.thing.id:
            actions.mark_source(access.SYSTEM, source, mark="erased")


def _sources(thing: object) -> list[CardSource]:
    """Return the rows of a thing, and of what stands in it, also in guidance that left it out."""
    if not isinstance(thing, Thing):  # such as the community in which a file was uploaded
        return []
    db.session.flush()
    found = (
        select(CardSource)
        .join(Thing, Thing.id == CardSource.thing_id)
        .where(or_(Thing.id == thing.id, Thing.parent_id == thing.id))
        .order_by(CardSource.id)
    )
    return list(db.session.scalars(found))


# Owners


@on("people.leave", "people.hand_over")
def taken_over(event: PersonLeft) -> None:
    """Give the successor the guidance in what they took over, and note which: coming back returns it."""
    if event.successor is None:
        return
    given = []
    for card in _owned(event.member):
        if _takes_part(event.successor, card) and not _takes_part(event.member, card):
            actions.hand_over(access.SYSTEM, card, owner=event.successor, by=event.person)
            given.append(card.id)
    departure = event.result
    departure.given = {**(departure.given or {}), "guidance": given}


@on("people.come_back")
def came_back(event: PersonLeft) -> None:
    """Return the guidance that is still with the successor."""
    given = (event.result.given or {}).get("guidance", [])
    for card in _owned(event.successor) if event.successor is not None and given else []:
        if card.id in given:
            actions.hand_over(access.SYSTEM, card, owner=event.member, by=event.person)


@handover_preview
def to_be_taken_over(handover: Handover) -> list[str]:
    """Say how much guidance goes to the successor, and how much nobody owns afterwards."""
    goes = left = 0
    for audience, number in Counter(card.audience_id for card in _owned(handover.leaver.id)).items():
        if handover.leaver_stays(audience):
            continue
        if handover.successor_takes_part(audience):
            goes += number
        else:
            left += number
    said = []
    if goes:
        said.append(
            n_(
                "%(n)s handreiking gaat naar %(name)s.",
                "%(n)s handreikingen gaan naar %(name)s.",
                goes,
                name=handover.named,
            )
        )
    if left:
        said.append(
            n_(
                "%(n)s handreiking is daarna van niemand. De moderator kiest wie die overneemt.",
                "%(n)s handreikingen zijn daarna van niemand. De moderator kiest wie die overneemt.",
                left,
            )
        )
    return said


def _owned(owner: int) -> list[Card]:
    found = select(Card).where(Card.owner_id == owner, Card.status != "expired", Card.state == "live")
    return list(db.session.scalars(found.order_by(Card.id)))


def _takes_part(person: int, card: Card) -> bool:
    here = select(Person.id).where(Person.id == person, access.readers_of(card.audience_id))
    return db.session.scalar(here) is not None
