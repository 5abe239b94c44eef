"""Where outcomes are shown: meetings, lists, home and the coach's desk; and how many statements that takes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.meetings.models import Meeting
from cop.outcomes import actions
from cop.society.people import Person
from cop.society.programmes import Programme
from tests.outcomes.conftest import in_days

MOST = 12


@pytest.fixture
def many(app: Any, cast: Any, meet: Any) -> tuple[int, int]:
    """A meeting that was held with 60 outcomes, and one that comes."""
    held, coming = meet(-9), meet(9, "Volgende keer")
    with app.app_context(), transaction():
        anna, meeting = db.session.get_one(Person, cast.anna), db.session.get_one(Meeting, held)
        for number in range(20):
            given = {"owner": cast.bram, "due": clock.today() + timedelta(days=number)}
            actions.mark(anna, meeting, kind="action", text=f"Actie {number}", **given)
            actions.mark(anna, meeting, kind="decision", text=f"Besluit {number}")
            actions.mark(anna, meeting, kind="outcome", text=f"Les {number}")
    return held, coming


def test_the_next_meeting_begins_with_what_is_open(ask: Any, read: Any, meet: Any, act: Any, cast: Any) -> None:
    past, coming = meet(-9, "Eerste keer"), meet(9, "Tweede keer")
    done = {"kind": "action", "text": "Al gedaan", "owner": cast.bram, "due": in_days(2)}
    url = ask("anna", "post", f"/meetings/{past}/outcome", **done).json["url"]
    ask("bram", "put", f"{url}/completion")
    ask("anna", "post", f"/meetings/{past}/outcome", kind="decision", text="Geen presentaties.")
    ask("anna", "post", f"/meetings/{coming}/outcome", kind="outcome", text="Nu al bekend.")
    before, own = (
        read("gerda", f"/meetings/{coming}").split("Nog open van de vorige keer")[1].split("Opbrengsten, besluiten")
    )
    assert "De buren bellen" in before
    assert "Geen presentaties." in before
    assert "Bram Baan" in before
    assert "Al gedaan" not in before
    assert "Nu al bekend." not in before
    assert "Nu al bekend." in own
    assert "De buren bellen" not in own
    held = read("gerda", f"/meetings/{past}")
    assert "Nog open" not in held
    assert "Al gedaan" in held
    assert "gedaan op" in held


def test_a_meeting_of_another_audience_shows_nothing_of_this_one(
    ask: Any, read: Any, meet: Any, act: Any, cast: Any
) -> None:

    other = meet(9, owner=Programme, id=cast.programme)
    assert "De buren bellen" not in read("anna", f"/meetings/{other}")


@pytest.mark.parametrize("path", ["/communities/een/outcomes", "/programmes/proef/outcomes", "/outcomes"])
def test_lists_are_narrowed_and_paged(ask: Any, read: Any, many: Any, path: str) -> None:
    first = ask("bram", "get", path).json
    if path != "/outcomes":
        assert len(first["items"]) == 50
        assert first["next"]
        rest = ask("bram", "get", path, after=first["next"].rpartition("after=")[2]).json
        assert len(rest["items"]) == 10
        assert not rest["next"]
        assert {one["outcome_kind"] for one in ask("bram", "get", path, kind="decision").json["items"]} == {"decision"}
    assert len(ask("bram", "get", path, state="open").json["items"]) == 20
    assert ask("bram", "get", path, state="done").json["items"] == []
    assert "Niets gevonden" in read("bram", f"{path}?state=done")


def test_lists_show_only_audiences_of_the_reader(ask: Any, read: Any, many: Any) -> None:
    assert ask("chris", "get", "/programmes/proef/outcomes").json["items"] == []
    assert "Nog geen opbrengsten" in read("chris", "/programmes/proef/outcomes")
    assert ask("chris", "get", "/communities/een/outcomes").status_code == 404
    assert "U hebt nog geen acties" in read("anna", "/outcomes")


def test_home_shows_what_i_promised(ask: Any, send: Any, read: Any, act: Any, cast: Any, sources: Any) -> None:
    assert "Wat ik beloofde" not in read("anna", "/")
    given = {"kind": "action", "text": "Sleutels halen", "owner": cast.bram, "due": in_days(2)}
    ask("anna", "post", f"/messages/{sources.message}/outcome", **given)
    clock.shift(timedelta(days=3))
    section = read("bram", "/").split("Wat ik beloofde")[1].split("</section>")[0]
    assert section.index("Sleutels halen") < section.index("De buren bellen")
    assert section.count("Te laat") == 1
    assert f'action="{act["url"]}/completion"' in section
    assert f'href="{act["url"]}#later"' in section
    assert send("bram", f"{act['url']}/completion").status_code == 303
    assert f'action="{act["url"]}/completion"' not in read("bram", "/")
    ask("eva", "delete", f"/communities/een/members/{cast.bram}")
    assert "Sleutels halen" not in read("bram", "/")


def test_the_desk_shows_what_is_late_and_what_nobody_owns(
    ask: Any, read: Any, act: Any, cast: Any, sources: Any
) -> None:
    given = {"kind": "action", "text": "Sleutels halen", "owner": cast.dina, "due": in_days(30)}
    other = ask("anna", "post", f"/messages/{sources.message}/outcome", **given).json
    assert "De buren bellen" not in read("fons", "/coach")
    clock.shift(timedelta(days=11))
    ask("eva", "delete", f"/communities/een/members/{cast.dina}")
    desk = read("fons", "/coach")
    assert "Actie over de datum: <bdi>De buren bellen</bdi>" in desk
    assert "Niemand heeft deze actie nog: <bdi>Sleutels halen</bdi>" in desk
    message = read("fons", f"/programmes/proef/signals/overdue-{act['id']}/message")
    assert "Bram Baan" in message
    ask("fons", "patch", other["url"], owner=cast.bram)
    ask("bram", "put", f"{act['url']}/postponement", due=(clock.today() + timedelta(days=9)).isoformat(), reason="Druk")
    desk = read("fons", "/coach")
    assert "De buren bellen" not in desk
    assert "Sleutels halen" not in desk


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_statements(many: Any, cast: Any, count_statements: Any, accept: str) -> None:
    held, coming = many
    pages = (f"/meetings/{held}", f"/meetings/{coming}", "/communities/een/outcomes", "/programmes/proef/outcomes", "/")
    for path in pages[: None if accept == "text/html" else -1]:
        for who in ("bram", "eva") if path != "/" else ("bram",):
            client = cast.client(None)
            client.get(
                "/meetings", headers={**cast.api(who), "Accept": "text/html"}
            )  # who they are is known from any page
            with count_statements() as statements:
                shown = client.get(path, headers={**cast.api(who), "Accept": accept})
            assert shown.status_code == 200
            assert len(statements) <= MOST, (path, who, "\n".join(statements))
            if "/meetings/" in path and accept == "text/html":
                assert len([one for one in statements if "outcome_kind" in one]) == 1
