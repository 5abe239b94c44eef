"""Reading marks; they are private, so the journal has no entries of them."""

from __future__ import annotations

from cop import things
from cop.base.action import action
from cop.society.people import Person
from cop.threads.models import Thread


@action("threads.mark", quiet=True)
def mark(person: Person, thread: Thread, *, seq: int) -> None:
    """Mark the thread as read up to `seq`."""
    things.mark(person, thread, seq)
