"""Verbs by which guidance is written: draft, edit, remove and restore."""

from __future__ import annotations

from typing import NamedTuple

from cop import access
from cop.base import clock, text
from cop.base.action import action, detail
from cop.base.db import db, lock_row
from cop.base.errors import Conflict, VersionNeeded
from cop.base.words import _
from cop.guidance.models import SECTIONS, Card, CardSection, SectionName, sections_of
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import sign


class Written(NamedTuple):
    """A new text of a section, and the version on which it is based."""

    text: text.Text
    base: int | None


@action("guidance.draft")
def draft(person: Person, community: Community, *, title: str) -> Card:
    """Draft guidance in a community, with empty sections; the person owns it."""
    return add_draft(person, community.audience_id, title)


def add_draft(person: Person, audience_id: int, title: str) -> Card:
    """Add a draft with empty sections, in the running verb."""
    card = Card(audience_id=audience_id, title=title, owner_id=person.id)
    sign(card, person, access.rights(person).role(audience_id) or "team")
    db.session.add(card)
    db.session.flush()
    db.session.add_all([CardSection(card_id=card.id, name=name) for name in SECTIONS])
    detail(card=card.id)
    return card


@action("guidance.edit")
def edit(
    person: Person,
    card: Card,
    *,
    title: str | None = None,
    base_title: str | None = None,
    text: dict[SectionName, Written] | None = None,
) -> Card:
    """Change the title and sections of guidance that is being written; what is left out stays.

    Raise Conflict where somebody else changed a section after the version on which a text is based, with both texts;
    nothing is stored then. An approval is void when the text changes.
    """
    lock(card)
    require_editable(card)
    sections = sections_of(card.id)
    changed = {name: one for name, one in (text or {}).items() if one.text.source != sections[name].source}
    if any(one.base is None for one in changed.values()):
        raise VersionNeeded
    theirs = {name: sections[name] for name, one in changed.items() if one.base != sections[name].version}
    renames = title is not None and title != card.title
    renamed = renames and base_title is not None and base_title != card.title
    if theirs or renamed:
        words = _("Iemand anders heeft dit intussen gewijzigd. Er is niets overschreven; uw tekst staat er nog.")
        raise Conflict(
            words,
            errors={**({"title": words} if renamed else {}), **dict.fromkeys(theirs, words)},
            code="changed",
            title=card.title,
            sections={
                name: {"html": one.html, "source": one.source, "version": one.version} for name, one in theirs.items()
            },
        )
    if renames and title is not None:
        card.title = title
    for name, written in changed.items():
        section = sections[name]
        section.source, section.html, section.plain = written.text.source, written.text.html, written.text.plain
        section.version += 1
        section.editor_id, section.edited = person.id, clock.now()
    if changed or renames:
        void_approval(card)
    detail(sections=len(changed))
    return card


@action("guidance.remove")
def remove(person: Person, card: Card) -> Card:
    """Remove guidance that was never adopted; raise Conflict for other guidance, which can expire."""
    lock(card)
    if card.number:
        raise Conflict(_("Deze handreiking is vastgesteld. Laat haar vervallen, met de reden erbij."))
    if card.state == "live":
        card.state = "retracted"
    return card


@action("guidance.restore")
def restore(person: Person, card: Card) -> Card:
    """Put back guidance that was removed."""
    if card.state == "retracted":
        card.state = "live"
    return card


def lock(card: Card) -> Card:
    """Lock a card and read it again, so that of two people who act at once the second sees what the first did."""
    lock_row(card)
    return card


def require_editable(card: Card) -> None:
    """Raise Conflict unless the text of a card is being written."""
    if not card.editable:
        raise Conflict(_("Deze tekst ligt vast. Begin eerst een herziening."), code="fixed")


def void_approval(card: Card) -> None:
    """Drop the approval of a card whose text changes: the reviewer looks again."""
    card.approved = card.approved_by_id = None
