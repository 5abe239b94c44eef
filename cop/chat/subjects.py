"""What a chat room is about: another feature that makes rooms, such as that of meetings, says so here."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cop.chat.models import Room


class Subject(NamedTuple):
    """What a room is about: its id, title and address, and why the room is closed, "" while it is open."""

    id: int
    title: str
    url: str
    closed_because: str


SubjectFinder = Callable[[Room], Subject | None]
_finders: list[SubjectFinder] = []


def subject_finder(finder: SubjectFinder) -> SubjectFinder:
    """Let a feature say what its rooms are about; it returns None for other rooms, and takes no statement to know these."""
    _finders.append(finder)
    return finder


def subject_of(room: Room) -> Subject | None:
    """Return what a room is about, None for that of a community or partnership."""
    return next((found for finder in _finders if (found := finder(room)) is not None), None)
