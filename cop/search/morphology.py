"""The stem of a Dutch word, and the stems of the parts it is compounded of."""

from functools import lru_cache
from threading import Lock

import Stemmer

from cop.search.lexicon import PARTS, PROTECTED, STEMS, STOP

_SHORTEST_PART = 3
_SHORTEST_REST = 4
_SHORTEST_ANCHOR = 6  # a known part beside an unknown one; shorter ones stand in words by chance (wijk, afwijking)
_LONGEST_COMPOUND = 40
_NO_PARTS = STOP | frozenset(  # what may stand beside a known part without being a word of the compound
    "lijk lijke elijk elijke heid heden loos loze loosheid schap schappen baar bare matig matige achtig achtige "
    "ueel uele isme mede samen".split()
)

_stemmer = Stemmer.Stemmer("dutch", 0)  # Kraaij-Pohlmann; no cache of its own, `known` has one
_one_at_a_time = Lock()  # a stemmer object may not be used by two threads at once


@lru_cache(maxsize=1 << 15)
def known(word: str) -> tuple[str, tuple[str, ...]]:
    """Stem and parts of a folded word: ("uitstroomconvenant", ("uitstroom", "convenant")).

    A stop word and a word with a digit in it have no stem; a word that is no compound has no parts.
    """
    if word in STOP or not word.isalpha():
        return "", ()
    pieces = _pieces(word)
    if not pieces:
        return _stem(word), ()
    stems = tuple(_stem(piece) for piece in pieces)
    head = pieces[-1]
    return word.removesuffix(head) + stems[-1], tuple(
        stem for piece, stem in zip(pieces, stems, strict=True) if piece not in _NO_PARTS
    )


def _stem(word: str) -> str:
    """The stem by the lists, else by the stemmer; a plural in the lists has the stem of its singular."""
    base = PARTS.get(word, word)
    if stem := STEMS.get(word) or PROTECTED.get(word) or STEMS.get(base) or PROTECTED.get(base):
        return stem
    with _one_at_a_time:
        return _stemmer.stemWord(base)


def _pieces(word: str) -> tuple[str, ...]:
    """The pieces of a compound as written, joints and all; nothing if it is a word by itself."""
    if len(word) > _LONGEST_COMPOUND or word in PARTS or word in PROTECTED or word in STEMS:
        return ()
    return _cover(word) or _anchor(word)


def _cover(word: str) -> tuple[str, ...]:
    """The known parts the word is wholly made of; the longest first part wins."""
    for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        if word[:cut] in PARTS:
            rest = word[cut:]
            if following := (rest,) if rest in PARTS else _cover(rest):
                return word[:cut], *following
    return ()


def _anchor(word: str) -> tuple[str, ...]:
    """A long known part at the end of the word, else at its beginning, and the unknown other piece."""
    for cut in range(_SHORTEST_REST, len(word) - _SHORTEST_ANCHOR + 1):
        if _is_anchor(word[cut:]):
            return word[:cut], word[cut:]
    for cut in range(len(word) - _SHORTEST_REST, _SHORTEST_ANCHOR - 1, -1):
        if _is_anchor(word[:cut]):
            return word[:cut], word[cut:]
    return ()


def _is_anchor(piece: str) -> bool:
    return len(PARTS.get(piece, "")) >= _SHORTEST_ANCHOR
