"""Folding: words and names in lower-case ASCII, so that Zoë is found as zoe. Search and mentions share it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LONGEST_TOKEN = 100
_APOSTROPHES = frozenset("'’‘ʼ`´")


class LetterTable(dict[int, str]):
    """Translation table of decomposed text: a letter of another script becomes its code, a mark nothing."""

    def __missing__(self, code: int) -> str:
        self[code] = f"u{code:x}" if chr(code).isalnum() else ""
        return self[code]


LETTERS = LetterTable(str.maketrans({own: own for own in "abcdefghijklmnopqrstuvwxyz0123456789"}))
LETTERS.update(str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "þ": "th"}))
LETTERS.update(str.maketrans({"æ": "ae", "œ": "oe"}))


def fold(word: str) -> str:
    """Return the word in lower-case ASCII: Één becomes een, foto's fotos, Łódź lodz."""
    if word.isascii() and word.isalnum():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    return decomposed.translate(LETTERS)[:LONGEST_TOKEN]


@lru_cache(maxsize=1 << 12)
def fold_letter(character: str) -> str:
    """Return one character of a name folded: nothing for a mark or an apostrophe, a space for what separates words."""
    if character in _APOSTROPHES or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return ""
    return fold(character) or " "


@lru_cache(maxsize=1 << 12)
def fold_name(name: str) -> str:
    """Return a name folded, its words separated by single spaces: İlker Çağ-Smit becomes ilker cag smit."""
    return " ".join("".join(map(fold_letter, name)).split())


def matches(typed: str, name: str) -> int | None:
    """Return how well a name matches what was typed of it: 0 from its beginning, 1 from a word, 2 inside; None if not.

    Every typed word must occur; words may be run together or left out, as in `vdberg` or `jan berg`.
    """
    wanted, folded = fold_name(typed), fold_name(name)
    joined = folded.replace(" ", "")
    if folded.startswith(wanted) or joined.startswith(wanted.replace(" ", "")):
        return 0
    words = wanted.split()
    if all(f" {folded}".find(f" {word}") >= 0 for word in words):
        return 1
    return 2 if all(word in folded or word in joined for word in words) else None
