"""Reading marks and drafts; they are private, so the journal has no entries of them."""

from __future__ import annotations

from cop import things
from cop.base.action import action
from cop.society.people import Person
from cop.threads.models import Thread


@action("threads.mark", quiet=True)
def mark(person: Person, thread: Thread, *, seq: int) -> None:
    """Mark the thread as read up to `seq`."""
    things.mark(person, thread, seq)


@action("drafts.save", quiet=True)
def save_draft(person: Person, thing: Person, *, place: str, fields: things.DraftFields) -> None:
    """Store a draft of the person in a place."""
    things.save_draft(person, place, fields)


@action("drafts.drop", quiet=True)
def drop_draft(person: Person, thing: Person, *, place: str) -> None:
    """Delete the draft of the person in a place."""
    things.drop_draft(person, place)
