"""A meeting of the first community, planned by its moderator, on the day itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import jobs
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, START, at_the_desk, draft, meeting, plan

__all__ = ["at_the_desk", "draft", "meeting", "plan"]  # fixtures of meetings
ENDS = START + 6 * HOUR


@pytest.fixture
def today(meeting: Any) -> Any:
    """The meeting, half an hour before its start."""
    go_to(START - HOUR / 2)
    return meeting


@pytest.fixture
def tick(app: Any) -> Any:
    """`tick(ENDS)`: go to a moment and run the job that opens and closes rooms."""

    def ticked(moment: Any) -> None:
        go_to(moment)
        with app.app_context():
            jobs.JOBS["meeting_rooms.open_and_close"]()

    return ticked


@pytest.fixture
def post(cast: Any) -> Any:
    """`post('eva', url, prompt='…')`: send a form as somebody; return the response."""

    def sent(who: str, url: str, **given: Any) -> Any:
        return cast.client(None).post(url, data=given, headers={**cast.api(who), "Accept": "text/html"})

    return sent


@pytest.fixture
def round(today: Any, ask: Any) -> Any:
    """`round(shown='afterwards')`: start a round as Eva; return it."""

    def started(prompt: str = "Wat neemt u mee?", **given: Any) -> Any:
        made = ask("eva", "post", f"{today.api}/rounds", prompt=prompt, **given)
        assert made.status_code == 201, made.text
        return made.json

    return started


DAY = timedelta(days=1)
