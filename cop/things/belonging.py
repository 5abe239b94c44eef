"""What a thing belongs to, such as a thread to a meeting: features of the floors above say so on its page."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from cop.society.people import Person

# For (person, id of the thing, version); "" for nothing that the person may see.
Belonging = Callable[[Person, int, int | None], Markup]
_belongings: list[tuple[frozenset[str], Belonging]] = []


def belonging(*kinds: str) -> Callable[[Belonging], Belonging]:
    """Let a feature say on the pages of things of these kinds, or of all, what they belong to.

    With a version, under which that page is cached, what it says is read once for all readers of this version.
    """

    def decorate(render: Belonging) -> Belonging:
        _belongings.append((frozenset(kinds), render))
        return render

    return decorate


def places_of(person: Person, kind: str, id: int, version: int | None = None) -> Markup:
    """Return the lines that say what a thing belongs to, as far as the person may see that."""
    return Markup().join(render(person, id, version) for kinds, render in _belongings if not kinds or kind in kinds)
