"""The stem of a Dutch word, and the stems of the parts it is compounded of."""

import re
from threading import Lock

import Stemmer

from cop.search.lexicon import ENDINGS, PARTS, PROTECTED, STEMS, STOP

SHORTEST_PART = 3
SHORTEST_REST = 4
SHORTEST_ANCHOR = 6  # shorter parts stand in other words by chance: wijk in afwijking
LONGEST_COMPOUND = 40

# Plurals like categorieën; adjectives of which the stemmer would leave the verb (beschikbaar, beschikking).
TREMA_PLURAL = re.compile("(ie|ee)en$")
ABLE = re.compile("(.{3,}?)ba(?:ar|re|arheid|arheden)")

# What the stemmer leaves different in the forms of one word; stems end up cruder, but the same for all forms:
# warm-e, grenz (grens), betaal-d and organiseer-t, goedkoop (goedkop-e) and signaleer (signaler-en).
LEVELLINGS = (
    (re.compile(r"(?<=...[^aeiou])e$"), ""),
    (re.compile(r"(?<=..)z$"), "s"),
    (re.compile(r"(?<=..)v$"), "f"),
    (re.compile(r"(?<=.....[^aeiou])[dt]$"), ""),
    (re.compile(r"(.*[aeiou].*[^aeiou]|.+[iu])([aeou])\2([^aeiou])$"), r"\1\2\3"),
)

_stemmer = Stemmer.Stemmer("dutch", 0)  # Kraaij-Pohlmann; without its own cache, `analyse` has one
_one_at_a_time = Lock()  # two threads may not use one stemmer at once


def known(word: str) -> tuple[str, tuple[str, ...]]:
    """Stem and parts of a folded word: ("uitstroomconvenan", ("uitstrom", "convenan")).

    A stop word and a word with a digit in it have no stem; a word that is no compound has no parts.
    """
    if word in STOP or not word.isalpha():
        return "", ()
    pieces = _pieces(word)
    parts = tuple(_stem(piece) for piece in pieces if piece not in STOP and piece not in ENDINGS)
    if pieces and pieces[-1] in PARTS:
        return word.removesuffix(pieces[-1]) + parts[-1], parts
    return _stem(word), parts


def _stem(word: str) -> str:
    """The stem by the lists, else by the stemmer; a plural in the lists has the stem of its singular."""
    base = PARTS.get(word, word)
    if listed := STEMS.get(word) or PROTECTED.get(word) or STEMS.get(base) or PROTECTED.get(base):
        return listed
    if able := ABLE.fullmatch(base):
        return f"{able[1]}baar"
    with _one_at_a_time:
        stem: str = _stemmer.stemWord(TREMA_PLURAL.sub(r"\1", base))
    for pattern, level in LEVELLINGS:
        stem = pattern.sub(level, stem)
    return stem


def _pieces(word: str) -> tuple[str, ...]:
    """The pieces of a compound as written, joints and all; none if the word is one by itself."""
    if len(word) > LONGEST_COMPOUND or word in PARTS or word in PROTECTED or word in STEMS:
        return ()
    return _cover(word) or _anchor(word)


def _cover(word: str) -> tuple[str, ...]:
    """The known parts the word is wholly made of; the longest first part wins."""
    for cut in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        if word[:cut] in PARTS:
            rest = word[cut:]
            if following := (rest,) if rest in PARTS else _cover(rest):
                return word[:cut], *following
    return ()


def _anchor(word: str) -> tuple[str, ...]:
    """A long known part at the end of the word, else at its beginning, and the unknown rest."""
    for cut in range(SHORTEST_REST, len(word) - SHORTEST_ANCHOR + 1):
        if word[cut:] in PARTS:
            return word[:cut], word[cut:]
    for cut in range(len(word) - SHORTEST_REST, SHORTEST_ANCHOR - 1, -1):
        if len(PARTS.get(word[:cut], "")) >= SHORTEST_ANCHOR:
            return word[:cut], word[cut:]
    return ()
