"""Reading marks and drafts: a person's own, so nothing of them stands in the journal."""

from __future__ import annotations

from typing import Any

from cop import things
from cop.base.action import action
from cop.society.people import Person
from cop.threads.models import Thread


@action("threads.mark", quiet=True)
def mark(person: Person, thread: Thread, *, seq: int) -> None:
    """Notes that the person has read up to `seq`."""
    things.mark(person, thread, seq)


@action("drafts.save", quiet=True)
def save_draft(person: Person, thing: Person, *, place: str, fields: dict[str, Any]) -> None:
    """Keeps what somebody is writing in a place."""
    things.save_draft(person, place, fields)


@action("drafts.drop", quiet=True)
def drop_draft(person: Person, thing: Person, *, place: str) -> None:
    """Forgets what somebody was writing in a place."""
    things.drop_draft(person, place)
