"""A bookmark on a thread that is merged into another is on that, once."""

from __future__ import annotations

from typing import Any


def test_bookmark_goes_along_with_a_merged_thread(ask: Any, cast: Any) -> None:
    def started(title: str) -> int:
        made = ask("anna", "post", "/communities/een/threads", title=title, body="Hoe doet u dat?")
        return int(made.json["id"])

    first, second = started("Een vraag"), started("Nog een vraag")
    for who, thread in (("bram", first), ("dina", first), ("dina", second)):
        assert ask(who, "put", f"/things/{thread}/bookmark").status_code in (200, 201)
    assert ask("eva", "post", f"/threads/{first}/merge", into=f"/threads/{second}").status_code in (200, 201)
    for who in ("bram", "dina"):
        items = ask(who, "get", "/bookmarks").json["items"]
        assert [one["thing"] for one in items] == [f"/threads/{second}"], items
