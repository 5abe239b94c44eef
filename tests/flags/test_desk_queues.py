"""The desk shows what other features say waits for a moderator, the lowest order first, and nothing of an empty queue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from cop import access
from cop.access import desk

SINCE = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def queues(cast: Any) -> Iterator[None]:
    def waiting(person: Any, audiences: Any, most: int) -> list[access.DeskItem]:
        found = [(cast.audiences.one, "Vraag van een"), (cast.audiences.two, "Vraag van twee")]
        return [access.DeskItem(id, "/threads/1", title, "wacht", SINCE) for id, title in found if id in audiences][
            :most
        ]

    names = ("late", "early", "empty")
    for order, name in zip((20, 10, 30), names, strict=True):
        items = waiting if name != "empty" else lambda *_asked: []
        access.desk_queue(access.DeskQueue(name, order, lambda name=name: f"Rij {name}", items))
    yield
    for name in names:
        del desk._queues[name]


@pytest.mark.usefixtures("queues")
def test_queues_stand_on_the_desk_in_their_order(read: Any) -> None:
    page = read("eva", "/desk")
    assert page.index("Rij early") < page.index("Rij late")
    assert "Rij empty" not in page
    assert ("Vraag van een" in page, "Vraag van twee" in page) == (True, False)


@pytest.mark.usefixtures("queues")
def test_chosen_audience_narrows_them(read: Any, cast: Any) -> None:
    page = read("fons", f"/desk?audience={cast.audiences.two}")
    assert ("Vraag van een" in page, "Vraag van twee" in page) == (False, True)


@pytest.mark.usefixtures("queues")
def test_member_has_no_desk(read: Any) -> None:
    read("anna", "/desk", status=404)
