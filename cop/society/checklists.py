"""The checklist of a phase: what the programme team still has to do, computed from what is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cop.society.programmes import Programme


@dataclass(frozen=True)
class Check:
    """A line of a checklist; `url` is the page on which it is done."""

    words: str
    done: bool
    url: str
    detail: str = ""  # what is missing, such as the names


Checker = Callable[[Sequence[Programme]], Iterator[tuple[Programme, Check]]]
_checkers: defaultdict[str, list[Checker]] = defaultdict(list)


def checks(*phases: str) -> Callable[[Checker], Checker]:
    """Add what the function yields to the checklists of programmes in these phases; features register their facts.

    The function gets every programme at once, so that the statements do not grow with their number.
    """

    def register(checker: Checker) -> Checker:
        for phase in phases:
            _checkers[phase].append(checker)
        return checker

    return register


def checklists(programmes: Sequence[Programme]) -> list[tuple[Programme, list[Check]]]:
    """Return programmes, each with the checklist of the phase that it is in."""
    found: dict[int, list[Check]] = {programme.id: [] for programme in programmes}
    for checker in dict.fromkeys(checker for phase in _checkers for checker in _checkers[phase]):
        here = [programme for programme in programmes if checker in _checkers[programme.phase]]
        for programme, check in checker(here) if here else ():
            found[programme.id].append(check)
    return [(programme, found[programme.id]) for programme in programmes]


def checklist(programme: Programme) -> list[Check]:
    """Return the checklist of the phase that a programme is in."""
    ((_programme, found),) = checklists([programme])
    return found
