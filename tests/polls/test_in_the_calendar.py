"""calendar.mine and calendar.of_programme: days from which one has still to be chosen, marked as such."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from cop.polls import actions
from cop.polls.models import Poll
from tests.conftest import go_to
from tests.polls.conftest import DAY, FIRST

MARCH = "month=2027-03"
PATHS = ("/calendar", "/programmes/proef/calendar")
MARK = "Datum in overleg"


@pytest.mark.parametrize("path", PATHS)
def test_works(path: str, poll: SimpleNamespace, read: Any, ask: Any) -> None:
    ask("anna", "put", f"{poll.api}/answer", votes={str(poll.options[1]): "rather_not"})
    page = read("anna", f"{path}?{MARCH}")
    assert page.count(MARK) == 3
    for words in ('<h3 id="day-2027-03-22">', "9.30 tot 11.30 uur", "Nog geen antwoord", "Uw antwoord: Liever niet"):
        assert words in page
    assert page.count(f'<a href="{poll.url}"><bdi>Plaats maken</bdi></a>') == 3
    assert MARK not in read("anna", f"{path}?month=2027-04")
    (table,) = re.findall(r"<table.*</table>", read("anna", f"{path}?show=month&{MARCH}"), re.DOTALL)
    assert table.count(MARK) == 3
    assert 'href="#day-2027-03-22">1<span class="hidden"> bijeenkomst of datum' in table


def test_only_who_may_answer_sees_it(poll: SimpleNamespace, make: Any, read: Any) -> None:
    make(title="Nog een concept")
    for who, path in (("chris", "/calendar"), ("chris", PATHS[1]), ("iris", "/calendar")):
        assert MARK not in read(who, f"{path}?{MARCH}"), who
    assert MARK in read("gerda", f"/calendar?{MARCH}")
    assert "Nog een concept" not in read("eva", f"/calendar?{MARCH}"), "a draft asks nobody"


def test_a_day_that_was_chosen_leaves_no_other(poll: SimpleNamespace, ask: Any, read: Any) -> None:
    assert ask("eva", "put", f"{poll.api}/choice", option=poll.options[1]).status_code in (200, 201)
    page = read("anna", f"/calendar?{MARCH}")
    assert MARK not in page
    assert poll.url not in page
    assert 'href="/meetings/' in page


def test_what_is_withdrawn_taken_out_or_over_is_gone(poll: SimpleNamespace, read: Any, run_as: Any, make: Any) -> None:
    go_to(FIRST + DAY / 2)
    assert read("anna", f"/calendar?{MARCH}").count(MARK) == 2, "the first day is over"
    run_as("eva", actions.withdraw, Poll, poll.id)
    assert MARK not in read("anna", f"/calendar?{MARCH}")


def test_a_poll_that_is_closed_says_so_until_a_day_is_chosen(make: Any, run_as: Any, read: Any) -> None:
    made = make(closes=(FIRST - 2 * DAY).date())
    run_as("eva", actions.open, Poll, made.id)
    go_to(FIRST - DAY)
    page = read("anna", f"/calendar?{MARCH}")
    assert page.count(MARK) == page.count("Antwoorden kan niet meer.") == 3


def test_feeds_have_meetings_alone(poll: SimpleNamespace, cast: Any, ask: Any) -> None:
    made = ask("anna", "post", "/api/v1/calendar-feeds").json
    feed = cast.client(None).get("/calendar/" + made["address"].rpartition("/")[2])
    assert feed.status_code == 200
    assert "VEVENT" not in feed.text
