"""Visibility in search.find: things that a person may not read appear in no list, count or suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.chat import actions as chat
from cop.chat.models import Message
from cop.documents import actions as documents
from cop.documents.models import File
from cop.members import actions as members
from cop.people import actions as people
from cop.search.filling import index_all
from cop.society.memberships import Membership
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.threads import actions as threads
from cop.threads.models import Post, Thread

if TYPE_CHECKING:
    from tests.search.conftest import World


@pytest.fixture
def written(world: World) -> list[int]:
    """Create a thread, a reply, two files and a message, each with a unique word."""
    thread = world.start("anna", "Albatros", "Buizerd in de opening.")
    return [
        thread,
        world.reply("bram", thread, "De condor in een reactie."),
        world.share("dina", "Duif 2017.docx"),
        world.share("dina", "Lijst.txt", "Met de eider"),
        world.send_message("bram", "Een flamingo"),
    ]


WORDS = ["albatros", "buizerd", "condor", "duif", "eider", "flamingo"]


def sees(world: World, who: str) -> set[str]:
    """Return the words with which a person finds something."""
    return {word for word in WORDS if world.found(who, word)}


def plain(source: str) -> text.Text:
    return text.render(source, "plain")


@pytest.mark.parametrize("who", ["anna", "bram", "dina", "eva", "fons", "gerda"])
def test_members_find_everything(world: World, written: list[int], who: str) -> None:
    assert sees(world, who) == set(WORDS)


@pytest.mark.parametrize("who", ["chris", "jan", "hans", "iris"])
def test_stranger_finds_nothing(world: World, written: list[int], who: str) -> None:
    """Strangers are a member and a moderator of another community, a removed member, and an administrator."""
    assert sees(world, who) == set()
    client = world.cast.client(who)
    for word in WORDS:
        page = client.get(f"/search?q={word}").text
        assert "Niets gevonden" in page
        assert "resultaat" not in page
        assert word not in page.replace(f'value="{word}"', "").replace(f"q={word}", "").replace(f"{word} zoeken", "")
        assert client.get(f"/search?q={word}&in=een&place={written[0]}").status_code == 200
        assert world.found(who, word, place=written[0]) == world.found(who, f"{word} in:een van:anna") == []
        assert world.ask(who, word[:4], "/search/suggestions")["items"] == []
    assert client.get("/communities/een/similar?q=albatros").status_code == 404


def test_deactivated_person_cannot_search(world: World) -> None:
    assert world.cast.client(None).get("/api/v1/search?q=x", headers=world.cast.api("kees")).status_code == 401


def test_removed_member_finds_nothing(world: World, written: list[int]) -> None:
    assert sees(world, "bram") == set(WORDS)
    with world.cast.app.app_context():
        membership = db.session.scalars(select(Membership.id).where(Membership.person_id == world.cast.bram)).one()
    world.run_as("eva", members.remove, Membership, membership)
    assert sees(world, "bram") == set()


@pytest.mark.parametrize("who", ["anna", "bram", "eva", "gerda"])
def test_hidden_thing_is_not_found_until_unhidden(world: World, written: list[int], who: str) -> None:
    thread, post, _named, _described, message = written
    world.run_as("eva", threads.POSTS.hide, Post, post, reason="Namen")
    world.run_as("eva", chat.MESSAGES.hide, Message, message, reason="Namen")
    assert sees(world, who) == {"albatros", "buizerd", "duif", "eider"}
    world.run_as("eva", threads.POSTS.hide, Post, world.opening(thread), reason="Namen")
    assert sees(world, who) == {"albatros", "duif", "eider"}
    world.run_as("eva", threads.POSTS.unhide, Post, world.opening(thread))
    world.run_as("eva", threads.POSTS.unhide, Post, post)
    world.run_as("eva", chat.MESSAGES.unhide, Message, message)
    assert sees(world, who) == set(WORDS)
    world.run_as("eva", threads.hide_thread, Thread, thread, reason="Dubbel")
    assert sees(world, who) == {"duif", "eider", "flamingo"}
    assert world.ask(who, "alba", "/search/suggestions")["items"] == []
    assert world.ask(who, "albatros", "/communities/een/similar")["items"] == []
    world.run_as("eva", threads.unhide_thread, Thread, thread)
    assert sees(world, who) == set(WORDS)


def test_retracted_or_trashed_thing_is_not_found_until_restored(world: World, written: list[int]) -> None:
    thread, post, named, _described, message = written
    world.run_as("bram", threads.POSTS.retract, Post, post)
    world.run_as("bram", chat.MESSAGES.retract, Message, message)
    world.run_as("dina", documents.trash, File, named)
    world.run_as("anna", threads.POSTS.retract, Post, world.opening(thread))
    assert sees(world, "anna") == sees(world, "bram") == {"albatros", "eider"}
    world.run_as("bram", threads.POSTS.restore, Post, post)
    world.run_as("dina", documents.untrash, File, named)
    world.run_as("anna", threads.POSTS.restore, Post, world.opening(thread))
    assert sees(world, "anna") == {"albatros", "buizerd", "condor", "duif", "eider"}
    lonely = world.start("anna", "Gaai")
    world.run_as("anna", threads.retract_thread, Thread, lonely)
    assert world.found("anna", "gaai") == []


def test_moved_thread_is_found_in_its_new_community(world: World, written: list[int]) -> None:
    attached = world.share("bram", "Havik.txt", draft=True)
    assert world.found("anna", "havik") == world.found("bram", "havik") == []
    with world.cast.app.app_context(), transaction():
        bram, thread = db.session.get_one(Person, world.cast.bram), db.session.get_one(Thread, written[0])
        threads.reply(bram, thread, text=plain("Zie de bijlage"), files=[attached])
    assert world.found("anna", "havik") == [attached]
    world.run_as("fons", threads.move, Thread, written[0], community="twee")
    assert sees(world, "anna") == {"duif", "eider", "flamingo"}
    assert sees(world, "chris") == {"albatros", "buizerd", "condor"}
    assert (world.found("anna", "havik"), world.found("chris", "havik")) == ([], [attached])


def test_edited_thing_is_found_by_its_new_words(world: World, written: list[int]) -> None:
    thread, post, named, described, message = written
    world.run_as("bram", threads.POSTS.edit, Post, post, text=plain("De kiekendief"))
    world.run_as("anna", threads.POSTS.edit, Post, world.opening(thread), text=plain("De lepelaar"))
    world.run_as("anna", threads.retitle, Thread, thread, title="Meerkoet")
    world.run_as("bram", chat.MESSAGES.edit, Message, message, text=plain("Een nachtegaal"))
    world.run_as("dina", documents.describe, File, named, title="Ooievaar.docx")
    world.run_as("dina", documents.describe, File, described, description="Met de pelikaan")
    assert sees(world, "anna") == set()
    for word, id in (
        ("kiekendief", post),
        ("lepelaar", thread),
        ("meerkoet", thread),
        ("nachtegaal", message),
        ("ooievaar", named),
        ("pelikaan", described),
    ):
        assert world.found("anna", word) == [id], word


def test_people_are_found_by_their_profile(world: World) -> None:
    world.run_as(
        "anna", people.edit, Person, world.cast.anna, name="Anna Arend", function="Regisseur", themes=["nazorg"]
    )
    for query in ("arend", "regisseurs", "nazorg", "anna woonstichting"):
        assert world.found("chris", query) == [world.cast.anna], query
    assert world.found("chris", "adem") == []
    world.run_as(
        "iris", people.edit_organisation, Organisation, world.cast.organisations[0], name="Woonstichting Reiger"
    )
    assert world.found("chris", "anna reiger") == [world.cast.anna]


def test_deactivated_person_is_not_found_but_their_posts_are(world: World, written: list[int]) -> None:
    assert world.found("anna", "bram") == [world.cast.bram]
    world.run_as("iris", people.deactivate, Person, world.cast.bram)
    assert world.found("anna", "bram") == []
    assert world.ask("anna", "bra", "/search/suggestions")["items"] == []
    assert world.found("anna", "van:bram") == [written[1], written[4]]
    world.run_as("iris", people.reactivate, Person, world.cast.bram)
    assert world.found("anna", "bram") == [world.cast.bram]


def test_people_of_another_programme_are_not_found(world: World) -> None:
    with world.cast.app.app_context(), transaction():
        db.session.add(Person(mail="lot@elders.example", name="Lot Lang", state="active", entered=clock.now()))
        db.session.flush()
        assert index_all() == 1
    assert world.found("anna", "lang") == world.found("anna", "van:lot") == []
    assert len(world.found("iris", "lang")) == 1  # an administrator


def test_members_of_a_community_are_found_in_it(world: World) -> None:
    assert world.found("fons", "proefdam", kind="person", **{"in": "twee"}) == [world.cast.chris]
    assert set(world.found("fons", "proefdam", kind="person")) == {
        world.cast.bram,
        world.cast.chris,
        world.cast.gerda,
    }


def test_own_post_is_found_immediately(cast: Any, world: World) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/threads", headers=cast.api("anna"), json={"title": "Ibis", "body": "**Jufferkraan**"}
    )
    assert world.found("bram", "ibis jufferkraan") == [answer.json["id"]]
