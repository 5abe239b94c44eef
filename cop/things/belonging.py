"""What a thing belongs to, such as a thread to a meeting: features of the floors above say so on its page."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from cop.society.people import Person

# For (person, id of the thing, version); "" for nothing that the person may see.
Belonging = Callable[[Person, int, int | None], Markup]
_belongings: list[Belonging] = []


def belonging(render: Belonging) -> Belonging:
    """Let a feature say on the page of a thing what it belongs to.

    With a version, under which that page is cached, what it says is read once for all readers of this version.
    """
    _belongings.append(render)
    return render


def places_of(person: Person, id: int, version: int | None = None) -> Markup:
    """Return the lines that say what a thing belongs to, as far as the person may see that."""
    return Markup().join(render(person, id, version) for render in _belongings)
