"""The two cleaners: bleach, which also makes bare URLs links, and nh3, the one we trust."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import nh3

from cop.base.text.addresses import LINKS, bare_addresses, link
from cop.base.text.allowlist import ATTRIBUTES, ELEMENTS, SCHEMES, allowed
from cop.base.text.tags import LITERAL

if TYPE_CHECKING:
    import bleach

GATE = nh3.Cleaner(
    tags=set(ELEMENTS),
    attributes={element: set(rules) for element, rules in ATTRIBUTES.items()},
    attribute_filter=allowed,
    url_schemes=set(SCHEMES),
    link_rel=None,  # set when a link is written: links to our own pages have none
)


def open_bleach() -> bleach.Cleaner:
    """Return a new bleach cleaner; it keeps state, so every thread needs its own."""
    import bleach  # here: it takes three megabytes, and plain prose does not need it

    return bleach.Cleaner(
        tags=ELEMENTS,
        attributes={element: list(rules) for element, rules in ATTRIBUTES.items()},
        protocols=SCHEMES,
        strip=True,
        filters=[_linkify],
    )


def _linkify(source: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Filter the tokens of bleach: make bare URLs links, outside links and code."""
    literal = 0
    left = LINKS
    for token in source:
        if token.get("name") in LITERAL:
            literal += {"StartTag": 1, "EndTag": -1}.get(token["type"], 0)
        if token["type"] != "Characters" or literal:
            yield token
            continue
        for words, href in bare_addresses(token["data"], left):
            if href:
                left -= 1
                attributes = {(None, key): value for key, value in link(href).items()}
                yield {"type": "StartTag", "name": "a", "data": attributes}
            yield {"type": "Characters", "data": words}
            if href:
                yield {"type": "EndTag", "name": "a"}
