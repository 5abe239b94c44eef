"""guidance.hand_over: guidance of somebody who leaves goes to their successor; without one nobody owns it."""

from __future__ import annotations

from typing import Any

import pytest

from cop.leaving import actions as leaving
from cop.society.people import Person


@pytest.fixture
def leave(run_as: Any, cast: Any) -> Any:
    """`leave(successor=…)`: let Dina leave altogether."""
    return lambda **given: run_as("fons", leaving.leave, Person, cast.dina, **given)


def test_works(ask: Any, cast: Any, adopted: dict[str, Any], leave: Any, notices: Any, run_as: Any) -> None:
    leave(successor=cast.eva)
    assert ask("eva", "get", adopted["url"]).json["owner_id"] == cast.eva
    assert notices("eva") == ["card_review", "card_owner"]
    run_as("fons", leaving.come_back, Person, cast.dina)
    assert ask("eva", "get", adopted["url"]).json["owner_id"] == cast.dina


def test_is_journalled(ask: Any, cast: Any, adopted: dict[str, Any], leave: Any, journalled: Any) -> None:
    leave(successor=cast.eva)
    assert journalled("guidance.hand_over") == ("", {"card": adopted["id"], "people": [cast.eva], "why": "card_owner"})


def test_without_a_successor_its_moderators_assign_it(
    ask: Any, cast: Any, adopted: dict[str, Any], leave: Any, read: Any
) -> None:
    leave()
    assert "Eigenaar en datum" in read("eva", adopted["url"])
    assert ask("eva", "put", f"{adopted['url']}/owner", owner=cast.fons).json["owner_id"] == cast.fons
