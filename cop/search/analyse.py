"""The Dutch analyser of both databases: it turns text into plain tokens for three columns of an index.

The database only splits at spaces, so both databases find the same (see `match`). Every token is `[a-z0-9]+`, at most
100 characters; SQLite's `unicode61 remove_diacritics 0` leaves those unchanged.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from cop.base.text.folding import LONGEST_TOKEN, fold
from cop.search.morphology import stem_and_parts

WORD = r"[^\W_]{1,60}(?:['’](?:s|en|ers?|tjes?)(?![^\W_]))?"  # foto's and wmo'er are one word
WRITTEN_WORD = re.compile(rf"{WORD}(?:(?:[-‐‑]|(?<=\d)[.,](?=\d)){WORD}){{0,7}}", re.IGNORECASE)
JOINERS = re.compile("[-‐‑.,]")
HYPHENATED = re.compile(r"(?=.*[^\W\d_])[^.,]+", re.DOTALL)  # e-mail is email too, 14-11-2017 not 14112017
THOUSANDS = re.compile(r"\d{1,3}([.,]\d{3})+")
INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
LINE_BREAK_HYPHEN = re.compile(r"(?<=[^\W\d_])-\s*\n\s*(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Analysed:
    """An analysed text: tokens separated by spaces, one string per index column."""

    exact: str
    stems: str
    parts: str


@dataclass(frozen=True, slots=True)
class WordTokens:
    """The tokens of one written word, or of several joined by hyphens; `joined` is without the hyphens."""

    exact: tuple[str, ...]
    stems: tuple[str, ...]
    parts: tuple[str, ...]
    joined: tuple[str, ...] = ()
    joined_stem: tuple[str, ...] = ()


def analyse(text: str) -> Analysed:
    """Return the tokens of a text: its words, their stems, and the stems of the parts of its compounds.

    Words are in reading order, so that phrases work; joined ones (wmobeschikking) come after the last.
    """
    exact: list[str] = []
    stems: list[str] = []
    parts: list[str] = []
    joined: list[str] = []
    joined_stems: list[str] = []
    for written in WRITTEN_WORD.findall(clean(text)):
        tokens = tokens_of(written)
        exact += tokens.exact
        stems += tokens.stems
        parts += tokens.parts
        joined += tokens.joined
        joined_stems += tokens.joined_stem
    return Analysed(" ".join(exact + joined), " ".join(stems + joined_stems), " ".join(parts))


def clean(text: str) -> str:
    """Return the text with composed letters, without invisible characters, and with words rejoined at line ends."""
    if not text.isascii():
        text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return LINE_BREAK_HYPHEN.sub("-", text) if "\n" in text else text


@lru_cache(maxsize=1 << 14)
def tokens_of(written: str) -> WordTokens:
    """Return the tokens of one match of `WRITTEN_WORD` in cleaned text; cached."""
    words = JOINERS.split(written.replace("’", "'"))
    exact = tuple(filter(None, map(fold, words)))
    stems, parts = zip(*(stem_and_parts(fold(word.partition("'")[0])) for word in words), strict=True)
    tokens = WordTokens(exact, tuple(filter(None, stems)), sum(parts, ()))
    if len(words) == 1 or not (HYPHENATED.fullmatch(written) or THOUSANDS.fullmatch(written)):
        return tokens
    joined = "".join(exact)[:LONGEST_TOKEN]
    stem, _ = stem_and_parts(joined)
    return replace(tokens, joined=(joined,), joined_stem=(stem,) if stem else ())
