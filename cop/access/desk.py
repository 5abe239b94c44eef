"""The desk of the moderators: what waits for one of them, which features register as queues."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple

from cop.society.people import Person


class DeskItem(NamedTuple):
    """Something that waits for a moderator; `url` is the page on which they act."""

    audience_id: int
    url: str
    title: str
    text: str  # what waits, in a sentence in the current language
    since: datetime


class DeskQueue(NamedTuple):
    """What waits of one kind.

    items: for (person, ids of audiences that they moderate, most), returns the items that wait longest, in one statement.
    """

    name: str
    order: int
    title: Callable[[], str]
    items: Callable[[Person, Collection[int], int], list[DeskItem]]


_queues: dict[str, DeskQueue] = {}


def desk_queue(queue: DeskQueue) -> DeskQueue:
    """Add a queue to the desk; the lowest order comes first."""
    assert queue.name not in _queues, f"{queue.name} is already a queue of the desk"
    _queues[queue.name] = queue
    return queue


def desk_queues() -> list[DeskQueue]:
    """Return the queues of the desk, in their order."""
    return sorted(_queues.values(), key=lambda one: one.order)
