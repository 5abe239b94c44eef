"""The programme of a meeting of several days: each has its blocks, which keep their day, and none is lost with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.attendance.models import day_state
from cop.base.db import db
from cop.meetings.models import Meeting
from cop.minutes.sources import proposed
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, START

API = "/api/v1/communities/een/meetings"
FIRST = {"starts": "2027-03-26T09:30", "ends": "2027-03-26T16:00"}
SECOND = {"starts": "2027-03-27T10:00", "ends": "2027-03-27T15:00"}


class Trip:
    """A meeting of two days with three blocks: two on the first day, one on the second."""

    def __init__(self, ask: Any):
        self.ask = ask
        made = ask("eva", "post", API, title="Reis", kind="thematic", days=[FIRST, SECOND]).json
        self.id, self.url, self.api = made["id"], made["url"], f"/api/v1{made['url']}"
        self.ask("eva", "put", f"{self.api}/announcement")
        self.blocks = {name: self.add(name, day) for name, day in (("Start", 1), ("Dijk", 1), ("Molen", 2))}

    def add(self, title: str, day: int) -> str:
        made = self.ask("eva", "post", f"{self.api}/blocks", kind="own", title=title, minutes=60, day=day)
        assert made.status_code == 201, made.json
        return f"/api/v1/blocks/{made.json['id']}"

    def runs(self) -> list[tuple[str, int, str]]:
        rows = self.ask("anna", "get", f"{self.api}/agenda").json["items"]
        return [(row["title"], row["day"], row["starts"][8:16]) for row in rows]


@pytest.fixture
def trip(ask: Any) -> Trip:
    return Trip(ask)


def test_times_run_from_the_start_of_each_day(trip: Trip, ask: Any, read: Any) -> None:
    assert trip.runs() == [("Start", 1, "26T08:30"), ("Dijk", 1, "26T09:30"), ("Molen", 2, "27T09:00")]
    ask("eva", "patch", trip.blocks["Start"], minutes=90)
    assert trip.runs()[1:] == [("Dijk", 1, "26T10:00"), ("Molen", 2, "27T09:00")], "they shift within their day"
    for url in (trip.url, f"{trip.url}/agenda"):
        shown = read("anna", url)
        assert "Dag 1: vrijdag 26 maart 2027" in shown
        assert shown.index("Dijk") < shown.index("Dag 2: zaterdag 27 maart 2027") < shown.index("Molen")
        assert "10.00 tot 11.00 uur" in shown[shown.index("Dag 2: zaterdag") :]


def test_overrun_is_said_of_its_day(trip: Trip, ask: Any, read: Any) -> None:
    ask("eva", "patch", trip.blocks["Molen"], minutes=310)
    for url in (trip.url, f"{trip.url}/agenda"):
        shown = read("eva", url)
        assert "Het programma van dag 2 duurt 10 minuten langer dan die dag." in shown
        assert "van dag 1 duurt" not in shown
    assert "langer dan" not in read("anna", trip.url)


def test_a_block_moves_to_another_day(trip: Trip, ask: Any, post: Any) -> None:
    ask("eva", "put", f"{trip.blocks['Dijk']}/position", to="down")
    assert [row[:2] for row in trip.runs()] == [("Start", 1), ("Dijk", 2), ("Molen", 2)], "over the edge of its day"
    ask("eva", "put", f"{trip.blocks['Dijk']}/position", to="up")
    assert [row[:2] for row in trip.runs()] == [("Start", 1), ("Dijk", 1), ("Molen", 2)]
    assert ask("eva", "put", f"{trip.blocks['Start']}/position", day=2).json["day"] == 2
    assert trip.runs() == [("Dijk", 1, "26T08:30"), ("Molen", 2, "27T09:00"), ("Start", 2, "27T10:00")]
    form = {"kind": "own", "title": "Molen", "minutes": "60", "day": "1"}
    assert post("eva", trip.blocks["Molen"].removeprefix("/api/v1"), **form).status_code == 303
    assert [row[:2] for row in trip.runs()] == [("Dijk", 1), ("Molen", 1), ("Start", 2)]
    for method, path in (("patch", ""), ("put", "/position")):
        assert list(ask("eva", method, trip.blocks["Dijk"] + path, day=3).json["errors"]) == ["day"]
    assert "to" in ask("eva", "put", f"{trip.blocks['Dijk']}/position").json["errors"]
    for path in ("blocks", "usual-day"):
        refused = ask("eva", "post", f"{trip.api}/{path}", kind="news", minutes=5, day=3)
        assert list(refused.json["errors"]) == ["day"]


def test_the_usual_day_fills_an_empty_day(trip: Trip, ask: Any, read: Any) -> None:
    assert ask("eva", "post", f"{trip.api}/usual-day", day=2).status_code == 409
    ask("eva", "delete", trip.blocks["Molen"])
    assert "Gebruikelijke dag invullen op dag 2" in read("eva", f"{trip.url}/agenda")
    assert ask("eva", "post", f"{trip.api}/usual-day", day=2).status_code == 200
    assert [row[1] for row in trip.runs()] == [1, 1, 2, 2, 2, 2, 2]
    ask("eva", "post", f"{trip.blocks['Molen']}/restoring")
    assert trip.runs()[2][:2] == ("Molen", 2), "where it was"


def test_blocks_keep_their_day_and_outlive_it(trip: Trip, ask: Any, read: Any) -> None:
    later = [{name: value.replace("03-2", "04-2") for name, value in day.items()} for day in (FIRST, SECOND)]
    ask("eva", "put", f"{trip.api}/moving", days=later)
    assert trip.runs() == [("Start", 1, "26T07:30"), ("Dijk", 1, "26T08:30"), ("Molen", 2, "27T08:00")]
    ask("eva", "put", f"{trip.api}/moving", days=later[:1])
    assert trip.runs() == [("Start", 1, "26T07:30"), ("Dijk", 1, "26T08:30"), ("Molen", 1, "26T09:30")]
    told = "1 onderdeel stond op een dag die is vervallen: Molen. Het staat nu op de laatste dag."
    for url in (trip.url, f"{trip.url}/agenda"):
        assert told in read("eva", url)
        assert told not in read("anna", url)
    ask("eva", "put", f"{trip.api}/moving", days=later)
    assert trip.runs()[2][:2] == ("Molen", 2), "its day is back"
    ask("eva", "put", f"{trip.api}/moving", days=later[:1])
    ask("eva", "put", f"{trip.blocks['Molen']}/position", to="up")
    assert told not in read("eva", trip.url), "the programme was changed since"
    assert [row[0] for row in trip.runs()] == ["Start", "Molen", "Dijk"]


def test_the_screens_show_the_day_itself(trip: Trip, app: Any) -> None:
    def shown() -> tuple[str | None, str | None]:
        with app.app_context():
            state = day_state(db.session.get_one(Meeting, trip.id))
            return state.now and state.now.title, state.next and state.next.title

    go_to(START + HOUR / 2)
    assert shown() == ("Start", "Dijk")
    go_to(START + 3 * HOUR)
    assert shown() == (None, None), "what comes tomorrow is not next"
    go_to(START + timedelta(days=1))
    assert shown() == (None, "Molen")
    go_to(START + timedelta(days=1) + HOUR)
    assert shown() == ("Molen", None)


def test_minutes_and_copies_know_the_days(trip: Trip, app: Any, ask: Any) -> None:
    with app.app_context():
        headings = [one.heading for one in proposed(db.session.get_one(Meeting, trip.id))]
    assert headings[1:4] == ["Dag 1: Start", "Dag 1: Dijk", "Dag 2: Molen"]
    days = [{name: value.replace("-03-", "-05-") for name, value in day.items()} for day in (FIRST, SECOND)]
    copied = ask("eva", "post", API, title="Weer", kind="thematic", days=days, copied_from=trip.id).json
    rows = ask("eva", "get", f"/api/v1{copied['url']}/agenda").json["items"]
    assert [(row["title"], row["day"], row["starts"][5:16]) for row in rows] == [
        ("Start", 1, "05-26T07:30"),
        ("Dijk", 1, "05-26T08:30"),
        ("Molen", 2, "05-27T08:00"),
    ]
