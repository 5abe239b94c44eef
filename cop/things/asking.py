"""Starting a question from another feature: the feature that has questions registers how."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from cop.base.text import Text
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things.spine import Thing


class Starter(Protocol):
    """A verb that starts a question in a community."""

    def __call__(
        self, person: Person, community: Community, /, *, title: str, text: Text, client_id: UUID | None = None
    ) -> Thing: ...


_starters: list[Starter] = []


def starts_questions(starter: Starter) -> Starter:
    """Register the function that starts a question."""
    _starters.append(starter)
    return starter


def start_question(person: Person, community: Community, **given: Any) -> Thing:
    """Start a question with this title and text in a community, as the person; a repeated client_id returns the first."""
    return _starters[-1](person, community, **given)
