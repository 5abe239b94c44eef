"""A long thread names days to jump to beside it, each once; a short one does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cop.base import text
from cop.society.programmes import Community
from cop.threads import actions
from cop.threads.models import Post, Thread
from tests.conftest import go_to

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag")
BEGIN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def thread(run_as: Any) -> Any:
    """`thread(60, days=6)`: a thread with so many replies, spread over days, and their ids."""

    def made(replies: int, days: int) -> tuple[int, list[int]]:
        go_to(BEGIN)
        id = run_as("anna", actions.start, Community, 1, title="Lang", text=text.render("x", "plain"))
        posts = []
        for number in range(replies):
            go_to(BEGIN + timedelta(days=number * days // replies))
            posts.append(run_as("bram", actions.reply, Thread, id, text=text.render(f"Bericht {number}", "plain")))
        return id, posts

    return made


def test_long_thread_names_days(thread: Any, read: Any, run_as: Any) -> None:
    id, posts = thread(60, days=6)
    page = read("anna", f"/threads/{id}")
    for day, name in enumerate(DAYS, 1):
        assert page.count(f"Vanaf {name} {day} maart 2027") == 1
    later = posts[52]
    run_as("bram", actions.POSTS.retract, Post, later)
    assert f'href="/posts/{later}"' not in read("anna", f"/threads/{id}")


def test_thread_of_one_day_names_none(thread: Any, read: Any) -> None:
    assert "Vanaf maandag" not in read("anna", f"/threads/{thread(60, days=1)[0]}")


def test_short_thread_names_none(thread: Any, read: Any) -> None:
    assert "Vanaf maandag" not in read("anna", f"/threads/{thread(6, days=6)[0]}")
