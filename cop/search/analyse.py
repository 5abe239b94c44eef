"""One Dutch analyser for both databases: text becomes plain tokens for three columns of an index.

A database is left nothing to do but cut at the spaces, so both find the same (see `match`). Every token is
`[a-z0-9]+`, at most 100 characters; SQLite's `unicode61 remove_diacritics 0` leaves those as they are.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from cop.search.morphology import known

WORD = r"[^\W_]{1,60}(?:['’](?:s|en|ers?|tjes?)(?![^\W_]))?"  # foto's and wmo'er are one word
UNIT = re.compile(rf"{WORD}(?:(?:[-‐‑]|(?<=\d)[.,](?=\d)){WORD}){{0,7}}", re.IGNORECASE)
TIES = re.compile("[-‐‑.,]")
HYPHENATED = re.compile(r"(?=.*[^\W\d_])[^.,]+", re.DOTALL)  # e-mail is email too, 14-11-2017 not 14112017
THOUSANDS = re.compile(r"\d{1,3}([.,]\d{3})+")
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
BROKEN_OFF = re.compile(r"(?<=[^\W\d_])-\s*\n\s*(?=[^\W\d_])")
LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Analysed:
    """A text as the index keeps it: tokens with spaces between, one string a column."""

    exact: str
    stems: str
    parts: str


@dataclass(frozen=True, slots=True)
class Unit:
    """The tokens of one written word, or of several tied by hyphens; joined is without the hyphens."""

    exact: tuple[str, ...]
    stems: tuple[str, ...]
    parts: tuple[str, ...]
    joined: tuple[str, ...] = ()
    joined_stem: tuple[str, ...] = ()


class Letters(dict[int, str]):
    """What a character of decomposed text becomes: a letter of another script its number, a mark nothing."""

    def __missing__(self, code: int) -> str:
        self[code] = f"u{code:x}" if chr(code).isalnum() else ""
        return self[code]


LETTERS = Letters(str.maketrans({own: own for own in "abcdefghijklmnopqrstuvwxyz0123456789"}))
LETTERS.update(str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "þ": "th"}))
LETTERS.update(str.maketrans({"æ": "ae", "œ": "oe"}))


def analyse(text: str) -> Analysed:
    """The tokens of a text: its words, their stems, and the stems of the parts of its compounds.

    Words stand in reading order, so that phrases work; joined ones (wmobeschikking) come after the last.
    """
    exact: list[str] = []
    stems: list[str] = []
    parts: list[str] = []
    joined: list[str] = []
    joined_stems: list[str] = []
    for written in UNIT.findall(clean(text)):
        unit = look(written)
        exact += unit.exact
        stems += unit.stems
        parts += unit.parts
        joined += unit.joined
        joined_stems += unit.joined_stem
    return Analysed(" ".join(exact + joined), " ".join(stems + joined_stems), " ".join(parts))


def clean(text: str) -> str:
    """The text with composed letters, no unseen characters, and words mended that a line's end broke off."""
    if not text.isascii():
        text = UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return BROKEN_OFF.sub("-", text) if "\n" in text else text


@lru_cache(maxsize=1 << 14)
def look(written: str) -> Unit:
    """The tokens of one match of `UNIT` in cleaned text."""
    words = TIES.split(written.replace("’", "'"))
    exact = tuple(filter(None, map(fold, words)))
    stems, parts = zip(*(known(fold(word.partition("'")[0])) for word in words), strict=True)
    unit = Unit(exact, tuple(filter(None, stems)), sum(parts, ()))
    if len(words) == 1 or not (HYPHENATED.fullmatch(written) or THOUSANDS.fullmatch(written)):
        return unit
    joined = "".join(exact)[:LONGEST_TOKEN]
    stem, _ = known(joined)
    return replace(unit, joined=(joined,), joined_stem=(stem,) if stem else ())


def fold(word: str) -> str:
    """The word in small plain letters and digits: Één is een, foto's is fotos, Łódź is lodz."""
    if word.isascii() and word.isalnum():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    return decomposed.translate(LETTERS)[:LONGEST_TOKEN]
