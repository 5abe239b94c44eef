"""Stems of Dutch words, and the stems of the parts of compounds."""

import re
from threading import Lock

import Stemmer

from cop.search.lexicon import ENDINGS, PARTS, PROTECTED, STEMS, STOP

SHORTEST_PART = 3
SHORTEST_REST = 4
SHORTEST_ANCHOR = 6  # shorter parts occur in other words by chance: wijk in afwijking
LONGEST_COMPOUND = 40

# Plurals like categorieën; adjectives the stemmer would reduce to the verb (beschikbaar, beschikking).
TREMA_PLURAL = re.compile("(ie|ee)en$")
ABLE = re.compile("(.{3,}?)ba(?:ar|re|arheid|arheden)")

# Endings the stemmer leaves in only some forms of a word. Stems end up cruder, but equal for all forms: warm-e, grenz
# (grens), betaal-d and organiseer-t, goedkoop (goedkop-e) and signaleer (signaler-en).
NORMALISATIONS = (
    (re.compile(r"(?<=...[^aeiou])e$"), ""),
    (re.compile(r"(?<=..)z$"), "s"),
    (re.compile(r"(?<=..)v$"), "f"),
    (re.compile(r"(?<=.....[^aeiou])[dt]$"), ""),
    (re.compile(r"(.*[aeiou].*[^aeiou]|.+[iu])([aeou])\2([^aeiou])$"), r"\1\2\3"),
)

_stemmer = Stemmer.Stemmer("dutch", 0)  # Kraaij-Pohlmann; without its own cache, `analyse` has one
_stemmer_lock = Lock()  # a stemmer is not thread-safe


def stem_and_parts(word: str) -> tuple[str, tuple[str, ...]]:
    """Return stem and parts of a folded word: ("uitstroomconvenan", ("uitstrom", "convenan")).

    A stop word and a word with a digit have no stem; a word that is no compound has no parts.
    """
    if word in STOP or not word.isalpha():
        return "", ()
    pieces = _pieces(word)
    parts = tuple(_stem(piece) for piece in pieces if piece not in STOP and piece not in ENDINGS)
    if pieces and pieces[-1] in PARTS:
        return word.removesuffix(pieces[-1]) + parts[-1], parts
    return _stem(word), parts


def _stem(word: str) -> str:
    """Return the stem from the lists, else from the stemmer; a listed plural has the stem of its singular."""
    base = PARTS.get(word, word)
    if listed := STEMS.get(word) or PROTECTED.get(word) or STEMS.get(base) or PROTECTED.get(base):
        return listed
    if able := ABLE.fullmatch(base):
        return f"{able[1]}baar"
    with _stemmer_lock:
        stem: str = _stemmer.stemWord(TREMA_PLURAL.sub(r"\1", base))
    for pattern, replacement in NORMALISATIONS:
        stem = pattern.sub(replacement, stem)
    return stem


def _pieces(word: str) -> tuple[str, ...]:
    """Return the pieces of a compound as written, linking letters included; () for a simple word."""
    if len(word) > LONGEST_COMPOUND or word in PARTS or word in PROTECTED or word in STEMS:
        return ()
    return _cover(word) or _anchor(word)


def _cover(word: str) -> tuple[str, ...]:
    """Return the known parts that make up the whole word, preferring a long first part; () if there are none."""
    for split in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
        if word[:split] in PARTS:
            rest = word[split:]
            if following := (rest,) if rest in PARTS else _cover(rest):
                return word[:split], *following
    return ()


def _anchor(word: str) -> tuple[str, ...]:
    """Return a long known part at the end or start of the word, with the unknown rest; () if there is none."""
    for split in range(SHORTEST_REST, len(word) - SHORTEST_ANCHOR + 1):
        if word[split:] in PARTS:
            return word[:split], word[split:]
    for split in range(len(word) - SHORTEST_REST, SHORTEST_ANCHOR - 1, -1):
        if len(PARTS.get(word[:split], "")) >= SHORTEST_ANCHOR:
            return word[:split], word[split:]
    return ()
