"""The direction of text: blocks with right-to-left letters say so, the others stay as they are."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from cop.base.text.tags import TAG, name_of

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_TEXTS = frozenset({"p", "h2", "h3", "h4", "li", "th", "td"})  # the browser finds their direction
_CONTAINERS = frozenset({"ul", "ol", "blockquote"})  # it would skip the blocks in them that have a direction


def with_direction(html: str) -> str:
    """Return clean HTML in which each block with right-to-left letters has a `dir`."""
    if not _RIGHT_TO_LEFT.search(html):
        return html
    parts = TAG.split(html)
    texts: list[int] = []  # the open blocks, by their place in `parts`
    undecided: list[int] = []  # the open containers that had no letters yet
    found: dict[int, str] = {}
    for index, part in enumerate(parts):
        name = name_of(part) if index % 2 else ""
        if name in _TEXTS or name in _CONTAINERS:
            opened = texts if name in _TEXTS else undecided
            if part[1] != "/":
                opened.append(index)
            elif opened and name_of(parts[opened[-1]]) == name:
                opened.pop()
        elif not index % 2 and part and (texts or undecided):
            if texts and _RIGHT_TO_LEFT.search(part):
                found[texts[-1]] = "auto"
            if undecided and (first := _first_direction(part)):
                if first == "rtl":
                    found.update(dict.fromkeys(undecided, "rtl"))
                undecided.clear()
    for index, direction in found.items():
        parts[index] = f'{parts[index][:-1]} dir="{direction}">'
    return "".join(parts)


def _first_direction(text: str) -> str:
    """Return the direction of the first letter of a text, "" if it has none."""
    for character in unescape(text):
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return ""
