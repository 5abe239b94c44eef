"""Verbs of uses: report, edit, withdraw and restore, say what came of it; and say what answers a question."""

from __future__ import annotations

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.society.people import Person
from cop.things import Thing
from cop.uses.models import Outcome, ThingUse, is_usable, partnerships_of, standing


@action("uses.report")
def report(person: Person, thing: Thing, *, purpose: str, changed: str = "", partnership: int = 0) -> ThingUse:
    """Report that the person used a thing, and for what; 0 for no partnership.

    Raise Conflict where they reported it already for this partnership and for what is not used, such as a question; Invalid
    for a partnership that is not theirs.
    """
    if not is_usable(thing):
        raise Conflict(_("Dit is een vraag. Kies ‘Ik heb dit gebruikt’ bij het antwoord waar u iets aan had."))
    chosen = _partnership(person, thing, partnership)
    _lock(person.id, thing.id)
    _require_first(person.id, thing.id, chosen)
    use = ThingUse(
        thing_id=thing.id,
        person_id=person.id,
        organisation_id=person.organisation_id,
        partnership_id=chosen,
        purpose=purpose,
        changed=changed,
    )
    db.session.add(use)
    db.session.flush()
    detail(use=use.id, partnership=chosen or 0)
    return use


@action("uses.answers")
def answers(person: Person, thing: Thing, *, title: str) -> ThingUse:
    """Say that a thing answers the question with this title, which the person wanted to ask; a second time changes nothing."""
    _lock(person.id, thing.id)
    use = standing(person.id, thing.id, kind="answered", purpose=title)
    if use is None:
        use = ThingUse(
            kind="answered",
            thing_id=thing.id,
            person_id=person.id,
            organisation_id=person.organisation_id,
            purpose=title,
        )
        db.session.add(use)
        db.session.flush()
    detail(use=use.id)
    return use


@action("uses.edit")
def edit(
    person: Person,
    use: ThingUse,
    *,
    purpose: str | None = None,
    changed: str | None = None,
    partnership: int | None = None,
) -> ThingUse:
    """Change what was used and for what; what is left out stays, 0 names no partnership.

    Raise Conflict for what was withdrawn, and where the person reported another use for this partnership.
    """
    _lock(use.person_id, use.thing_id, use)
    _require_standing(use)
    if purpose is not None:
        use.purpose = purpose
    if changed is not None and use.kind == "used":
        use.changed = changed
    if partnership is not None and use.kind == "used" and (partnership or None) != use.partnership_id:
        chosen = _partnership(person, use.thing, partnership)
        _require_first(use.person_id, use.thing_id, chosen)
        use.partnership_id = chosen
    detail(partnership=use.partnership_id or 0)
    return use


@action("uses.withdraw")
def withdraw(person: Person, use: ThingUse) -> ThingUse:
    """Withdraw a use: nobody counts it any more. A second time changes nothing."""
    _lock(use.person_id, use.thing_id, use)
    if use.withdrawn is None:
        use.withdrawn = clock.now()
    return use


@action("uses.restore")
def restore(person: Person, use: ThingUse) -> ThingUse:
    """Put back a use that was withdrawn; raise Conflict where its person reported the same anew."""
    _lock(use.person_id, use.thing_id, use)
    if use.withdrawn is not None:
        if use.kind == "used":
            _require_first(use.person_id, use.thing_id, use.partnership_id)
        use.withdrawn = None
    return use


@action("uses.follow_up")
def follow_up(person: Person, use: ThingUse, *, outcome: Outcome, remark: str = "") -> ThingUse:
    """Say what came of a use; it replaces what was said before. Raise Conflict for what was withdrawn."""
    _lock(use.person_id, use.thing_id, use)
    _require_used(use)
    use.outcome, use.remark, use.outcome_at = outcome, remark, clock.now()
    detail(outcome=outcome)
    return use


@action("uses.clear_outcome")
def clear_outcome(person: Person, use: ThingUse) -> ThingUse:
    """Take back what was said about the outcome of a use."""
    _lock(use.person_id, use.thing_id, use)
    use.outcome, use.remark, use.outcome_at = "", "", None
    return use


def _lock(person_id: int, thing_id: int, use: ThingUse | None = None) -> None:
    """Let the acts of one person on one thing wait for each other, and read the use as it is now."""
    db.session.flush()
    advisory_lock(f"use:{person_id}:{thing_id}")
    if use is not None:
        db.session.refresh(use)


def _partnership(person: Person, thing: Thing, id: int) -> int | None:
    """Return the id of a partnership of the person in the programme of the thing, None for 0."""
    if not id:
        return None
    programme = access.audience(person, thing.audience_id).programme_id
    if id not in [known for known, _name in partnerships_of(person.id, programme)]:
        raise Invalid(errors={"partnership": _("Kies een samenwerking uit de lijst.")})
    return id


def _require_first(person_id: int, thing_id: int, partnership_id: int | None) -> None:
    if standing(person_id, thing_id, partnership_id) is not None:
        words = _("U hebt hier al gezegd dat u dit gebruikt. U kunt dat wijzigen, of een andere samenwerking kiezen.")
        raise Conflict(words, code="used")


def _require_standing(use: ThingUse) -> None:
    if use.withdrawn is not None:
        raise Conflict(_("Dit is ingetrokken. Zet het eerst terug."))


def _require_used(use: ThingUse) -> None:
    _require_standing(use)
    if use.kind != "used":
        raise Conflict(_("Hierover is niets te zeggen: u hebt dit niet in uw werk gebruikt."))
