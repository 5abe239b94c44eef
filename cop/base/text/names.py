"""Names that deceive: letters of other alphabets that look like those of a Latin name, and heaps of accents.

The lists of look-alikes on the Python package index have not been kept up since 2024 (confusable-homoglyphs) and 2021
(confusables). Mixed alphabets need no list, only the names of letters in `unicodedata`; the letters below are those of
Cyrillic, Greek and Armenian, and odd Latin ones, that can make up a whole name that reads as a Latin one.
"""

from __future__ import annotations

import re
import unicodedata

MARKS = 3  # accents on one letter; Vietnamese and pointed Hebrew need two or three
_LOOK_ALIKE = frozenset(
    "АВЕЅІЈКМНОРСТУХҮԌԚԜаеѕіјорсухһԁԛԝӏүѵ"  # Cyrillic
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιкνορυχγϲϳ"  # Greek
    "ՍՏՕԼոսօհցզյգ"  # Armenian
)
_ODD_LATIN = re.compile("[ɑɡɩɪɴɢʀʏʙʜʟʋᴀ-ᶿꜰꜱꞮꞲꓐ-ꓹ]")
_ALWAYS_ODD = frozenset({"CHEROKEE", "LISU", "COPTIC", "DESERET", "OSAGE", "GOTHIC"})
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})


def has_too_many_marks(value: str) -> bool:
    """Return whether more than `MARKS` accents stand on one letter."""
    marks = 0
    for character in value:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks > MARKS:
            return True
    return False


def is_deceptive(name: str) -> bool:
    """Return whether a name mixes alphabets in a word, or has only look-alikes from another than the Latin one."""
    if name.isascii():
        return False
    if _ODD_LATIN.search(name):
        return True
    others: set[str] = set()
    for word in re.split(r"[\W\d_]+", name):
        scripts = {_script(letter) for letter in word} - _EAST_ASIAN
        if len(scripts) > 1 or scripts & _ALWAYS_ODD:
            return True
        if scripts and scripts != {"LATIN"}:
            others |= set(word)
    letters = {letter for letter in others if unicodedata.category(letter).startswith("L")}
    return bool(letters) and letters <= _LOOK_ALIKE


def _script(letter: str) -> str:
    """Return the alphabet of a letter, LATIN for what has none of its own."""
    name = unicodedata.name(letter, "")
    return "LATIN" if name.startswith(("MODIFIER", "FEMININE", "MASCULINE", "MICRO")) else name.partition(" ")[0]
