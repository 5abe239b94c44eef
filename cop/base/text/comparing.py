"""What differs between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

_WORDS = re.compile(r"\S+\s*|\s+")
MOST_COMPARED = 4_000_000  # words of the one times words of the other: so many steps comparing takes at worst


class Piece(NamedTuple):
    """A piece of two compared texts: in both, only in the older (`gone`) or only in the newer (`new`)."""

    kind: Literal["same", "gone", "new"]
    text: str


def compare(older: str, newer: str) -> list[Piece]:
    """Return the pieces of two texts in their order; what was replaced stands before what replaces it.

    Lines are compared first, then the words of those that differ. Space between words does not count; it is that of the newer
    text.
    """
    before, after = older.splitlines(keepends=True), newer.splitlines(keepends=True)
    found: list[Piece] = []
    for same, older_part, newer_part in _parts(before, after):
        if same:
            found.append(Piece("same", newer_part))
        else:
            found += _word_by_word(_WORDS.findall(older_part), _WORDS.findall(newer_part))
    by_kind = groupby(filter(lambda piece: piece.text, found), key=lambda piece: piece.kind)
    return [Piece(kind, "".join(piece.text for piece in pieces)) for kind, pieces in by_kind]


def _word_by_word(before: list[str], after: list[str]) -> Iterator[Piece]:
    if len(before) * len(after) > MOST_COMPARED:
        yield from (Piece("gone", "".join(before)), Piece("new", "".join(after)))
        return
    for same, older, newer in _parts(before, after):
        if same:
            yield Piece("same", newer)
        else:
            yield from (Piece("gone", older), Piece("new", newer))


def _parts(before: list[str], after: list[str]) -> Iterator[tuple[bool, str, str]]:
    """Yield the parts of both lists that are the same, but for space, and those that are not, in order."""
    one, other = ([text.strip() for text in texts] for texts in (before, after))
    for what, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        yield what == "equal", "".join(before[i:j]), "".join(after[k:m])
