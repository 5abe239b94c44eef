"""search.suggestions and search.similar: suggestions while typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cop.access import RULES
from cop.threads import actions as threads
from cop.threads.models import Thread

if TYPE_CHECKING:
    from tests.search.conftest import World


def offered(world: World, typed: str, address: str = "/search/suggestions", who: str = "anna") -> list[str]:
    return [item["title"] for item in world.ask(who, typed, address)["items"]]


@pytest.fixture
def titles(world: World) -> dict[str, int]:
    """Create threads and return them by title."""
    return {
        title: world.start("dina", title, "De zeppelin staat in elke tekst.", kind=kind)
        for title, kind in (
            ("Wie betaalt de nazorg?", "question"),
            ("Nazorg na zes maanden", "experience"),
            ("Een nazorgplan maken", "guidance"),
            ("Huurcontract met de nazorg erin", "question"),
            ("Bram heeft een vraag", "question"),
        )
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (
            "naz",
            [
                "Huurcontract met de nazorg erin",
                "Een nazorgplan maken",
                "Nazorg na zes maanden",
                "Wie betaalt de nazorg?",
            ],
        ),
        (
            "nazorg",
            [
                "Huurcontract met de nazorg erin",
                "Nazorg na zes maanden",
                "Wie betaalt de nazorg?",
                "Een nazorgplan maken",
            ],
        ),
        ("nazorgp", ["Een nazorgplan maken"]),
        ("maanden na", ["Nazorg na zes maanden"]),
        ("bra", ["Bram heeft een vraag", "Bram Baan"]),
        ("zeppelin", []),
        ("naz ", []),
        ("", []),
    ],
)
def test_suggestions_match_prefixes_of_titles_and_names(
    world: World, titles: dict[str, int], typed: str, found: list[str]
) -> None:
    assert offered(world, typed) == found


def test_suggestion_links_to_the_thing(world: World, titles: dict[str, int]) -> None:
    [thread, person] = world.ask("anna", "bram", "/search/suggestions")["items"]
    assert thread == {
        "kind": "question",
        "id": titles["Bram heeft een vraag"],
        "title": "Bram heeft een vraag",
        "url": f"/threads/{titles['Bram heeft een vraag']}",
        "noun": "Gesprek",
    }
    assert (person["kind"], person["url"]) == ("person", f"/people/{world.cast.bram}")
    assert world.cast.client("anna").get("/search/suggestions?q=bra").location == "/search?q=bra"


def test_at_most_five_suggestions(world: World) -> None:
    for n in range(7):
        world.start("anna", f"Nazorg {n}")
    assert len(offered(world, "nazorg")) == len(offered(world, "nazorg", "/communities/een/similar")) == 5


def test_similar_threads_are_suggested_for_a_new_title(world: World, titles: dict[str, int]) -> None:
    similar = "/communities/een/similar"
    reply = world.reply("bram", titles["Wie betaalt de nazorg?"], "De gemeente.")
    world.run_as("dina", threads.answer, Thread, titles["Wie betaalt de nazorg?"], post=reply)
    world.start("anna", "Nazorg betalen")
    assert offered(world, "Hoe wordt nazorg betaald na zes maanden?", similar)[:2] == [
        "Wie betaalt de nazorg?",
        "Nazorg na zes maanden",
    ]
    assert offered(world, "nazorgplan betalen", similar) == [
        "Een nazorgplan maken",
        "Wie betaalt de nazorg?",
        "Nazorg betalen",
    ]
    assert offered(world, "Een heel andere vraag over de huur en het beleid van de zorg en de wijk", similar) == []
    assert offered(world, "zeppelin", similar) == []


def test_similar_threads_are_from_all_communities_one_may_read(world: World, titles: dict[str, int]) -> None:
    other = world.start("jan", "Nazorg elders", community="two")
    asked = world.ask("fons", "nazorg elders", "/communities/een/similar")["items"]
    assert [(item["id"], item["place"]) for item in asked if item["place"] == "Tweede kring"] == [
        (other, "Tweede kring")
    ]
    assert "Nazorg elders" not in offered(world, "nazorg", "/communities/een/similar")
    assert world.cast.client("anna").get("/communities/twee/similar?q=nazorg").status_code == 404


def test_no_similar_threads_where_few_can_be_read(world: World) -> None:
    for n in range(4):
        world.start("jan", f"Nazorg {n}", community="two")
    assert offered(world, "nazorg", "/communities/twee/similar", "jan") == []
    world.start("jan", "Nog een", community="two")
    assert len(offered(world, "nazorg", "/communities/twee/similar", "jan")) == 4
    world.start("anna", "Nazorg in een")
    assert offered(world, "nazorg", "/communities/een/similar") == []


def test_guidance_and_answered_threads_come_first(world: World, titles: dict[str, int]) -> None:
    """A thread with all words stays among them, below those that help."""
    for _n in range(5):
        world.start("dina", "Een handreiking over nazorg", kind="guidance")
    world.start("anna", "Nazorg in de wijk na detentie")
    found = world.ask("bram", "Nazorg wijk na detentie", "/communities/een/similar")["items"]
    assert [item["helps"] for item in found] == [True] * 4 + [False]
    assert found[-1]["title"] == "Nazorg in de wijk na detentie"


def test_page_of_similar_threads_works_without_script(world: World, titles: dict[str, int]) -> None:
    client = world.cast.client("anna")
    page = client.get("/communities/een/similar?q=nazorgplan").text
    assert f'<a href="/threads/{titles["Een nazorgplan maken"]}"><bdi>Een nazorgplan maken</bdi></a>' in page
    assert "Nog geen gesprek gevonden" in client.get("/communities/een/similar?q=zeppelin").text
    assert "Typ uw vraag" in client.get("/communities/een/similar").text
    assert 'href="/communities/een/similar"' in client.get("/communities/een/threads/new").text


def test_only_who_may_say_so_is_offered_an_answer(
    world: World, titles: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verb is of another feature; without its rule nothing is offered."""
    thread = titles["Een nazorgplan maken"]
    monkeypatch.delitem(RULES, "uses.answers", raising=False)
    found = {
        item["id"]: item["answers"]
        for item in world.ask("anna", "nazorgplan of nazorg", "/communities/een/similar")["items"]
    }
    assert set(found.values()) == {None}
    monkeypatch.setitem(RULES, "uses.answers", lambda _rights, _person, thing: thing.thread_kind == "guidance")
    found = {
        item["id"]: item["answers"]
        for item in world.ask("anna", "nazorgplan of nazorg", "/communities/een/similar")["items"]
    }
    assert found.pop(thread) == f"/things/{thread}/answered"
    assert set(found.values()) == {None}
    page = world.cast.client("anna").get("/communities/een/similar?q=nazorgplan").text
    assert page.count('/answered"') == 1
    assert '<input type="hidden" name="title" value="nazorgplan">' in page
