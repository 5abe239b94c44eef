"""The pages of threads: the list with its choices, what stands beside a thread, unread links, and streams."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock, text
from cop.base.db import db
from cop.things import Thing
from cop.threads import actions
from cop.threads.models import Post, Thread

LIST = "/communities/een/threads"
STREAM = "text/vnd.turbo-stream.html"


@pytest.fixture
def several(cast: Any, thread: Any, run_as: Any, app: Any) -> dict[str, int]:
    """Return threads by title: an open question, an answered one, a closed one, and an experience of Bram."""
    made = {"open": thread.id}
    for title, who, kind in (
        ("answered", "anna", "question"),
        ("closed", "anna", "question"),
        ("told", "bram", "experience"),
    ):
        sent = {"title": title, "kind": kind, "body": "x"}
        answer = app.test_client().post(f"/api/v1{LIST}", json=sent, headers=cast.api(who))
        made[title] = answer.json["id"]
    post = run_as("bram", actions.reply, Thread, made["answered"], text=text.render("Zo.", "plain"))
    run_as("anna", actions.answer, Thread, made["answered"], post=post)
    run_as("eva", actions.close, Thread, made["closed"])
    return made


@pytest.mark.parametrize(
    ("who", "query", "expected"),
    [
        ("anna", "", ["answered", "told", "closed", "open"]),
        ("anna", "sort=newest", ["told", "closed", "answered", "open"]),
        ("anna", "show=unanswered", ["open"]),
        ("bram", "show=mine", ["told"]),
        ("anna", "show=mine&kind=question&sort=newest", ["closed", "answered", "open"]),
        ("dina", "show=following", ["closed"]),
        ("dina", "show=mine", []),
    ],
)
def test_list_is_narrowed_and_sorted(
    cast: Any, app: Any, several: dict[str, int], who: str, query: str, expected: list[str]
) -> None:
    cast.client("dina").post(f"/things/{several['closed']}/following")
    names = {id: name for name, id in several.items()}
    seen: list[str] = []
    address: str | None = f"/api/v1{LIST}?limit=2&{query}"
    while address:
        page = app.test_client().get(address, headers=cast.api(who)).json
        seen += [names[one["id"]] for one in page["items"]]
        address = page["next"]
    assert seen == expected
    html = cast.client(who).get(f"{LIST}?{query}").text
    shown = [names[int(id)] for id in re.findall(r'<h2 class="thread-title"><a href="/threads/(\d+)', html)]
    assert shown == expected
    assert ("Geen gesprekken gevonden" in html) is (not expected)


def test_choice_keeps_the_other_choices(cast: Any, thread: Any) -> None:
    page = cast.client("anna").get(f"{LIST}?kind=question&sort=newest").text
    assert f'href="{LIST}?kind=question&amp;show=mine&amp;sort=newest"' in page.replace("&sort", "&amp;sort").replace(
        "&show", "&amp;show"
    )
    assert page[page.index('class="filters') :].count('aria-current="true"') == 3


def test_unknown_choice_is_refused(cast: Any, app: Any) -> None:
    answer = app.test_client().get(f"/api/v1{LIST}?show=alles", headers=cast.api("anna"))
    assert list(answer.json["errors"]) == ["show"]


def test_row_names_the_last_replier_and_counts_new_posts(cast: Any, thread: Any) -> None:
    dina, bram = cast.client("dina"), cast.client("bram")
    assert '<span class="mark mark-new">Nieuw</span>' in dina.get(LIST).text  # never opened
    dina.post(f"/threads/{thread.id}/mark", data={"seq": 2})
    for body in ("Nog iets.", "En nog iets."):
        bram.post(f"/threads/{thread.id}/posts", data={"body": body})
    page = dina.get(LIST).text
    assert '<span class="mark mark-new">2 nieuw</span>' in page
    assert f'href="/threads/{thread.id}?after=0#first-unread"' in page
    assert "<span>Bram Baan</span>" in page[page.index("thread-last") :]
    assert "Anna Adem" in page[page.index("byline") : page.index("thread-count")]


def test_unread_link_opens_a_short_thread_whole(cast: Any, thread: Any) -> None:
    dina = cast.client("dina")
    dina.post(f"/threads/{thread.id}/mark", data={"seq": 2})
    assert "Nieuw sinds uw vorige bezoek" not in dina.get(f"/threads/{thread.id}").text
    cast.client("bram").post(f"/threads/{thread.id}/posts", data={"body": "Nog iets."})
    page = dina.get(f"/threads/{thread.id}?after=2#first-unread").text
    assert "maanden" in page  # the opening
    assert page.index(f'id="post-{thread.reply}"') < page.index('id="first-unread"') < page.index("Nog iets.")
    assert 'id="first-unread"' not in cast.client("bram").get(f"/threads/{thread.id}").text
    assert 'id="first-unread"' not in cast.client("eva").get(f"/threads/{thread.id}").text  # everything is new


def test_unread_link_opens_a_long_thread_near_the_first_unread(cast: Any, thread: Any, run_as: Any) -> None:
    for n in range(60):
        run_as("bram", actions.reply, Thread, thread.id, text=text.render(f"Reactie {n}.", "plain"))
    cast.client("dina").post(f"/threads/{thread.id}/mark", data={"seq": 40})
    page = cast.client("dina").get(f"/threads/{thread.id}?after=37#first-unread").text
    assert "Eerdere reacties" in page
    assert page.count('data-seq="') < 30
    assert page.index('data-seq="40"') < page.index('id="first-unread"') < page.index('data-seq="41"')


def test_aside_names_people_files_and_answers(cast: Any, thread: Any, run_as: Any) -> None:
    advice = run_as("dina", actions.reply, Thread, thread.id, text=text.render("Begin klein.", "plain"))
    run_as("anna", actions.answer, Thread, thread.id, post=thread.reply)
    page = cast.client("anna").get(f"/threads/{thread.id}").text
    aside = page[page.index("<aside") : page.index("</aside>")]
    assert "3 deelnemers schreven mee" in aside
    assert f'href="/posts/{thread.reply}"' in aside
    assert f'href="/posts/{advice}"' in aside
    assert "Advies van Dina Deskundig" in aside
    assert "Gesprek volgen" in aside or "U volgt dit gesprek" in aside
    assert "lezen" in aside


def test_reader_and_closed_thread_offer_no_quoting(cast: Any, thread: Any) -> None:
    may = lambda who: re.search(r'data-may="([^"]*)"', cast.client(who).get(f"/threads/{thread.id}").text)[1]  # type: ignore[index]
    assert (may("anna"), may("gerda"), may("eva")) == ("reply react", "", "reply react hide")
    cast.client("eva").post(f"/threads/{thread.id}/closure")
    assert (may("anna"), may("eva")) == ("react", "reply react hide")


def test_menu_has_the_lines_of_its_reader(cast: Any, thread: Any) -> None:
    def lines(who: str, post: int = thread.reply) -> list[str]:
        page = cast.client(who).get(f"/posts/{post}/acts", headers={"Accept": STREAM})
        assert page.content_type.startswith(STREAM)
        return re.findall(r'role="menuitem"[^>]*>.*?</svg>([^<]+)', page.text)

    used, after = "Ik heb dit gebruikt", ["Ongelezen vanaf hier", "Bladwijzer", "Meld dit bericht"]
    assert lines("gerda") == ["Kopieer de link", used, *after]
    assert lines("bram") == [
        "Kopieer de link",
        "Citeren",
        "Bewerken",
        "Opbrengst vastleggen",
        "Ongelezen vanaf hier",
        "Bladwijzer",
        "Intrekken",
        "Verwijder en meld …",
    ]
    reads = ["Kopieer de link", "Citeren", "Dit is het antwoord", "Opbrengst vastleggen", used]
    assert lines("anna") == [*reads, *after]
    moderates = ["Verbergen …", "Verwijder en meld …"]
    assert lines("eva") == [*reads, "In handreiking gebruiken", *after, *moderates]
    cast.client("anna").post(f"/posts/{thread.reply}/reactions/thanks")
    assert "Wie waardeerden dit?" in lines("gerda")


@pytest.mark.parametrize(
    ("targets", "streams"), [(None, True), ("posts", True), ("messages posts", True), ("", False), ("messages", False)]
)
def test_stream_is_sent_to_a_page_that_can_take_it(cast: Any, thread: Any, targets: str | None, streams: bool) -> None:
    """Elsewhere the answer leads to the post: after an edit the reader is back at it."""
    headers = {"Accept": f"{STREAM}, text/html"} | ({} if targets is None else {"X-Stream-Targets": targets})
    sent = {"body": "Onze beheerder.", "base_version": 1}
    answer = cast.client("bram").post(f"/posts/{thread.reply}", data=sent, headers=headers)
    assert ('action="place" target="posts"' in answer.text) is streams
    assert (f'action="visit" data-to="/threads/{thread.id}?after=0#post-{thread.reply}"' in answer.text) is not streams


def test_flash_comes_with_the_stream_and_not_again(cast: Any, thread: Any) -> None:
    bram = cast.client("bram")
    headers = {"Accept": STREAM, "X-Stream-Targets": "posts"}
    answer = bram.post(f"/posts/{thread.reply}/delete", headers=headers)
    assert "Uw bericht is ingetrokken." in answer.text
    assert f'action="/posts/{thread.reply}/restoring"' in answer.text
    assert "Uw bericht is ingetrokken." not in bram.get(f"/threads/{thread.id}").text


@pytest.mark.parametrize(
    ("path", "sent", "words", "undo"),
    [
        ("closure", {}, "is gesloten.", "closure/delete"),
        ("pin", {}, "is vastgezet.", "pin/delete"),
        ("feature", {}, "is uitgelicht.", "feature/delete"),
        ("hiding", {"reason": "Test"}, "is verborgen.", "hiding/delete"),
    ],
)
def test_act_of_a_moderator_says_what_it_did_and_can_be_undone(
    cast: Any, thread: Any, path: str, sent: dict[str, str], words: str, undo: str
) -> None:
    eva = cast.client("eva")
    page = eva.get(eva.post(f"/threads/{thread.id}/{path}", data=sent).location).text
    assert f"Het gesprek “Wie belt er nog?” {words}" in page
    assert f'action="/threads/{thread.id}/{undo}"' in page
    assert eva.post(f"/threads/{thread.id}/{undo}").status_code == 303


def test_moved_thread_can_be_moved_back(cast: Any, thread: Any) -> None:
    fons = cast.client("fons")
    page = fons.get(fons.post(f"/threads/{thread.id}/move", data={"community": "twee"}).location).text
    assert "Tweede kring" in page[page.index('id="flash"') :][:600]
    assert 'name="community" value="een"' in page
    fons.post(f"/threads/{thread.id}/move", data={"community": "een"})
    assert cast.client("anna").get(f"/threads/{thread.id}").status_code == 200


def row_of(page: str, thread: int) -> str:
    """Return the row of a thread in a list."""
    return next(row for row in page.split('<li class="thread-row')[1:] if f'href="/threads/{thread}' in row)


def test_rows_are_shared_but_marks_are_ones_own(cast: Any, thread: Any, run_as: Any) -> None:
    cast.client("bram").post(f"/threads/{thread.id}/mark", data={"seq": 99})
    read, new = (row_of(cast.client(who).get(LIST).text, thread.id) for who in ("bram", "dina"))
    assert "is-unread" not in read
    assert "mark-new" not in read
    assert new.startswith(" is-unread")
    assert "mark-new" in new
    run_as("dina", actions.reply, Thread, thread.id, text=text.render("Nog iets.", "plain"))
    again = row_of(cast.client("bram").get(LIST).text, thread.id)
    assert "1 nieuw<" in again
    assert "2 reacties" in again
    assert "#first-unread" in again
    run_as("eva", actions.retitle, Thread, thread.id, title="Anders genoemd")
    run_as("eva", actions.close, Thread, thread.id)
    for who in ("bram", "dina"):
        shown = row_of(cast.client(who).get(LIST).text, thread.id)
        assert "Anders genoemd" in shown, who
        assert "Gesloten" in shown, who


def test_time_in_a_row_goes_on(cast: Any, thread: Any) -> None:
    shown = []
    for hours in (0, 3, 60):
        clock.shift(timedelta(hours=hours))
        shown.append(row_of(cast.client("anna").get(LIST).text, thread.id))
    assert "3 uur geleden" in shown[1]
    assert "3 dagen geleden" in shown[2] or "2 dagen geleden" in shown[2]
    assert len(set(shown)) == 3


@pytest.mark.parametrize(("take", "give"), [("retract", "restore"), ("hide", "unhide")])
def test_thread_is_read_once_its_new_post_is_gone(
    cast: Any, app: Any, thread: Any, run_as: Any, take: str, give: str
) -> None:
    cast.client("dina").post(f"/threads/{thread.id}/mark", data={"seq": 1})
    assert "is-unread" in row_of(cast.client("dina").get(LIST).text, thread.id)[:20]
    who, given = ("bram", {}) if take == "retract" else ("eva", {"reason": "Namen"})
    run_as(who, getattr(actions.POSTS, take), Post, thread.reply, **given)
    assert "is-unread" not in row_of(cast.client("dina").get(LIST).text, thread.id)[:20]
    assert "Wie belt er nog?" not in cast.client("dina").get("/").text.partition("Vragen zonder")[0]
    run_as(who, getattr(actions.POSTS, give), Post, thread.reply)
    assert "is-unread" in row_of(cast.client("dina").get(LIST).text, thread.id)[:20]
    assert "Wie belt er nog?" in cast.client("dina").get("/").text.partition("Vragen zonder")[0]


def test_copies_of_the_spine_follow_a_move(cast: Any, app: Any, thread: Any, run_as: Any) -> None:
    run_as("fons", actions.move, Thread, thread.id, community="twee")
    own, spine = Thread.__table__, Thing.__table__
    with app.app_context():
        columns = select(own.c.audience_id, spine.c.audience_id, own.c.author_id, spine.c.author_id)
        found = db.session.execute(columns.join(spine, spine.c.id == own.c.id)).all()
    assert found == [(cast.audiences.two, cast.audiences.two, cast.anna, cast.anna)]
    assert "Wie belt er nog?" not in cast.client("anna").get(LIST).text
    assert "Wie belt er nog?" in cast.client("chris").get("/communities/twee/threads").text
