"""search.find, for whom: what somebody may not read does not exist, in no list, count or suggestion."""

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
from cop.people import actions as people
from cop.programmes import actions as programmes
from cop.search.filling import index_all
from cop.society.memberships import Membership
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.threads import actions as threads
from cop.threads.models import Post, Thread

if TYPE_CHECKING:
    from tests.search.conftest import Circle


@pytest.fixture
def written(circle: Circle) -> list[int]:
    """A thread, its reply, a file by its name, one by its description, and a message, each with a word of its own."""
    thread = circle.start("anna", "Albatros", "Buizerd in de opening.")
    return [
        thread,
        circle.reply("bram", thread, "De condor in een reactie."),
        circle.share("dina", "Duif 2017.docx"),
        circle.share("dina", "Lijst.txt", "Met de eider"),
        circle.say("bram", "Een flamingo"),
    ]


WORDS = ["albatros", "buizerd", "condor", "duif", "eider", "flamingo"]


def sees(circle: Circle, who: str) -> set[str]:
    """The words with which somebody finds something."""
    return {word for word in WORDS if circle.found(who, word)}


def plain(said: str) -> text.Text:
    return text.render(said, "plain")


@pytest.mark.parametrize("who", ["anna", "bram", "dina", "eva", "fons", "gerda"])
def test_the_circle_finds_all(circle: Circle, written: list[int], who: str) -> None:
    assert sees(circle, who) == set(WORDS)


@pytest.mark.parametrize("who", ["chris", "jan", "hans", "iris"])
def test_who_does_not_take_part_finds_nothing(circle: Circle, written: list[int], who: str) -> None:
    """A member and a moderator of another community, someone removed, and an administrator."""
    assert sees(circle, who) == set()
    client = circle.cast.client(who)
    for word in WORDS:
        page = client.get(f"/search?q={word}").text
        assert "Niets gevonden" in page
        assert "resultaat" not in page
        assert word not in page.replace(f'value="{word}"', "").replace(f"q={word}", "").replace(f"{word} zoeken", "")
        assert client.get(f"/search?q={word}&in=een&place={written[0]}").status_code == 200
        assert circle.found(who, word, place=written[0]) == circle.found(who, f"{word} in:een van:anna") == []
        assert circle.ask(who, word[:4], "/search/suggestions")["items"] == []
    assert client.get("/communities/een/similar?q=albatros").status_code == 404


def test_who_is_deactivated_or_signed_out_does_not_search(circle: Circle) -> None:
    assert circle.cast.client(None).get("/api/v1/search?q=x", headers=circle.cast.api("kees")).status_code == 401


def test_who_is_removed_finds_nothing_more(circle: Circle, written: list[int]) -> None:
    assert sees(circle, "bram") == set(WORDS)
    with circle.cast.app.app_context():
        membership = db.session.scalars(select(Membership.id).where(Membership.person_id == circle.cast.bram)).one()
    circle.by("eva", programmes.remove, Membership, membership)
    assert sees(circle, "bram") == set()


@pytest.mark.parametrize("who", ["anna", "bram", "eva", "gerda"])
def test_what_is_hidden_is_gone_until_it_is_shown_again(circle: Circle, written: list[int], who: str) -> None:
    thread, post, _named, _described, message = written
    circle.by("eva", threads.POSTS.hide, Post, post, reason="Namen")
    circle.by("eva", chat.MESSAGES.hide, Message, message, reason="Namen")
    assert sees(circle, who) == {"albatros", "buizerd", "duif", "eider"}
    circle.by("eva", threads.POSTS.hide, Post, circle.opening(thread), reason="Namen")
    assert sees(circle, who) == {"albatros", "duif", "eider"}
    circle.by("eva", threads.POSTS.unhide, Post, circle.opening(thread))
    circle.by("eva", threads.POSTS.unhide, Post, post)
    circle.by("eva", chat.MESSAGES.unhide, Message, message)
    assert sees(circle, who) == set(WORDS)
    circle.by("eva", threads.hide_thread, Thread, thread, reason="Dubbel")
    assert sees(circle, who) == {"duif", "eider", "flamingo"}
    assert circle.ask(who, "alba", "/search/suggestions")["items"] == []
    assert circle.ask(who, "albatros", "/communities/een/similar")["items"] == []
    circle.by("eva", threads.unhide_thread, Thread, thread)
    assert sees(circle, who) == set(WORDS)


