"""What differs between two texts, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

_WORDS = re.compile(r"\s+|[^\s]+")


class Piece(NamedTuple):
    """A piece of two compared texts: in both, only in the older (`gone`) or only in the newer (`new`)."""

    kind: Literal["same", "gone", "new"]
    text: str


def compare(older: str, newer: str) -> list[Piece]:
    """Return the pieces of two texts in their order; what was replaced stands before what replaces it."""
    before, after = _WORDS.findall(older), _WORDS.findall(newer)
    pieces: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(before[i:j])))
            continue
        if j > i:
            pieces.append(Piece("gone", "".join(before[i:j])))
        if m > k:
            pieces.append(Piece("new", "".join(after[k:m])))
    return pieces
