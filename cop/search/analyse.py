"""One Dutch analyser for both databases: text becomes plain tokens for three columns of an index.

SQLite's `unicode61 remove_diacritics 0` and PostgreSQL's `simple` have nothing left to do but cut at the spaces,
so both find the same. Every token is `[a-z0-9]+`, at most 100 characters.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cop.search.morphology import known

_ENDING = "['’](?:s|en|ers?|tjes?)(?![^\\W_])"
_WORD = rf"[^\W_]{{1,60}}(?:{_ENDING})?"
UNIT = re.compile(rf"{_WORD}(?:(?:[-‐‑]|(?<=\d)[.,](?=\d)){_WORD}){{0,7}}", re.IGNORECASE)

_ties = re.compile("[-‐‑.,]")
_unseen = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_broken_off = re.compile(r"(?<=[^\W\d_])-\s*\n\s*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Analysed:
    """A text as the index keeps it: tokens with spaces between, one string a column."""

    exact: str
    stems: str
    parts: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One written word, or several tied by hyphens, as tokens; joined is what they are without the hyphens."""

    exact: tuple[str, ...]
    stems: tuple[str, ...]
    parts: tuple[str, ...]
    joined: tuple[str, ...] = ()
    joined_stem: tuple[str, ...] = ()


class _Letters(dict[int, str]):
    """What a character of decomposed text becomes: a letter of another script its number, a mark nothing."""

    def __missing__(self, code: int) -> str:
        self[code] = f"u{code:x}" if chr(code).isalnum() else ""
        return self[code]


_letters = _Letters(str.maketrans({own: own for own in "abcdefghijklmnopqrstuvwxyz0123456789"}))
_letters.update(str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}))


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
        text = _unseen.sub("", unicodedata.normalize("NFC", text))
    return _broken_off.sub("-", text) if "\n" in text else text


@lru_cache(maxsize=1 << 15)
def look(written: str) -> Unit:
    """The tokens of one match of `UNIT` in cleaned text."""
    words = [(fold(word), *known(fold(word.partition("'")[0]))) for word in _ties.split(written.replace("’", "'"))]
    exact = tuple(word for word, _, _ in words if word)
    return Unit(
        exact,
        tuple(stem for _, stem, _ in words if stem),
        tuple(part for _, _, parts in words for part in parts),
        *_join(exact),
    )


def fold(word: str) -> str:
    """The word in small plain letters and digits: Één is een, foto's is fotos, Łódź is lodz."""
    if not word.isascii():
        word = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    return word.lower().translate(_letters)[:100]


def _join(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tied words as one, with its stem: e-mail is email, 1.250 is 1250; but 13.30, 2.5 and 14-11-2017 aren't."""
    thousands = all(len(word) == 3 for word in words[1:])
    if len(words) < 2 or (all(map(str.isdigit, words)) and not thousands):
        return (), ()
    whole = "".join(words)[:100]
    stem, _ = known(whole)
    return (whole,), (stem,) if stem else ()