def test_what_is_retracted_or_trashed_is_gone_until_it_is_put_back(circle: Circle, written: list[int]) -> None:
    thread, post, named, _described, message = written
    circle.by("bram", threads.POSTS.retract, Post, post)
    circle.by("bram", chat.MESSAGES.retract, Message, message)
    circle.by("dina", documents.trash, File, named)
    circle.by("anna", threads.POSTS.retract, Post, circle.opening(thread))
    assert sees(circle, "anna") == sees(circle, "bram") == {"albatros", "eider"}
    circle.by("bram", threads.POSTS.restore, Post, post)
    circle.by("dina", documents.untrash, File, named)
    circle.by("anna", threads.POSTS.restore, Post, circle.opening(thread))
    assert sees(circle, "anna") == {"albatros", "buizerd", "condor", "duif", "eider"}
    lonely = circle.start("anna", "Gaai")
    circle.by("anna", threads.retract_thread, Thread, lonely)
    assert circle.found("anna", "gaai") == []


def test_a_thread_that_moves_is_found_where_it_went(circle: Circle, written: list[int]) -> None:
    attached = circle.share("bram", "Havik.txt", draft=True)
    assert circle.found("anna", "havik") == circle.found("bram", "havik") == []
    with circle.cast.app.app_context(), transaction():
        bram, thread = db.session.get_one(Person, circle.cast.bram), db.session.get_one(Thread, written[0])
        threads.reply(bram, thread, text=plain("Zie de bijlage"), files=[attached])
    assert circle.found("anna", "havik") == [attached]
    circle.by("fons", threads.move, Thread, written[0], community="twee")
    assert sees(circle, "anna") == {"duif", "eider", "flamingo"}
    assert sees(circle, "chris") == {"albatros", "buizerd", "condor"}
    assert (circle.found("anna", "havik"), circle.found("chris", "havik")) == ([], [attached])


def test_what_is_changed_is_found_by_its_new_words(circle: Circle, written: list[int]) -> None:
    thread, post, named, described, message = written
    circle.by("bram", threads.POSTS.edit, Post, post, text=plain("De kiekendief"))
    circle.by("anna", threads.POSTS.edit, Post, circle.opening(thread), text=plain("De lepelaar"))
    circle.by("anna", threads.retitle, Thread, thread, title="Meerkoet")
    circle.by("bram", chat.MESSAGES.edit, Message, message, text=plain("Een nachtegaal"))
    circle.by("dina", documents.describe, File, named, title="Ooievaar.docx")
    circle.by("dina", documents.describe, File, described, description="Met de pelikaan")
    assert sees(circle, "anna") == set()
    for word, id in (
        ("kiekendief", post),
        ("lepelaar", thread),
        ("meerkoet", thread),
        ("nachtegaal", message),
        ("ooievaar", named),
        ("pelikaan", described),
    ):
        assert circle.found("anna", word) == [id], word


def test_people_are_found_by_what_they_say_of_themselves(circle: Circle) -> None:
    circle.by("anna", people.edit, Person, circle.cast.anna, name="Anna Arend", function="Regisseur", themes=["nazorg"])
    for query in ("arend", "regisseurs", "nazorg", "anna woonstichting"):
        assert circle.found("chris", query) == [circle.cast.anna], query
    assert circle.found("chris", "adem") == []
    circle.by("iris", people.edit_organisation, Organisation, circle.cast.organisations[0], name="Woonstichting Reiger")
    assert circle.found("chris", "anna reiger") == [circle.cast.anna]


def test_who_is_deactivated_is_not_found_but_what_they_wrote_is(circle: Circle, written: list[int]) -> None:
    assert circle.found("anna", "bram") == [circle.cast.bram]
    circle.by("iris", people.deactivate, Person, circle.cast.bram)
    assert circle.found("anna", "bram") == []
    assert circle.ask("anna", "bra", "/search/suggestions")["items"] == []
    assert circle.found("anna", "van:bram") == [written[1], written[4]]
    circle.by("iris", people.reactivate, Person, circle.cast.bram)
    assert circle.found("anna", "bram") == [circle.cast.bram]


def test_people_of_another_programme_are_not_found(circle: Circle) -> None:
    with circle.cast.app.app_context(), transaction():
        db.session.add(Person(mail="lot@elders.example", name="Lot Lang", state="active", entered=clock.now()))
        db.session.flush()
        assert index_all() == 1
    assert circle.found("anna", "lang") == circle.found("anna", "van:lot") == []
    assert len(circle.found("iris", "lang")) == 1  # who manages everybody


def test_members_of_a_community_are_found_in_it(circle: Circle) -> None:
    assert circle.found("fons", "proefdam", kind="person", **{"in": "twee"}) == [circle.cast.chris]
    assert set(circle.found("fons", "proefdam", kind="person")) == {
        circle.cast.bram,
        circle.cast.chris,
        circle.cast.gerda,
    }


def test_one_s_own_word_is_found_at_once(cast: Any, circle: Circle) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/threads", headers=cast.api("anna"), json={"title": "Ibis", "body": "**Jufferkraan**"}
    )
    assert circle.found("bram", "ibis jufferkraan") == [answer.json["id"]]
