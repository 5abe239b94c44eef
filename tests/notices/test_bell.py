"""The bell: the count of unread notices in the header, updated live."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.notices.models import MOST_UNREAD, Notice


@pytest.fixture
def bell_counts(connect: Any) -> Any:
    """Return a function that lists the counts sent to a person's open page since the last call: `bell_counts('anna')`."""
    sockets: dict[str, Any] = {}

    def received(who: str) -> list[int]:
        if who not in sockets:
            sockets[who] = connect(who)
        return [m["args"][0]["unread"] for m in sockets[who].get_received() if m["name"] == "notices"]

    return received


def test_count_goes_up(cast: Any, posting: Any, bell_counts: Any) -> None:
    for who in ("anna", "bram", "dina"):
        assert bell_counts(who) == []
    thread = posting.start("anna", body="Weet u het, @Dina Deskundig?")
    assert bell_counts("dina") == [1]
    posting.reply("bram", thread)
    assert bell_counts("anna") == [1]
    assert bell_counts("bram") == []


def test_notices_of_one_thread_count_once(cast: Any, posting: Any, bell_counts: Any) -> None:
    bell_counts("anna")
    thread = posting.start("anna")
    for _time in range(3):
        posting.reply("bram", thread)
    assert bell_counts("anna") == [1, 1, 1]
    posting.start("eva", body="Dag @Anna Adem")
    assert bell_counts("anna") == [2]


def test_count_goes_down(cast: Any, posting: Any, bell_counts: Any) -> None:
    thread, other = posting.start("anna"), posting.start("anna")
    post = posting.reply("bram", thread)
    posting.reply("bram", other)
    bell_counts("anna")
    cast.client("anna").post(f"/threads/{thread}/mark", data={"seq": post})
    assert bell_counts("anna") == [1]
    cast.client("anna").post(f"/threads/{thread}/mark", data={"seq": post})
    assert bell_counts("anna") == []  # nothing changed
    cast.client("anna").post("/notices/reading")
    assert bell_counts("anna") == [0]


def test_chat_and_files_count(cast: Any, posting: Any, bell_counts: Any) -> None:
    bell_counts("anna")
    posting.chat("bram", "Dag @Anna Adem")
    assert bell_counts("anna") == [1]


def test_page_shows_the_count(cast: Any, posting: Any) -> None:
    assert 'id="unread" hidden>0<' in cast.client("anna").get("/notices").text
    for n in range(2):
        posting.reply("bram", posting.start("anna", title=f"Vraag {n}"))
    page = cast.client("anna").get("/communities/een").text
    assert 'id="unread">2<' in page
    assert "<title>(2) " in page
    assert 'aria-label="Meldingen, 2 ongelezen"' in page
    assert page.count("<cop-notices ") == 1


def test_count_can_be_requested(cast: Any, posting: Any) -> None:
    posting.reply("bram", posting.start("anna"))
    assert cast.client(None).get("/api/v1/notices/unread", headers=cast.api("anna")).json == {"unread": 1}
    assert cast.client("anna").get("/notices/unread").location == "/notices"


def test_no_more_are_counted_than_the_bell_shows(app: Flask, cast: Any) -> None:
    notice = {"person_id": cast.anna, "reason": "role", "at": clock.now()}
    with app.app_context(), transaction():
        db.session.execute(insert(Notice), [notice] * (MOST_UNREAD + 1))
    page = cast.client("anna").get("/notices").text
    assert 'id="unread">99+<' in page
    assert 'aria-label="Meldingen, 99+ ongelezen"' in page
    assert "<title>(99+) " in page
    assert cast.client(None).get("/api/v1/notices/unread", headers=cast.api("anna")).json == {"unread": MOST_UNREAD}
