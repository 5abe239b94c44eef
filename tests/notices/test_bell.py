"""The bell: the number in the header of whoever is told something goes up at once, and down when they read."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def rung(connect: Any) -> Any:
    """`rung('anna')`: the numbers that the bell of somebody's open page was told since it was last asked."""
    sockets: dict[str, Any] = {}

    def heard(who: str) -> list[int]:
        if who not in sockets:
            sockets[who] = connect(who)
        return [m["args"][0]["unread"] for m in sockets[who].get_received() if m["name"] == "notices"]

    return heard


def test_count_goes_up(cast: Any, say: Any, rung: Any) -> None:
    for who in ("anna", "bram", "dina"):
        assert rung(who) == []
    thread = say.start("anna", body="Weet u het, @Dina Deskundig?")
    assert rung("dina") == [1]
    say.reply("bram", thread)
    assert rung("anna") == [1]
    assert rung("bram") == []


def test_notices_of_one_thread_count_once(cast: Any, say: Any, rung: Any) -> None:
    rung("anna")
    thread = say.start("anna")
    for _time in range(3):
        say.reply("bram", thread)
    assert rung("anna") == [1, 1, 1]
    say.start("eva", body="Dag @Anna Adem")
    assert rung("anna") == [2]


def test_count_goes_down(cast: Any, say: Any, rung: Any) -> None:
    thread, other = say.start("anna"), say.start("anna")
    post = say.reply("bram", thread)
    say.reply("bram", other)
    rung("anna")
    cast.client("anna").post(f"/threads/{thread}/mark", data={"seq": post})
    assert rung("anna") == [1]
    cast.client("anna").post(f"/threads/{thread}/mark", data={"seq": post})
    assert rung("anna") == []  # nothing changed
    cast.client("anna").post("/notices/reading")
    assert rung("anna") == [0]


def test_chat_and_files_count(cast: Any, say: Any, rung: Any) -> None:
    rung("anna")
    say.chat("bram", "Dag @Anna Adem")
    assert rung("anna") == [1]


def test_page_shows_the_count(cast: Any, say: Any) -> None:
    assert 'id="unread" hidden>0<' in cast.client("anna").get("/notices").text
    for n in range(2):
        say.reply("bram", say.start("anna", title=f"Vraag {n}"))
    page = cast.client("anna").get("/communities/een").text
    assert 'id="unread">2<' in page
    assert "<title>(2) " in page
    assert 'aria-label="Meldingen, 2 ongelezen"' in page
    assert page.count("<cop-notices ") == 1


def test_count_can_be_requested(cast: Any, say: Any) -> None:
    say.reply("bram", say.start("anna"))
    assert cast.client(None).get("/api/v1/notices/unread", headers=cast.api("anna")).json == {"unread": 1}
    assert cast.client("anna").get("/notices/unread").location == "/notices"
