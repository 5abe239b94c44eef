"""What people asked to be reminded of: features say it to the overview by mail, each thing once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cop.society.people import Person


class Reminder(NamedTuple):
    """What somebody wanted to be reminded of: its title, address and audience, and their own note."""

    title: str
    url: str
    audience_id: int
    note: str


Taker = Callable[[Person], list[Reminder]]
_takers: list[Taker] = []


def takes_reminders(taker: Taker) -> Taker:
    """Let a feature say what a person is to be reminded of by mail; it notes that this is done, in the running transaction."""
    _takers.append(taker)
    return taker


def take_reminders(person: Person) -> list[Reminder]:
    """Return what a person is to be reminded of by the mail that is written now."""
    return [one for taker in _takers for one in taker(person)]
