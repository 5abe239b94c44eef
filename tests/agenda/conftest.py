"""A meeting with a programme and questions, planned by the moderator of the first community."""

from __future__ import annotations

from typing import Any

import pytest

from tests.meetings.conftest import at_the_desk, draft, mails, meeting, plan

__all__ = ["at_the_desk", "draft", "mails", "meeting", "plan"]  # fixtures of meetings


@pytest.fixture
def post(cast: Any) -> Any:
    """`post('eva', url, kind='news')`: send a form as somebody; return the response."""

    def sent(who: str, url: str, **given: Any) -> Any:
        return cast.client(None).post(url, data=given, headers={**cast.api(who), "Accept": "text/html"})

    return sent


@pytest.fixture
def block(meeting: Any, ask: Any) -> Any:
    """`block(30, 'break')`: add a block as Eva; return it."""

    def added(minutes: int = 60, kind: str = "news", **given: Any) -> Any:
        made = ask("eva", "post", f"{meeting.api}/blocks", minutes=minutes, kind=kind, **given)
        assert made.status_code == 201, made.json
        return made.json

    return added


@pytest.fixture
def question(meeting: Any, ask: Any) -> Any:
    """`question('anna', 'Wie betaalt?')`: ask as somebody; return the question."""

    def asked(who: str = "anna", text: str = "Wie betaalt het beheer?", **given: Any) -> Any:
        made = ask(who, "post", f"{meeting.api}/questions", text=text, **given)
        assert made.status_code == 201, made.json
        return made.json

    return asked
