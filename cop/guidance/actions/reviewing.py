"""Verbs of reviewing guidance: review, withdraw, advise, comment, settle, reopen and uncomment."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.guidance.actions.drafting import lock, void_approval
from cop.guidance.models import Card, CardComment, SectionName, may_review, sections_of
from cop.society.memberships import moderators_of
from cop.society.people import Person
from cop.things.events import GuidanceNoted

Advice = Literal["approved", "changes"]


@action("guidance.review", event=GuidanceNoted)
def review(person: Person, card: Card, *, reviewer: int | None = None) -> Card:
    """Ask an expert or moderator to review a draft, or without a name any moderator; they are told.

    Raise Conflict for guidance that is no draft, Invalid for a reviewer who owns it or may not review, or without any text.
    """
    lock(card)
    if card.status != "draft":
        raise Conflict(_("Dit is geen concept meer. Ververs de pagina om te zien hoe het ervoor staat."))
    if not any(section.plain.strip() for section in sections_of(card.id).values()):
        raise Invalid(errors={"reviewer": _("Schrijf eerst een tekst. Er is nog niets om te beoordelen.")})
    chosen = db.session.get(Person, reviewer) if reviewer else None
    if reviewer and (chosen is None or chosen.id == card.owner_id or not _reviews(chosen, card)):
        raise Invalid(errors={"reviewer": _("Kies een expert of moderator uit de lijst.")})
    card.status, card.reviewer_id, card.review_asked = "review", reviewer, clock.now()
    void_approval(card)
    people = {reviewer} if reviewer else set(db.session.scalars(moderators_of(card.audience_id)))
    people -= {person.id, card.owner_id}
    detail(card=card.id, people=sorted(people), why="card_review")
    return card


def _reviews(person: Person, card: Card) -> bool:
    return person.state == "active" and may_review(person, card.audience_id)


@action("guidance.withdraw")
def withdraw(person: Person, card: Card) -> Card:
    """Make guidance in review a draft again; its comments stay."""
    if lock(card).status == "review":
        _end(card)
    return card


@action("guidance.advise", event=GuidanceNoted)
def advise(person: Person, card: Card, *, advice: Advice, word: str = "") -> Card:
    """Approve guidance in review, or ask for changes with what should change: then it is a draft again. Its owner is told."""
    lock(card)
    if card.status != "review":
        raise Conflict(_("Deze handreiking ligt niet meer ter beoordeling."))
    if advice == "changes" and not word:
        raise Invalid(errors={"word": _("Schrijf wat er anders moet.")})
    if word:
        db.session.add(CardComment(card_id=card.id, text=word, person_id=person.id))
    if advice == "approved":
        card.approved, card.approved_by_id = clock.now(), person.id
    else:
        _end(card)
    why = "card_approved" if advice == "approved" else "card_changes"
    detail(card=card.id, advice=advice, people=[card.owner_id] if card.owner_id else [], why=why)
    return card


def _end(card: Card) -> None:
    card.status, card.review_asked = "draft", None
    void_approval(card)


@action("guidance.comment", event=GuidanceNoted)
def comment(person: Person, card: Card, *, text: str, section: SectionName | None = None) -> CardComment:
    """Comment on a section of guidance that is being written, or on the whole; its owner is told."""
    if not lock(card).editable:
        raise Conflict(_("Deze tekst ligt vast. Begin een gesprek als er iets niet meer klopt."), code="fixed")
    found = CardComment(card_id=card.id, section=section or "", text=text, person_id=person.id)
    db.session.add(found)
    db.session.flush()
    people = [card.owner_id] if card.owner_id and card.owner_id != person.id else []
    detail(card=card.id, comment=found.id, people=people, why="card_comment")
    return found


@action("guidance.settle")
def settle(person: Person, comment: CardComment) -> CardComment:
    """Record that a comment was dealt with."""
    comment.settled = comment.settled or clock.now()
    return comment


@action("guidance.reopen")
def reopen(person: Person, comment: CardComment) -> CardComment:
    """Record that a comment was not dealt with after all."""
    comment.settled = None
    return comment


@action("guidance.uncomment")
def uncomment(person: Person, comment: CardComment) -> CardComment:
    """Remove a comment and its text."""
    comment.removed, comment.text = clock.now(), ""
    return comment


def open_comments(card_id: int) -> int:
    """Return how many comments on a card wait."""
    here = select(CardComment.id).where(
        CardComment.card_id == card_id, CardComment.settled.is_(None), CardComment.removed.is_(None)
    )
    return len(db.session.scalars(here).all())
