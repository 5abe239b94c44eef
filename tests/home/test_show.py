"""home.show: what needs the person's attention."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room, enter
from cop.notices.notifying import notify
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Thing
from cop.threads import actions as threads
from cop.threads.models import Thread


@pytest.fixture
def start_thread(cast: Any, run_as: Any) -> Any:
    """Return a function that starts a thread: `start_thread('anna', 'Titel')`."""

    def start(who: str, title: str, community: int = 0, **given: Any) -> int:
        def run(person: Any, where: Community) -> Thread:
            return threads.start(person, where, title=title, text=text.render("De opening.", "plain"), **given)

        return run_as(who, run, Community, community or cast.one)

    return start


def part(page: str, heading: str) -> str:
    """The part of a page below a heading."""
    assert f"<h2>{heading}</h2>" in page, heading
    return page.partition(f"<h2>{heading}</h2>")[2].partition("</section>")[0]


def test_empty_home(cast: Any) -> None:
    page = cast.client("anna").get("/").text
    assert "Wat vraagt mijn aandacht" in page
    for expected in (
        "U bent bij: alles is gelezen.",
        "Er is geen vraag die op een antwoord wacht.",
        "Er zijn nog geen documenten gedeeld.",
        "Er is nu niemand anders",
    ):
        assert expected in page, expected
    for heading in ("Meldingen", "Uitgelicht"):
        assert f"<h2>{heading}</h2>" not in page


def test_unread_threads_are_shown(cast: Any, start_thread: Any, run_as: Any) -> None:
    thread = start_thread("bram", "Van Bram")
    start_thread("anna", "Van mijzelf")
    page = cast.client("anna").get("/").text
    assert "Van Bram" in part(page, "Nieuw voor u")
    assert "Van mijzelf" not in part(page, "Nieuw voor u")
    cast.client("anna").post(f"/threads/{thread}/mark", data={"seq": 1})
    assert "Van Bram" not in part(cast.client("anna").get("/").text, "Nieuw voor u")
    run_as("bram", threads.reply, Thread, thread, text=text.render("Nog iets.", "plain"))
    again = part(cast.client("anna").get("/").text, "Nieuw voor u")
    assert f"/threads/{thread}?after=0#first-unread" in again
    cast.client("anna").post(f"/things/{thread}/muting")
    assert "Van Bram" not in part(cast.client("anna").get("/").text, "Nieuw voor u")


def test_unanswered_questions_are_shown(cast: Any, app: Any, start_thread: Any, run_as: Any) -> None:
    start_thread("anna", "Mijn eigen vraag")
    start_thread("bram", "Ervaring", kind="experience")
    answered, replied, waits = (
        start_thread("bram", title) for title in ("Beantwoord", "Met een reactie", "Zonder reactie")
    )
    for thread in (answered, replied):
        post = run_as("dina", threads.reply, Thread, thread, text=text.render("Zo.", "plain"))
        if thread == answered:
            run_as("bram", threads.answer, Thread, thread, post=post)
    nazorg = start_thread("bram", "Over nazorg en buren")
    run_as("dina", threads.reply, Thread, nazorg, text=text.render("Zo.", "plain"))
    with app.app_context(), transaction():
        db.session.get(Person, cast.anna).themes = ["Nazorg"]
    waiting = part(cast.client("anna").get("/").text, "Vragen zonder antwoord")
    assert [waiting.index(title) for title in ("Over nazorg", "Zonder reactie", "Met een reactie")] == sorted(
        waiting.index(title) for title in ("Over nazorg", "Zonder reactie", "Met een reactie")
    )
    for title in ("Beantwoord", "Ervaring", "Mijn eigen vraag"):
        assert title not in waiting
    assert waits


@pytest.mark.parametrize("theme", ["50%", "a_b", "a/b", "NAZORG"])
def test_theme_matches_as_written(theme: str, cast: Any, app: Any, start_thread: Any) -> None:
    start_thread("bram", "Over 501, axb en a//b")
    start_thread("bram", "Over 50%, a_b, a/b en nazorg")
    with app.app_context(), transaction():
        db.session.get(Person, cast.anna).themes = ["Iets anders", theme]
    waiting = part(cast.client("anna").get("/").text, "Vragen zonder antwoord")
    assert waiting.index("50%") < waiting.index("501")


def test_unread_notices_show_before_newer_read_ones(cast: Any, app: Any, start_thread: Any) -> None:
    first = start_thread("bram", "Oudste")
    rest = [start_thread("bram", f"Later {n}") for n in range(6)]
    with app.app_context(), transaction():
        for thread in (first, *rest):
            notify([cast.anna], "reply", place=thread, thing=thread, actor=cast.bram, audience=cast.audiences.one)
    for thread in rest:
        cast.client("anna").post(f"/threads/{thread}/mark", data={"seq": 1})
    page = cast.client("anna").get("/").text
    assert "Bram Baan reageert in ‘Oudste’" in part(page, "Meldingen")
    assert "Later" not in part(page, "Meldingen")


def test_only_own_communities_are_shown(cast: Any, start_thread: Any, run_as: Any) -> None:
    thread = start_thread("chris", "Van de tweede kring", cast.two)
    run_as("jan", threads.feature, Thread, thread)
    for who in ("anna", "gerda"):
        assert "tweede kring" not in cast.client(who).get("/").text, who
    assert "Van de tweede kring" in cast.client("fons").get("/").text


def test_hidden_things_are_not_shown(cast: Any, start_thread: Any, run_as: Any) -> None:
    thread = start_thread("bram", "Weg ermee")
    run_as("eva", threads.feature, Thread, thread)
    assert "Weg ermee" in cast.client("anna").get("/").text
    run_as("eva", threads.hide_thread, Thread, thread, reason="Namen")
    assert "Weg ermee" not in cast.client("anna").get("/").text


def test_featured_thread_shows_its_excerpt(cast: Any, start_thread: Any, run_as: Any) -> None:
    thread = start_thread("dina", "Handreiking", kind="guidance")
    run_as("eva", threads.feature, Thread, thread)
    shown = part(cast.client("anna").get("/").text, "Uitgelicht")
    assert "Handreiking" in shown
    assert "De opening." in shown


def test_people_in_the_room_are_shown(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        room = ensure_room(db.session.get_one(Community, cast.one)).id
        for who, until in ((cast.anna, 1), (cast.bram, 1), (cast.eva, -1)):
            enter(room, who, "hier", clock.now() + timedelta(minutes=until))
    page = cast.client("anna").get("/").text
    assert "1 ander is er nu" in page
    assert f'href="/rooms/{room}"' in page
    assert "2 anderen zijn er nu" in cast.client("gerda").get("/").text


def test_shortcuts_open_the_only_community(cast: Any, app: Any) -> None:
    page = cast.client("anna").get("/").text
    assert 'href="/communities/een/threads/new?kind=question"' in page
    assert 'href="/communities/een/documents"' in page
    with app.app_context(), transaction():
        db.session.add(Membership(person_id=cast.anna, community_id=cast.two, role="reader"))
    page = cast.client("anna").get("/").text
    assert 'href="/communities/een/threads/new?kind=question"' in page  # in the other community the person may write
    assert 'href="/communities?for=room"' in page
    with app.app_context(), transaction():
        db.session.add(Membership(person_id=cast.bram, community_id=cast.two, role="member"))
    assert 'href="/communities?for=question"' in cast.client("bram").get("/").text


def test_reader_is_offered_no_shortcuts(cast: Any) -> None:
    page = cast.client("gerda").get("/").text
    assert "Stel een vraag" not in page
    assert "Open het live gesprek" in page


def test_person_without_community(cast: Any) -> None:
    assert "Verwacht u een uitnodiging?" in cast.client("hans").get("/").text
    page = cast.client("iris").get("/").text
    assert "Als beheerder leest u niet vanzelf mee." in page
    assert 'href="/programmes"' in page


def test_page_in_english(cast: Any) -> None:
    browser = cast.client("anna")
    browser.set_cookie("cop-language", "en")
    page = browser.get("/").text
    assert '<html lang="en"' in page
    for expected in (
        "You are up to date: everything has been read.",
        "No question is waiting for an answer.",
        "New for you",
    ):
        assert expected in page, expected


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).get("/").location == "/sign-in"


def test_statements_do_not_grow_with_the_content(cast: Any, app: Any, start_thread: Any, count_statements: Any) -> None:
    def grow(times: int) -> None:
        for n in range(times):
            start_thread("bram", f"Vraag {n} van {times}")
        with app.app_context(), transaction():
            db.session.add_all(Thing(kind="thing", audience_id=cast.audiences.one, title="x") for _n in range(times))
        cast.client("anna").get("/settings")  # with her rights cached

    grow(2)
    with count_statements() as few:
        cast.client("anna").get("/")
    grow(30)
    with count_statements() as many:
        cast.client("anna").get("/")
    assert len(many) == len(few) <= 12, "\n".join(many)
