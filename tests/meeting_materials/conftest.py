"""A meeting of the first community, and threads and documents that can belong to it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cop.meetings import actions
from cop.meetings.models import Meeting
from cop.society.programmes import Programme
from tests.documents.conftest import library
from tests.meetings.conftest import at_the_desk, draft, meeting, plan

__all__ = ["at_the_desk", "draft", "library", "meeting", "plan"]  # fixtures of meetings and documents


@pytest.fixture
def start(ask: Any) -> Any:
    """`start('Sleutels', who='chris', to='twee')`: start a thread; return it."""

    def started(title: str = "Wie heeft er sleutels?", who: str = "anna", to: str = "een") -> SimpleNamespace:
        made = ask(who, "post", f"/api/v1/communities/{to}/threads", title=title, body="Vertel.")
        assert made.status_code == 201, made.text
        return SimpleNamespace(id=made.json["id"], url=made.json["url"])

    return started


@pytest.fixture
def thread(start: Any) -> SimpleNamespace:
    """A thread of the first community."""
    return start()


@pytest.fixture
def file(library: Any) -> SimpleNamespace:
    """A document of the first community."""
    made = library.share("anna", "Rekenmodel.txt")
    return SimpleNamespace(id=made["id"], url=made["url"])


@pytest.fixture
def attach(ask: Any) -> Any:
    """`attach(meeting, thread)`: attach a thing to a meeting as Eva."""

    def attached(meeting: Any, thing: Any, who: str = "eva", status: int = 200) -> Any:
        made = ask(who, "put", f"{meeting.api}/materials/{thing.id}")
        assert made.status_code == status, made.text
        return made.json

    return attached


@pytest.fixture
def titles(ask: Any) -> Any:
    """`titles('anna', meeting)`: the titles of the materials of a meeting that somebody sees."""
    return lambda who, meeting: [row["title"] for row in ask(who, "get", f"{meeting.api}/materials").json["items"]]


@pytest.fixture
def everybody(plan: Any, run_as: Any, cast: Any) -> SimpleNamespace:
    """An announced meeting of the whole programme."""
    planned: SimpleNamespace = plan("fons", Programme, cast.programme, title="Slotsymposium", kind="symposium")
    run_as("fons", actions.announce, Meeting, planned.id)
    return planned


@pytest.fixture
def post(cast: Any) -> Any:
    """`post('eva', url, address='…')`: send a form as somebody; return the response."""

    def sent(who: str, url: str, **given: Any) -> Any:
        return cast.client(None).post(url, data=given, headers={**cast.api(who), "Accept": "text/html"})

    return sent
