"""The allow-list of elements and attributes, shared by our own parser, bleach and nh3."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from cop.base.text.addresses import REL, normalised


def _only(pattern: str) -> Callable[[str], str | None]:
    """Return a rule that keeps a value if all of it matches the pattern."""
    matches = re.compile(pattern, re.A).fullmatch
    return lambda value: value if matches(value) else None


_SPAN = _only(r"[2-9]|[1-9]\d")  # 1 is the default, and editors write it in every cell
ATTRIBUTES: Mapping[str, Mapping[str, Callable[[str], str | None]]] = {
    "a": {"href": normalised, "rel": _only(REL)},
    "img": {"src": _only(r"/files/\d{1,15}/content(?:\?[\w=&.%-]*)?"), "alt": str},
    "ol": {"start": _only(r"\d{1,9}")},
    "th": {"scope": _only(r"(?:row|col)(?:group)?"), "colspan": _SPAN, "rowspan": _SPAN},
    "td": {"colspan": _SPAN, "rowspan": _SPAN},
}
ELEMENTS = frozenset({
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em", "s", "u",
    "hr", "a", "img", "table", "thead", "tbody", "tr", "th", "td",
})  # fmt: skip
SCHEMES = frozenset({"http", "https", "mailto"})


def allowed(element: str, name: str, value: str) -> str | None:
    """Return the value of an attribute as it may be kept, or None."""
    rule = ATTRIBUTES.get(element, {}).get(name)
    return rule(value) if rule else None
