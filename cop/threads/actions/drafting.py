"""Drafts; they are private, so the journal has no entries of them."""

from __future__ import annotations

from uuid import UUID

from cop import things
from cop.base.action import action
from cop.society.people import Person
from cop.threads.redirects import current_place


@action("drafts.save", quiet=True)
def save_draft(
    person: Person,
    thing: Person,
    *,
    id: UUID,
    place: str,
    fields: things.DraftFields,
    revision: int = 1,
    base: int = 0,
    writer: str = "",
) -> None:
    """Store a revision of a draft of the person."""
    things.save_draft(
        person, id, place=current_place(place), fields=fields, revision=revision, base=base, writer=writer
    )


@action("drafts.drop", quiet=True)
def drop_draft(person: Person, thing: Person, *, id: UUID) -> None:
    """Throw away a draft of the person."""
    things.drop_draft(person, id)


@action("drafts.restore", quiet=True)
def restore_draft(person: Person, thing: Person, *, id: UUID) -> None:
    """Restore a draft that the person threw away."""
    things.restore_draft(person, id)
