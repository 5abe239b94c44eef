"""Verbs that keep guidance: adopt, revise, confirm, assign, expire, and their opposites."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.guidance.actions.drafting import lock, void_approval
from cop.guidance.actions.sourcing import set_left
from cop.guidance.models import SECTIONS, Card, CardSource, CardVersion, sections_of
from cop.society.people import Person
from cop.things.events import GuidanceNoted


@action("guidance.adopt", event=GuidanceNoted)
def adopt(person: Person, card: Card, *, review_by: date | None = None, remark: str = "") -> Card:
    """Adopt guidance that its reviewer approved, as the next version; who contributed is told.

    review_by: when its owner looks whether it still holds, by default in a year. Raise Conflict without an approval, Invalid
    for a date that is over.
    """
    lock(card)
    if card.status != "review" or card.approved is None:
        raise Conflict(_("Deze handreiking is nog niet goedgekeurd. Vraag eerst een beoordeling."), code="unapproved")
    due = review_by or year_from(clock.today())
    _require_future(due)
    sections = sections_of(card.id)
    here = select(CardSource).where(CardSource.card_id == card.id, CardSource.left.is_(None)).order_by(CardSource.id)
    sources = db.session.scalars(here).all()
    card.number += 1
    db.session.add(
        CardVersion(
            card_id=card.id,
            number=card.number,
            content={
                "title": card.title,
                "sections": {
                    name: {"source": one.source, "html": one.html, "plain": one.plain} for name, one in sections.items()
                },
                "sources": [source.id for source in sources],
            },
            remark=remark,
            person_id=person.id,
            approved_by_id=card.approved_by_id,
        )
    )
    card.status, card.adopted, card.review_by, card.reminded = "adopted", clock.now(), due, None
    card.plain = "\n".join(one.plain for one in sections.values() if one.plain)
    people = {source.author_id for source in sources} | {card.owner_id}
    told = sorted(id for id in people if id is not None and id != person.id)
    detail(card=card.id, number=card.number, people=told, why="card_adopted")
    return card


@action("guidance.revise")
def revise(person: Person, card: Card) -> Card:
    """Begin a new version of guidance that was adopted or expired; readers see the adopted version meanwhile."""
    lock(card)
    if card.status not in ("adopted", "expired"):
        raise Conflict(_("Aan deze handreiking wordt al geschreven."))
    card.status, card.expired, card.expiry_reason, card.replaced_by_id = "draft", None, "", None
    void_approval(card)
    detail(card=card.id, number=card.number)
    return card


@action("guidance.unrevise")
def unrevise(person: Person, card: Card) -> Card:
    """End a revision: the text and sources of the adopted version are put back. Raise Conflict where none is being written."""
    lock(card)
    if not card.revised:
        raise Conflict(_("Er is geen herziening om te stoppen."))
    content = db.session.get_one(CardVersion, (card.id, card.number)).content
    card.title = content["title"]
    sections = sections_of(card.id)
    for name in SECTIONS:
        one, adopted = sections[name], content["sections"][name]
        if one.source != adopted["source"]:
            one.source, one.html, one.plain = adopted["source"], adopted["html"], adopted["plain"]
            one.version += 1
    for source in db.session.scalars(select(CardSource).where(CardSource.card_id == card.id)):
        if (source.left is not None) == (source.id in content["sources"]):
            set_left(source, left=source.id not in content["sources"])
    card.status, card.review_asked = "adopted", None
    void_approval(card)
    detail(card=card.id, number=card.number)
    return card


@action("guidance.confirm")
def confirm(person: Person, card: Card) -> Card:
    """Record that adopted guidance still holds: its date moves to a year from today."""
    lock(card)
    _require_adopted(card)
    card.review_by, card.reminded = year_from(clock.today()), None
    detail(card=card.id)
    return card


@action("guidance.assign", event=GuidanceNoted)
def assign(person: Person, card: Card, *, owner: int, review_by: date | None = None) -> Card:
    """Give guidance another owner, and adopted guidance another date; a new owner is told.

    Raise Invalid for an owner outside the audience, or a date that is over.
    """
    lock(card)
    if owner != card.owner_id:
        here = select(Person.id).where(
            Person.id == owner, Person.state == "active", access.readers_of(card.audience_id)
        )
        if db.session.scalar(here) is None:
            raise Invalid(errors={"owner": _("Kies iemand uit de lijst.")})
        _own(card, owner, person)
    if review_by is not None and review_by != card.review_by and card.number:
        _require_future(review_by)
        card.review_by, card.reminded = review_by, None
    detail(card=card.id)
    return card


@action("guidance.hand_over", event=GuidanceNoted)
def hand_over(person: Person, card: Card, *, owner: int, by: Person) -> Card:
    """Give guidance to the successor of its owner, who left the audience, and tell them."""
    _own(card, owner, by)
    return card


@action("guidance.expire")
def expire(person: Person, card: Card, *, reason: str, replaced_by: int | None = None) -> Card:
    """Record that adopted guidance holds no more, why, and what replaces it: adopted guidance of the same audience."""
    lock(card)
    _require_adopted(card)
    other = db.session.get(Card, replaced_by) if replaced_by else None
    if replaced_by and (
        other is None
        or other.id == card.id
        or other.audience_id != card.audience_id
        or other.state != "live"
        or other.status != "adopted"
    ):
        raise Invalid(errors={"replaced_by": _("Kies een vastgestelde handreiking uit de lijst.")})
    card.status, card.expired, card.expiry_reason, card.replaced_by_id = "expired", clock.now(), reason, replaced_by
    detail(card=card.id, replaced_by=replaced_by or 0)
    return card


@action("guidance.reinstate")
def reinstate(person: Person, card: Card) -> Card:
    """Record that expired guidance holds after all."""
    if lock(card).status == "expired":
        card.status, card.expired, card.expiry_reason, card.replaced_by_id = "adopted", None, "", None
    detail(card=card.id)
    return card


def year_from(day: date) -> date:
    """Return the same day a year later; the 28th for 29 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _own(card: Card, owner: int, by: Person) -> None:
    card.owner_id, card.reminded = owner, None
    if card.reviewer_id == owner:  # nobody reviews their own
        card.reviewer_id = None
        void_approval(card)
    detail(card=card.id, people=[owner] if owner != by.id else [], why="card_owner")


def _require_adopted(card: Card) -> None:
    if card.status != "adopted":
        raise Conflict(_("Dit kan alleen met een vastgestelde handreiking die niet wordt herzien."), code="unadopted")


def _require_future(due: date) -> None:
    if due < clock.today():
        raise Invalid(errors={"review_by": _("Deze datum is voorbij. Kies een datum die nog komt.")})
