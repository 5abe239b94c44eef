"""HTML tags: writing them, and finding them in clean HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

VOID = frozenset({"br", "hr", "img"})
CELLS = frozenset({"td", "th"})
LITERAL = frozenset({"a", "code", "pre"})  # links and code: their text is not changed
TAG = re.compile(r"(</?[a-z][^<>]*>)")


def opening(name: str, attributes: Mapping[str, str]) -> str:
    """Return the opening tag of an element, with its attributes escaped."""
    return "".join((f"<{name}", *(f' {key}="{escape(value)}"' for key, value in attributes.items()), ">"))


def name_of(tag: str) -> str:
    """Return the element name of a clean tag."""
    return tag.strip("</>").partition(" ")[0]
