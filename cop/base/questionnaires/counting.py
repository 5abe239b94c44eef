"""Counting words, with the same result as `static/js/applications/words.js` in the browser."""

from __future__ import annotations

import re
import unicodedata

# Named one by one: `\s` and `split()` differ between Python and JavaScript on U+0085 and U+001C.
SPACES = re.compile("[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def count_words(text: str) -> int:
    """Return the number of words: what stands between spaces and holds a letter or a digit."""
    return sum(any(unicodedata.category(letter)[0] in "LN" for letter in word) for word in SPACES.split(text))


def normalized(text: str) -> str:
    """Return a text with composed letters, LF as its line break and without control characters."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", lines).strip()
