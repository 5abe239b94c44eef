"""Extraction from clean HTML: plain text, an excerpt, and the files it refers to."""

from __future__ import annotations

import re
from html import unescape

from cop.base.text.tags import CELLS, TAG, name_of

_LINES = frozenset({"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "tr"})
_SPACE = re.compile(r"[ \t\n]+")
_ALT = re.compile(r' alt="([^"]*)"')
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
    return (head[: head.rfind(" ", length // 2) + 1] or head[:-1]).rstrip(" ,;:.-–") + "…"


def references(html: str) -> list[int]:
    """Return the ids of our own files that the HTML links to or shows, in order, without duplicates."""
    return list(dict.fromkeys(map(int, _FILE.findall(html))))
