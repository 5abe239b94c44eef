"""Links from a text of the demonstration to a document of it: `[Checklist](document:checklist-100-dagen)`."""

from __future__ import annotations

import re
from collections.abc import Callable

LINK = re.compile(r"\]\(document:([a-z0-9-]+)\)")


def documents_in(body: str) -> list[str]:
    """The keys of the documents a text links to."""
    return LINK.findall(body)


def linked(body: str, address: Callable[[str], str]) -> str:
    """The text with every document link led to `address(key)`, such as `/files/12`."""
    return LINK.sub(lambda link: f"]({address(link[1])})", body)
