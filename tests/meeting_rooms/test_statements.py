"""What the day of a meeting adds to its page: one statement, and none on a day that has nothing to show."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import go_to
from tests.meeting_rooms.conftest import DAY, ENDS
from tests.meetings.conftest import HOUR, START
from tests.meetings.test_statements import MOST, crowd

__all__ = ["crowd"]
TABLES = ("meeting_room", "meeting_round", "round_answer", "meeting_photo")


@pytest.fixture
def shown(meeting: Any, cast: Any, count_statements: Any) -> Any:
    client = cast.client(None)

    def counted(who: str) -> tuple[int, int]:
        """Return how many statements the page of the meeting takes, and how many of these are about the day."""
        headers = {**cast.api(who), "Accept": "text/html"}
        assert client.get(meeting.url, headers=headers).status_code == 200  # who they are is known from any page
        with count_statements() as statements:
            assert client.get(meeting.url, headers=headers).status_code == 200
        return len(statements), sum(any(table in one for table in TABLES) for one in statements)

    return counted


def test_none_without_anything_to_show(meeting: Any, shown: Any) -> None:
    for moment, own in ((START - 8 * DAY, 0), (START + HOUR, 1), (ENDS + 15 * DAY, 0)):
        go_to(moment)
        for who in ("anna", "gerda"):
            assert shown(who)[1] == own, (moment, who)


def test_few_statements(meeting: Any, crowd: None, cast: Any, ask: Any, shown: Any, count_statements: Any) -> None:
    go_to(START + HOUR)
    ask("eva", "put", f"{meeting.api}/room")
    made = ask("eva", "post", f"{meeting.api}/rounds", prompt="En?").json
    for who in ("anna", "bram", "dina"):
        ask(who, "put", f"/api/v1{made['url']}/answer", text="Dit")
    for moment in (START + HOUR, ENDS + 15 * DAY):
        go_to(moment)
        for who in ("anna", "gerda", "eva", "fons"):
            total, own = shown(who)
            assert own == 1, who
            assert total <= MOST, (who, total, "\n".join(shown.seen) if hasattr(shown, "seen") else "")
    for path in (f"{meeting.url}/rounds", made["url"], f"{meeting.url}/photos"):
        for who in ("anna", "eva"):
            headers = {**cast.api(who), "Accept": "text/html"}
            with count_statements() as statements:
                assert cast.client(None).get(path, headers=headers).status_code == 200
            assert len(statements) <= MOST, (path, *statements)
