"""Tags: written out, and found again in HTML that is clean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

VOID = frozenset({"br", "hr", "img"})
CELLS = frozenset({"td", "th"})
LITERAL = frozenset({"a", "code", "pre"})  # links and code: what stands in them stays as it is
TAG = re.compile(r"(</?[a-z][^<>]*>)")


def opening(name: str, attributes: Mapping[str, str]) -> str:
    """The tag that opens an element, its attributes escaped."""
    return "".join((f"<{name}", *(f' {key}="{escape(value)}"' for key, value in attributes.items()), ">"))


def name_of(tag: str) -> str:
    """The name of the element that a clean tag opens or closes."""
    return tag.strip("</>").partition(" ")[0]
