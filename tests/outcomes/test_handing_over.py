"""tasks.hand_over: the open actions of somebody who leaves go to their successor; without one nobody owns them."""

from __future__ import annotations

from typing import Any

import pytest

from cop.leaving import actions as leaving
from cop.outcomes import actions
from cop.outcomes.models import Outcome
from cop.society.people import Person


@pytest.fixture
def leave(run_as: Any, cast: Any) -> Any:
    """`leave(successor=…)`: let Bram leave altogether."""
    return lambda **given: run_as("fons", leaving.leave, Person, cast.bram, **given)


def owner_of(ask: Any, act: dict[str, Any]) -> Any:
    return ask("eva", "get", f"/outcomes/{act['id']}").json["owner"]


def test_works(act: dict[str, Any], leave: Any, ask: Any, cast: Any, mails: Any, read: Any) -> None:
    due = ask("eva", "get", f"/outcomes/{act['id']}").json["due"]
    leave(successor=cast.dina)
    assert owner_of(ask, act) == "Dina Deskundig"
    assert ask("eva", "get", f"/outcomes/{act['id']}").json["due"] == due
    assert mails("dina") == ["outcomes/assigned"]
    assert "De buren bellen" in read("dina", "/outcomes")
    assert "De buren bellen" in read("dina", "/notices")


def test_is_journalled(act: dict[str, Any], leave: Any, cast: Any, journal_entries: Any) -> None:
    leave(successor=cast.dina)
    assert [entry.details for entry in journal_entries("tasks.hand_over")] == [{"assigned": cast.dina}]


def test_coming_back_returns_what_is_still_open(
    act: dict[str, Any], leave: Any, ask: Any, run_as: Any, cast: Any, mails: Any
) -> None:
    leave(successor=cast.dina)
    run_as("fons", leaving.come_back, Person, cast.bram)
    assert owner_of(ask, act) == "Bram Baan"
    leave(successor=cast.dina)
    run_as("eva", actions.finish, Outcome, act["id"])
    run_as("fons", leaving.come_back, Person, cast.bram)
    assert owner_of(ask, act) == "Dina Deskundig", "who did it stays"


def test_a_later_successor_takes_over_too(act: dict[str, Any], leave: Any, ask: Any, run_as: Any, cast: Any) -> None:
    leave()
    assert owner_of(ask, act) == "", "nobody owns it"
    assert "ownerless" in str(ask("fons", "get", "/coach").json)
    run_as("fons", leaving.hand_over, Person, cast.bram, successor=cast.dina)
    assert owner_of(ask, act) == "Dina Deskundig"


def test_an_action_that_is_done_stays_where_it_was(
    act: dict[str, Any], leave: Any, ask: Any, run_as: Any, cast: Any
) -> None:
    run_as("bram", actions.finish, Outcome, act["id"])
    leave(successor=cast.dina)
    assert owner_of(ask, act) != "Dina Deskundig"
