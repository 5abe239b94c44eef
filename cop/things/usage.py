"""How often things are used by others, which a feature of the floors above counts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from cop.base.words import _, n_


class Usage(NamedTuple):
    """How many partnerships used a thing, and how many organisations and people who named no partnership.

    answered: how often it answered a question that somebody then did not ask.
    """

    partnerships: int = 0
    organisations: int = 0
    people: int = 0  # without an organisation
    answered: int = 0

    @property
    def words(self) -> str:
        """By whom it was used, as `gebruikt door 4 samenwerkingen en 1 organisatie`; "" for nobody."""
        counts = {
            n_("%(n)s samenwerking", "%(n)s samenwerkingen", self.partnerships): self.partnerships,
            n_("%(n)s organisatie", "%(n)s organisaties", self.organisations): self.organisations,
            n_("%(n)s deelnemer", "%(n)s deelnemers", self.people): self.people,
        }
        named = [words for words, n in counts.items() if n]
        if not named:
            return ""
        *first, last = named
        who = _("%(first)s en %(last)s", first=", ".join(first), last=last) if first else last
        return _("gebruikt door %(who)s", who=who)

    @property
    def answered_words(self) -> str:
        """How often it answered a question, as `beantwoordde 3 vragen`; "" for never."""
        return n_("beantwoordde %(n)s vraag", "beantwoordde %(n)s vragen", self.answered) if self.answered else ""


# For the ids of things, the usage of those that somebody used, in one statement.
Counter = Callable[[Collection[int]], dict[int, Usage]]
_counters: list[Counter] = []


def usage_counter(counter: Counter) -> Counter:
    """Let a feature count the usage of things."""
    _counters.append(counter)
    return counter


def usage_of(ids: Collection[int]) -> dict[int, Usage]:
    """Return the usage of those of these things that somebody used; the caller has asked who may see them.

    It counts what everybody in the audience of a thing sees, so it is not for pages of guests.
    """
    found: dict[int, Usage] = {}
    for count in _counters if ids else []:
        found |= count(ids)
    return found
