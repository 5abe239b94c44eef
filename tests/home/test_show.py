"""home.show: what needs the person's attention."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.chat.models import ensure_room, enter
from cop.notices.notifying import notify
from cop.society.memberships import Membership, TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.society.visits import previous_visit, visits
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
    assert "Wat vraagt uw aandacht?" in page
    for expected in (
        "U bent bij: alles is gelezen.",
        "Er is geen vraag die op een antwoord wacht.",
        "Er zijn nog geen documenten gedeeld.",
        "nu niemand aanwezig",
    ):
        assert expected in page, expected
    for heading in ("Meldingen", "Uitgelicht"):
        assert f"<h2>{heading}</h2>" not in page


def test_unread_threads_are_shown(cast: Any, start_thread: Any, run_as: Any) -> None:
    thread = start_thread("bram", "Van Bram")
    start_thread("anna", "Van mijzelf")
    page = cast.client("anna").get("/").text
    assert "Van Bram" in part(page, "Nog niet gelezen")
    assert "Van mijzelf" not in part(page, "Nog niet gelezen")
    cast.client("anna").post(f"/threads/{thread}/mark", data={"seq": 1})
    assert "Van Bram" not in part(cast.client("anna").get("/").text, "Nog niet gelezen")
    run_as("bram", threads.reply, Thread, thread, text=text.render("Nog iets.", "plain"))
    again = part(cast.client("anna").get("/").text, "Nog niet gelezen")
    assert f"/threads/{thread}?after=0#first-unread" in again
    cast.client("anna").post(f"/things/{thread}/muting")
    assert "Van Bram" not in part(cast.client("anna").get("/").text, "Nog niet gelezen")


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
    start_thread("bram", "Wacht korter")
    waiting = part(cast.client("anna").get("/").text, "Vragen zonder antwoord")
    order = [waiting.index(title) for title in ("Zonder reactie", "Wacht korter", "Met een reactie")]
    assert order == sorted(order)
    for title in ("Beantwoord", "Ervaring", "Mijn eigen vraag"):
        assert title not in waiting
    assert waits


@pytest.mark.parametrize("theme", ["50%", "a_b", "a/b", "NAZORG"])
def test_question_on_own_theme_is_marked(theme: str, cast: Any, app: Any, start_thread: Any) -> None:
    start_thread("bram", "Over 501, axb en a//b")
    start_thread("bram", "Over 50%, a_b, a/b en nazorg")
    with app.app_context(), transaction():
        db.session.get(Person, cast.anna).themes = ["Iets anders", theme]
    waiting = part(cast.client("anna").get("/").text, "Vragen zonder antwoord")
    assert waiting.count("uw thema") == 1
    assert waiting.index("uw thema") > waiting.index("a/b en nazorg")


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
    assert "1 deelnemer aanwezig" in page
    assert f'href="/rooms/{room}"' in page
    assert "2 deelnemers aanwezig" in cast.client("gerda").get("/").text


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
    assert "/rooms" in page or "for=room" in page


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
        "Not read yet",
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
        cast.client("anna").get("/")  # with her rights, and what depends on people and programmes alone, cached

    grow(2)
    with count_statements() as few:
        cast.client("anna").get("/")
    grow(30)
    with count_statements() as many:
        cast.client("anna").get("/")
    assert len(many) == len(few) <= 12, "\n".join(many)


def visited(app: Any, cast: Any, who: str, ago: timedelta) -> None:
    """Store that a person was here that long ago."""
    with app.app_context():
        visits.seen[getattr(cast, who)] = clock.now() - ago
        visits.store()


def test_first_visit_has_no_news(cast: Any, start_thread: Any) -> None:
    start_thread("bram", "Van Bram")
    assert "Sinds uw vorige bezoek" not in cast.client("anna").get("/").text


def test_news_since_the_previous_visit(cast: Any, app: Any, start_thread: Any, run_as: Any) -> None:
    old, followed = start_thread("bram", "Al bekend"), start_thread("anna", "Dat ik volg")
    with app.app_context(), transaction():
        room = ensure_room(db.session.get_one(Community, cast.one)).id
    clock.shift(timedelta(days=1))
    visited(app, cast, "anna", timedelta(0))
    clock.shift(timedelta(days=3))
    assert "Er is niets nieuws bijgekomen." in since(cast, "anna")
    run_as("anna", threads.reply, Thread, followed, text=text.render("Van mijzelf.", "plain"))
    for _n in range(2):
        run_as("bram", threads.reply, Thread, followed, text=text.render("Nog iets.", "plain"))
    run_as("dina", threads.reply, Thread, old, text=text.render("Ook iets.", "plain"))
    start_thread("bram", "Net begonnen")
    start_thread("chris", "Van de tweede kring", cast.two)
    chat = {"body": "Dag allemaal"}
    cast.client(None).post(f"/api/v1/rooms/{room}/messages", headers=cast.api("bram"), json=chat)
    upload = {"file": (io.BytesIO(b"Een tekst."), "Nieuw model.txt")}
    cast.client(None).post("/api/v1/communities/een/files", headers=cast.api("bram"), data=upload)
    with app.app_context(), transaction():
        db.session.add(
            newcomer := Person(mail="n@proef.example", name="Nora Nieuw", state="active", entered=clock.now())
        )
        db.session.flush()
        db.session.add(Membership(person_id=newcomer.id, community_id=cast.one, role="member"))
    news = since(cast, "anna")
    for expected in (
        "2 nieuwe berichten in gesprekken die u volgt",
        "1 nieuw gesprek<",
        "1 nieuw bericht in een ander gesprek",
        "1 nieuw document<",
        "1 nieuw bericht in de chat",
        "1 nieuwe deelnemer",
        "Nora Nieuw",
        "Net begonnen",
        "Nieuw model.txt",
    ):
        assert expected in news, expected
    assert "tweede kring" not in news
    # What was read is no news, and the moment stays the same during the visit.
    cast.client("anna").post(f"/threads/{followed}/mark", data={"seq": 99})
    with app.app_context():
        visits.store()
    assert "gesprekken die u volgt" not in since(cast, "anna")
    assert "Net begonnen" in since(cast, "anna")
    clock.shift(timedelta(days=3, hours=5))
    assert "Er is niets nieuws bijgekomen." in since(cast, "anna")


def since(cast: Any, who: str) -> str:
    """Return the block of what is new."""
    page = cast.client(who).get("/").text
    return page.partition("Sinds uw vorige bezoek")[2].partition("</section>")[0]


def test_reading_home_writes_nothing(cast: Any, app: Any, count_statements: Any) -> None:
    with count_statements() as statements:
        cast.client("anna").get("/")
    assert [words for words in statements if not words.lstrip().upper().startswith("SELECT")] == []
    with app.app_context():
        visits.store()
        assert previous_visit(cast.anna) is None  # the first visit still goes on


def test_moderator_sees_what_waits_for_them(cast: Any, app: Any, start_thread: Any) -> None:
    start_thread("bram", "Wie weet dit?")
    with app.app_context(), transaction():
        for name, mail in (("Nog Niet", "niet@proef.example"), ("Fout Adres", "fout@proef.example")):
            db.session.add(person := Person(mail=mail, name=name))
            db.session.flush()
            db.session.add(Membership(person_id=person.id, community_id=cast.one, role="member"))
        empty = {"subject": "", "text": "", "html": "", "headers": {}, "made": clock.now()}
        db.session.add(Email(kind="x", address=mail, person_id=person.id, state="failed", error="550", **empty))
    clock.shift(timedelta(days=4))
    for who in ("eva", "fons"):
        page = cast.client(who).get("/").text
        assert "1 vraag wacht al langer dan drie dagen op een reactie" in page, who
        assert "1 deelnemer heeft nog niet ingelogd" in page
        assert "Mail aan 1 deelnemer is niet bezorgd" in page
        assert "Nog Niet" in page
    for who in ("anna", "jan"):
        page = cast.client(who).get("/").text
        assert "Wie weet dit?" not in page.partition("Voor u als moderator")[2], who
        assert "Nog Niet" not in page


def test_two_programmes_have_two_headings(cast: Any, app: Any, start_thread: Any) -> None:
    with app.app_context(), transaction():
        db.session.add(other := Programme(slug="mix", name="Magic Mix"))
        db.session.flush()
        db.session.add(circle := Community(programme_id=other.id, slug="mixkring", name="Mixkring"))
        db.session.flush()
        db.session.add(Membership(person_id=cast.anna, community_id=circle.id, role="member"))
        db.session.add(Membership(person_id=cast.bram, community_id=circle.id, role="member"))
        db.session.flush()
        id = circle.id
    start_thread("bram", "In de eerste")
    start_thread("bram", "In de mix", id)
    page = cast.client("anna").get("/").text
    first, second = page.partition('home-programme"')[2].split('home-programme"')
    assert "Proefprogramma" in first
    assert "In de eerste" in first
    assert "In de mix" not in first
    assert "Magic Mix" in second
    assert "In de mix" in second
    assert '<ul class="main-nav-group">' in page
    assert '<ul class="main-nav-group">' not in cast.client("chris").get("/").text


def test_team_without_community_is_shown_the_way(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        db.session.add(other := Programme(slug="leeg", name="Leeg programma"))
        db.session.flush()
        db.session.add(TeamMember(programme_id=other.id, person_id=cast.hans))
    page = cast.client("hans").get("/").text
    assert "U doet nog nergens mee" not in page
    assert 'href="/programmes/leeg"' in page


def test_documents_show_community_and_type(cast: Any) -> None:
    upload = {"file": (io.BytesIO(b"Een tekst."), "Model.txt")}
    cast.client(None).post("/api/v1/communities/een/files", headers=cast.api("bram"), data=upload)
    shown = part(cast.client("anna").get("/").text, "Nieuwste documenten")
    assert "Eerste kring" in shown
    assert "TXT" in shown
