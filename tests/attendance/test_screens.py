"""The screens of a meeting's day: what is now and next, who is here, the questions; and their live place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from cop.society.credentials import new_session
from cop.society.people import Person
from tests.agenda.test_statements import asked
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, START
from tests.meetings.test_statements import MOST, crowd

__all__ = ["asked", "crowd"]  # 500 people who are invited, and 200 questions


@pytest.fixture
def day(meeting: Any, ask: Any, block: Any, question: Any) -> Any:
    """A programme of two blocks, of which the first has a question of Anna's."""
    first = block(60, title="Nieuws uit het land")
    block(120, "deep_dive", title="Beheer")
    go_to(START - HOUR)
    found, other = question(text="Wie betaalt <dat>?"), question("bram", "Wie beheert?")
    ask("eva", "put", f"/api/v1/questions/{found['id']}/block", block=first["id"])
    ask("anna", "put", f"/api/v1/questions/{other['id']}/vote")
    return meeting


def test_what_is_now_and_next_follows_the_clock(day: Any, ask: Any, read: Any) -> None:
    for hours, now, following, words in (
        (-1, None, "Nieuws uit het land", "We beginnen om 09.30 uur."),
        (0.5, "Nieuws uit het land", "Beheer", "tot 10.30 uur"),
        (2, "Beheer", None, "tot 12.30 uur"),
        (4, None, None, "De dag duurt tot 15.30 uur."),
        (7, None, None, "De dag is voorbij"),
    ):
        go_to(START + hours * HOUR)
        state = ask("eva", "get", f"{day.api}/day").json
        assert [state[name] and state[name]["title"] for name in ("now", "next")] == [now, following]
        for path in ("day", "screen"):
            assert words in read("eva", f"{day.url}/{path}")


def test_the_screen_for_everybody_has_no_private_data(day: Any, ask: Any, read: Any, mark: Any) -> None:
    go_to(START + timedelta(minutes=5))
    mark("anna")
    mark("bram", "absent")
    shown = read("eva", f"{day.url}/screen").partition("<main")[2].partition("</main>")[0]
    assert "Wie betaalt &lt;dat&gt;?" in shown
    assert "1 aanwezig" in shown
    assert day.code in shown
    assert all(words not in shown for words in ("Anna", "Bram", "Eva", "@", "Wie beheert?", "remark"))
    told = ask("eva", "get", f"{day.api}/screen").json
    assert [set(one) for one in told["questions"]] == [{"id", "text", "votes"}]
    assert (told["here"], told["expected"]) == (1, 2)
    coach = read("eva", f"{day.url}/day")
    assert coach.index("Wie betaalt") < coach.index("Wie beheert?"), "those on the block that is now come first"
    assert all(f"{day.url}/{path}" in coach for path in ("attendance", "screen", "outcome", "questions"))


def test_a_screen_fetches_its_state_when_it_changed(day: Any, ask: Any, cast: Any, mark: Any) -> None:
    def fetch(path: str, after: int) -> str:
        headers = {**cast.api("eva"), "Accept": "text/vnd.turbo-stream.html"}
        return str(cast.client(None).get(f"{day.url}/{path}?changed_after={after}&limit=100", headers=headers).text)

    before = ask("eva", "get", f"{day.api}/day").json["seq"]
    assert "day-state" in fetch("day", before - 1)
    assert "day-state" not in fetch("day", before)
    mark("anna")
    assert f'data-seq="{before + 1}"' in fetch("screen", before)
    assert "wall-state" not in fetch("screen", before + 1)


@pytest.fixture
def listen(app: Any, cast: Any, connect: Any) -> Any:
    """`listen('eva')`: open a socket with a session of the day itself."""

    def opened(who: str) -> Any:
        browser = cast.client(None)
        with app.app_context(), transaction():
            browser.set_cookie("cop", new_session(db.session.get_one(Person, getattr(cast, who))))
        return connect(browser)

    return opened


def test_open_screens_are_told_of_changes(day: Any, ask: Any, mark: Any, listen: Any, run_as: Any) -> None:
    socket, place = listen("eva"), f"day:{day.id}"
    joined = socket.emit("join", {"place": place}, callback=True)
    assert joined["ok"] is True
    for who in ("anna", "gerda", "chris", "iris"):
        assert "error" in listen(who).emit("join", {"place": place}, callback=True)

    def heard() -> list[int]:
        events = [one["args"][0] for one in socket.get_received() if one["name"] == "changed"]
        assert all(set(one) == {"place", "seq"} and one["place"] == place for one in events)
        return [one["seq"] for one in events]

    heard()
    mark("anna")
    ask("bram", "post", f"/api/v1{day.code}")
    ask("eva", "post", f"{day.api}/blocks", kind="own", title="Borrel", minutes=30)
    ask("dina", "post", f"{day.api}/questions", text="En nu?")
    assert heard() == [joined["seq"] + n for n in (1, 2, 3, 4)]
    run_as("eva", meetings.cancel, Meeting, day.id, reason="Storm")
    assert [one["name"] for one in socket.get_received()] == ["gone"]


def test_few_statements(meeting: Any, crowd: None, asked: None, cast: Any, count_statements: Any, mark: Any) -> None:
    go_to(START)
    mark("anna")
    client = cast.client(None)
    for who in ("eva", "fons"):
        for path in ("/day", "/screen", "/attendance", "/attendance?q=Lid", "/attendance/code"):
            for accept in ("text/html", "application/json"):
                with count_statements() as statements:
                    shown = client.get(meeting.url + path, headers={**cast.api(who), "Accept": accept})
                assert shown.status_code == 200
                assert len(statements) <= MOST, (path, len(statements), *statements)
    go_to(START + 24 * HOUR)
    for who, own in (("anna", 0), ("bram", 0), ("eva", 1)):
        client.get("/meetings", headers={**cast.api(who), "Accept": "text/html"})  # who they are is known from any page
        with count_statements() as statements:
            client.get(meeting.url, headers={**cast.api(who), "Accept": "text/html"})
        assert len([one for one in statements if one.startswith("SELECT DISTINCT attendance")]) <= own
        assert len(statements) <= MOST, statements
