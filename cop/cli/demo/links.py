"""Links from a text of the demo to one of its documents: `[Checklist](document:checklist-100-dagen)`."""

from __future__ import annotations

import re
from collections.abc import Callable

LINK = re.compile(r"\]\(document:([a-z0-9-]+)\)")


def documents_in(body: str) -> list[str]:
    """Return the keys of the documents that a text links to."""
    return LINK.findall(body)


def linked(body: str, address: Callable[[str], str]) -> str:
    """Return the text with every document link replaced by `address(key)`, such as `/files/12`."""
    return LINK.sub(lambda link: f"]({address(link[1])})", body)
