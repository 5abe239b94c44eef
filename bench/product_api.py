"""Requests to the product's API before and after the measurement."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request, urlopen

PAGE = 100


class Api:
    """The API of a served product, as the person its token belongs to."""

    def __init__(self, host: str, token: str) -> None:
        self.root = f"http://{host}/api/v1"
        self.token = token

    def get(self, path: str, **query: object) -> dict[str, Any]:
        """Return the response to a GET below /api/v1."""
        address = f"{self.root}{path}?{urlencode(query)}"
        request = Request(address, headers={"Authorization": f"Bearer {self.token}"})
        with urlopen(request, timeout=60) as response:
            return json.load(response)

    def all(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield every item of a list, page by page."""
        page = self.get(path, limit=PAGE)
        yield from page["items"]
        while page["next"]:
            page = self.get(path, limit=PAGE, after=_cursor(page["next"]))
            yield from page["items"]

    def count(self, path: str) -> int:
        """Return how many items a list has."""
        return sum(1 for _ in self.all(path))

    def cursor_after(self, path: str, items: int) -> str:
        """Return the value of `after` that skips this many items of a list."""
        page = self.get(path, limit=min(items, PAGE))
        seen = len(page["items"])
        while seen < items:
            page = self.get(path, limit=min(items - seen, PAGE), after=_cursor(page["next"]))
            seen += len(page["items"])
        return _cursor(page["next"])


def _cursor(following: str | int) -> str:
    """Return the cursor in `next`, which is given as an address or bare."""
    text = str(following)
    return parse_qs(urlsplit(text).query)["after"][0] if "?" in text else text
