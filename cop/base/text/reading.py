"""Extraction from clean HTML: plain text, an excerpt, and the files it refers to."""

from __future__ import annotations

import re
from html import unescape

from cop.base.text.tags import CELLS, TAG, name_of

_LINES = frozenset({"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "tr"})
_SPACE = re.compile(r"[ \t\n]+")
_ALT = re.compile(r' alt="([^"]*)"')
_JOINER = "\u200d"
# What belongs to the character before it: combining marks, variation selectors, skin tones, tags and joiners.
_JOINED = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+$")  # two letters make a flag
_FILE = re.compile(r'<(?:a|img)\b[^<>]* (?:href|src)="/files/(\d{1,15})[/?#"]')


def to_plain(html: str) -> str:
    """Return the plain text of the HTML: a line per block, row or line break; the description of each picture."""
    parts = []
    literal = False
    for index, part in enumerate(TAG.split(html)):
        if index % 2 == 0:
            parts.append(part if literal else _SPACE.sub(" ", part))
            continue
        name = name_of(part)
        if name == "pre":
            literal = part[1] != "/"
        if name in _LINES:
            parts.append("\n")
        elif name in CELLS:
            parts.append(" ")
        elif name == "img":
            parts += _ALT.findall(part)
    lines = (line.strip() for line in unescape("".join(parts)).splitlines())
    return "\n".join(filter(None, lines))


def excerpt(plain: str, length: int = 200) -> str:
    """Return the first words on one line, at most `length` characters, ending in … where text was cut."""
    words = " ".join(plain.split(None, length)[:length])
    if len(words) <= length:
        return words
    head = words[:length]
    return (head[: head.rfind(" ", length // 2) + 1] or words[: _boundary(words, length - 1)]).rstrip(" ,;:.-–") + "…"


def _boundary(words: str, at: int) -> int:
    """Return the last position up to `at` where no character of several code points, such as 👍🏽, is cut."""
    while at and (_JOINED.match(words, at) or words[at - 1] == _JOINER):
        at -= 1
    flags = _FLAGS.search(words, 0, at)
    return at - 1 if flags and len(flags[0]) % 2 else at


def references(html: str) -> list[int]:
    """Return the ids of our own files that the HTML links to or shows, in order, without duplicates."""
    return list(dict.fromkeys(map(int, _FILE.findall(html))))
