"""The scope of an entry: words in the index, beside those of its text, for who may read it and what filters ask.

A search matches them together with its own words, so that the database walks only entries that count, newest first,
and can stop. The words of an entry are `k<kind>`, `a<audience>`, `p<place>`, `u<author>`, `y<year>` and
`m<year><month>`; of a person only `kperson`, and of a thing that is not live, or stands in a place that is not, none.
On PostgreSQL, which cannot walk its index in order, there is also one for each `BLOCKS` that the entry is in.

What a scope finds is checked again against the things themselves (`reading.readable`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

# Letter → bits: entries whose ids differ only in these bits are in one block.
BLOCKS = {"b": 10, "c": 13, "d": 16}

_WORDS = """
SELECT CASE
  WHEN entry.person_id IS NOT NULL THEN 'kperson'
  WHEN about.state = 'live' AND (place.id IS NULL OR place.state = 'live') THEN
    'k' || entry.kind || ' a' || about.audience_id || ' p' || coalesce(about.parent_id, about.id)
    || coalesce(' u' || about.author_id, '') || ' y' || {year} || ' m' || {year} || {month}
  ELSE '' END {blocks}
FROM search_entry AS entry
LEFT JOIN thing AS about ON about.id = entry.thing_id
LEFT JOIN thing AS place ON place.id = about.parent_id
WHERE entry.id = {id}
"""


def sqlite_words(id: str) -> str:
    """Return the subquery for the words of the entry with this id, an SQL expression."""
    return _WORDS.format(id=id, year="substr(about.made, 1, 4)", month="substr(about.made, 6, 2)", blocks="")


def postgres_words(id: str) -> str:
    """Return the same for PostgreSQL."""
    blocks = "".join(f" || ' {letter}' || (entry.id >> {bits})" for letter, bits in BLOCKS.items())
    year, month = (f"to_char(about.made, '{form}')" for form in ("YYYY", "MM"))
    return _WORDS.format(id=id, year=year, month=month, blocks=blocks)


@dataclass(frozen=True, slots=True)
class Scope:
    """A condition on the words of a scope: of each group at least one."""

    groups: tuple[tuple[str, ...], ...]

    def also(self, words: Iterable[str]) -> Scope:
        """Return this scope with one group more."""
        return Scope((*self.groups, tuple(words)))

    def __bool__(self) -> bool:
        """Whether anything can be in it."""
        return all(self.groups)

    def to_fts5(self) -> str:
        """Return the scope as a MATCH expression."""
        return " AND ".join(f"scope : ({' OR '.join(group)})" for group in self.groups)

    def to_tsquery(self) -> str:
        """Return the scope as a tsquery."""
        return " & ".join(f"({' | '.join(group)})" for group in self.groups)


def each(letter: str, values: Iterable[object]) -> list[str]:
    """Return the words with this letter for these values, in a fixed order."""
    return sorted(f"{letter}{value}" for value in values)


def months(since: datetime, now: datetime) -> list[str]:
    """Return words of which every entry made between these moments has one, and no entry from before their month."""
    rest = [f"m{since.year}{month:02}" for month in range(since.month, 13)]
    return rest + [f"y{year}" for year in range(since.year + 1, now.year + 1)]
