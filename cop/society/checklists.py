"""The checklist of a phase: what the programme team still has to do, computed from what is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cop.society.programmes import Programme


@dataclass(frozen=True)
class Check:
    """A line of a checklist; `url` is the page on which it is done."""

    words: str
    done: bool
    url: str
    detail: str = ""  # what is missing, such as the names


Checker = Callable[[Programme], Iterator[Check]]
_checkers: defaultdict[str, list[Checker]] = defaultdict(list)


def checks(*phases: str) -> Callable[[Checker], Checker]:
    """Add what the function yields for a programme to the checklist of these phases; features register their facts."""

    def register(checker: Checker) -> Checker:
        for phase in phases:
            _checkers[phase].append(checker)
        return checker

    return register


def checklist(programme: Programme) -> list[Check]:
    """Return the checklist of the phase that a programme is in."""
    return [check for checker in _checkers[programme.phase] for check in checker(programme)]
