"""A meeting of the first community on its day, to which Anna and Bram come."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cop.attendance.codes import token_of
from cop.meetings import actions
from cop.meetings.models import Meeting
from tests.agenda.conftest import at_the_desk, block, draft, mails, plan, post, question
from tests.conftest import go_to
from tests.meetings.conftest import START

__all__ = ["at_the_desk", "block", "draft", "mails", "plan", "post", "question"]  # fixtures of meetings and agendas
DAY = "2027-03-26"


@pytest.fixture
def meeting(plan: Any, run_as: Any, app: Any) -> SimpleNamespace:
    """The meeting at its start, with the address of its code."""
    found: SimpleNamespace = plan()
    run_as("eva", actions.announce, Meeting, found.id)
    for who in ("anna", "bram"):
        run_as(who, actions.rsvp, Meeting, found.id, answer="yes")
    go_to(START)
    with app.app_context():
        found.code = f"/here/{token_of(found.id, START.date())}"
    return found


@pytest.fixture
def mark(meeting: Any, ask: Any, cast: Any) -> Any:
    """`mark('anna', 'late')`: mark somebody as Eva; return the response."""

    def marked(member: str, state: str = "present", who: str = "eva", day: str = DAY) -> Any:
        address = f"{meeting.api}/attendance/{getattr(cast, member)}?day={day}"
        return ask(who, "put", address, state=state) if state else ask(who, "delete", address)

    return marked


@pytest.fixture
def states(meeting: Any, ask: Any) -> Any:
    """`states()`: what is noted of everybody on the list, by name."""

    def listed(query: str = "") -> dict[str, str]:
        rows = ask("eva", "get", f"{meeting.api}/attendance{query}").json["items"]
        return {row["name"]: row["state"] for row in rows}

    return listed
