"""Verbs of sources: take, leave out, affirm and mark; and of the names of their authors."""

from __future__ import annotations

from sqlalchemy import delete, select

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Forbidden, Invalid
from cop.base.words import _
from cop.guidance.actions.drafting import add_draft, lock, require_editable, void_approval
from cop.guidance.models import LINKS, MOST_SOURCES, Card, CardSource, Mark, SectionName
from cop.guidance.sources import digest_of, excerpt_of
from cop.society.people import Person
from cop.things import Thing, ThingLink
from cop.things.events import GuidanceNoted


@action("guidance.take", event=GuidanceNoted)
def take(
    person: Person,
    thing: Thing,
    *,
    card: Card | None = None,
    title: str = "",
    section: SectionName | None = None,
    excerpt: str = "",
) -> Card:
    """Take a thing as a source of guidance that is being written, or of a new draft with this title; its author is told.

    Taking it again replaces its words and section. Raise Conflict for a thing that is not shown, Forbidden for guidance
    that the person may not write, Invalid for that of another audience.
    """
    place = db.session.get(Thing, thing.parent_id) if thing.parent_id else None
    if thing.kind not in LINKS or thing.state != "live" or (place is not None and place.state != "live"):
        raise Conflict(_("Dit is ingetrokken of verborgen. Zet het eerst terug."), code="gone")
    if card is None:
        if not title:
            raise Invalid(errors={"title": _("Geef de nieuwe handreiking een titel, of kies een concept.")})
        card = add_draft(person, thing.audience_id, title)
    access.judge(person, "guidance.edit", card)
    lock(card)
    require_editable(card)
    if card.audience_id != thing.audience_id:
        raise Invalid(
            errors={"card": _("Deze bron staat ergens anders. Niet iedereen die de handreiking leest, mag haar zien.")}
        )
    words = excerpt_of(thing, excerpt)
    source = db.session.scalar(
        select(CardSource).where(CardSource.card_id == card.id, CardSource.thing_id == thing.id).with_for_update()
    )
    first = source is None or source.left is not None
    if source is None:
        source = CardSource(card_id=card.id, thing_id=thing.id, author_id=thing.author_id, version=0, digest="")
        db.session.add(source)
    if first:
        if _number_of(card.id) >= MOST_SOURCES:
            raise Conflict(_("Een handreiking heeft ten hoogste %(n)s bronnen. Laat eerst iets weg.", n=MOST_SOURCES))
        db.session.add(ThingLink(from_id=card.id, to_id=thing.id, kind=LINKS[thing.kind]))
    source.section, source.excerpt, source.left = section or "", words, None
    _refresh(source, thing)
    void_approval(card)
    db.session.flush()
    detail(card=card.id, source=source.id)
    if first and thing.author_id is not None and thing.author_id != person.id and source.named:
        detail(people=[thing.author_id], why="card_credited")
    return card


def _number_of(card_id: int) -> int:
    here = select(CardSource.id).where(CardSource.card_id == card_id, CardSource.left.is_(None))
    return len(db.session.scalars(here).all())


def _refresh(source: CardSource, thing: Thing) -> None:
    source.version, source.digest = thing.version, digest_of(thing)
    source.mark, source.marked = "", None


@action("guidance.leave_out")
def leave_out(person: Person, source: CardSource) -> Card:
    """Leave a source out of guidance that is being written; earlier versions still name it, and it can be taken again."""
    card = lock(source.card)
    require_editable(card)
    if source.left is None:
        set_left(source, left=True)
        void_approval(card)
    detail(card=card.id, source=source.id)
    return card


def set_left(source: CardSource, *, left: bool) -> None:
    """Leave a source out, or put it back, with the link that its own page shows."""
    kind = LINKS[source.thing.kind]
    source.left = clock.now() if left else None
    if not left:
        db.session.add(ThingLink(from_id=source.card_id, to_id=source.thing_id, kind=kind))
        return
    link = (
        (ThingLink.from_id == source.card_id)
        & (ThingLink.to_id == source.thing_id)
        & ThingLink.kind.in_(LINKS.values())
    )
    shown = [source.thing_id] if kind == "guidance" else []
    db.session.execute(delete(ThingLink).where(link), execution_options={"changes": shown})


@action("guidance.affirm")
def affirm(person: Person, source: CardSource) -> Card:
    """Record that guidance is still right after a source changed, and carry over what the source says now.

    Raise Conflict for a source that readers do not see any more: it is left out, or put back by who hid it.
    """
    card = lock(source.card)
    if source.mark not in ("", "changed"):
        raise Conflict(_("Deze bron is niet meer te lezen. Laat haar weg, of kies een andere."), code="gone")
    if source.mark:
        try:
            source.excerpt = excerpt_of(source.thing, source.excerpt)
        except Invalid:  # the words are not in it any more
            source.excerpt = excerpt_of(source.thing)
        _refresh(source, source.thing)
    detail(card=card.id, source=source.id)
    return card


@action("guidance.mark_source", event=GuidanceNoted)
def mark_source(person: Person, source: CardSource, *, mark: Mark) -> CardSource:
    """Record what happened to a source; the owner of its guidance is told. Words of what was erased are erased too."""
    if source.mark != mark:
        source.mark, source.marked = mark, clock.now() if mark else None
        if mark and source.owner_id is not None and source.card.state == "live" and source.left is None:
            detail(people=[source.owner_id], why="card_source")
    if mark == "erased":
        source.excerpt = ""
    detail(card=source.card_id, source=source.id, mark=mark or "none")
    return source


@action("guidance.withdraw_name")
def withdraw_name(person: Person, card: Card) -> Card:
    """Withdraw the name of a contributor from guidance, also from its earlier versions; what they wrote stays."""
    return _name(person, card, named=False)


@action("guidance.restore_name")
def restore_name(person: Person, card: Card) -> Card:
    """Show the name of a contributor beside what they wrote again."""
    return _name(person, card, named=True)


def _name(person: Person, card: Card, named: bool) -> Card:
    own = contributions(card.id, person.id)
    if not own:
        raise Forbidden(_("Dit kan alleen wie aan deze handreiking bijdroeg."))
    for source in own:
        source.named = named
    detail(card=card.id)
    return card


def contributions(card_id: int, person_id: int) -> list[CardSource]:
    """Return the sources of a card that a person wrote, also those that were left out."""
    own = select(CardSource).where(CardSource.card_id == card_id, CardSource.author_id == person_id)
    return list(db.session.scalars(own))
