"""Who sees which materials of a meeting, what the pages of threads and documents say, and how many statements it takes."""

from __future__ import annotations

from typing import Any

import pytest

from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from tests.meetings.test_statements import MOST

SECTION = "Stukken en gesprekken bij deze bijeenkomst"
LINE = "Hoort bij bijeenkomst"


def test_each_reader_sees_what_they_may_see(everybody: Any, start: Any, attach: Any, titles: Any, read: Any) -> None:
    """Of a meeting of the whole programme, and it says who does not see it."""
    mine, theirs = start("Van ons"), start("Van hen", who="chris", to="twee")
    for one in (mine, theirs):
        attach(everybody, one, who="fons")
    assert (titles("anna", everybody), titles("chris", everybody)) == (["Van ons"], ["Van hen"])
    assert titles("fons", everybody) == ["Van ons", "Van hen"]
    page = read("anna", everybody.url)
    assert "Alleen deelnemers van “Eerste kring” zien dit." in page
    assert "Van hen" not in page
    assert "Tweede kring" not in page.split(SECTION)[1].split("</section>")[0]


def test_who_does_not_see_it_is_told_when_it_is_attached(everybody: Any, meeting: Any, start: Any, cast: Any) -> None:
    thread, client, headers = start(), cast.client(None), {**cast.api("fons"), "Accept": "text/html"}
    for whose, alone, words in (
        (everybody, True, "Anderen die zijn uitgenodigd, zien het niet."),
        (meeting, False, "Iedereen die is uitgenodigd, kan het openen."),
    ):
        choices = client.get(f"{whose.url}/materials/new?q=sleutels", headers=headers).text
        assert ("Alleen deelnemers van “Eerste kring” zien dit." in choices) == alone
        client.post(f"{whose.url}/materials/{thread.id}", headers=headers)
        assert words in client.get(whose.url, headers=headers).text


def test_only_those_of_others_show_no_section(everybody: Any, start: Any, attach: Any, read: Any) -> None:
    attach(everybody, start(), who="fons")
    assert SECTION not in read("chris", everybody.url)


def test_what_is_hidden_vanishes_and_comes_back(
    meeting: Any, thread: Any, file: Any, attach: Any, ask: Any, titles: Any
) -> None:
    for one in (thread, file):
        attach(meeting, one)
    assert ask("eva", "put", f"/api/v1{thread.url}/hiding", reason="Persoonsgegevens").status_code == 200
    assert ask("anna", "delete", f"/api/v1{file.url}").status_code in (200, 204)
    for who in ("bram", "eva", "anna"):  # also who sees it elsewhere
        assert titles(who, meeting) == []
    ask("eva", "delete", f"/api/v1{thread.url}/hiding")
    assert ask("anna", "post", f"/api/v1{file.url}/untrash").status_code in (200, 204)
    assert titles("bram", meeting) == ["Wie heeft er sleutels?", "Rekenmodel.txt"]


def test_a_thread_that_moved_is_out_of_sight(meeting: Any, thread: Any, attach: Any, ask: Any, titles: Any) -> None:
    attach(meeting, thread)
    assert ask("fons", "post", f"/api/v1{thread.url}/move", community="twee").status_code == 200
    assert titles("anna", meeting) == titles("eva", meeting) == []
    assert titles("fons", meeting) == ["Wie heeft er sleutels?"]
    ask("fons", "post", f"/api/v1{thread.url}/move", community="een")
    assert titles("anna", meeting) == ["Wie heeft er sleutels?"]


def test_pages_name_their_meetings(
    meeting: Any, everybody: Any, thread: Any, file: Any, attach: Any, read: Any
) -> None:
    for one in (thread, file):
        read("anna", one.url)
        attach(meeting, one)
        attach(everybody, one, who="fons")
        page = " ".join(read("anna", one.url).split())
        assert f'{LINE} <a href="{meeting.url}"><bdi>Plaats maken</bdi></a> op vrijdag 26 maart 2027' in page
        assert f'{LINE} <a href="{everybody.url}"><bdi>Slotsymposium</bdi></a>' in page


def test_pages_name_only_meetings_of_the_reader(
    meeting: Any, start: Any, attach: Any, read: Any, ask: Any, everybody: Any
) -> None:
    """A thread that moved: who reads it now sees no meeting of the community it came from."""
    thread = start()
    attach(meeting, thread)
    attach(everybody, thread, who="fons")
    ask("fons", "post", f"/api/v1{thread.url}/move", community="twee")
    for who, sees in (("fons", True), ("chris", False), ("jan", False)):
        page = read(who, thread.url)
        assert (f'href="{meeting.url}"' in page) == sees == (ask(who, "get", meeting.api).status_code == 200), who
        assert f'href="{everybody.url}"' in page


def test_the_page_of_a_thread_follows_the_meeting(
    meeting: Any, thread: Any, attach: Any, read: Any, ask: Any, run_as: Any
) -> None:
    """Although the page is cached: another title or time, a cancellation, and a removal."""
    attach(meeting, thread)
    assert "Plaats maken" in read("anna", thread.url)
    ask("eva", "patch", meeting.api, title="Ruimte maken")
    assert "Ruimte maken" in read("anna", thread.url)
    moved = {"starts": "2027-04-02T10:00", "ends": "2027-04-02T12:00"}
    assert ask("eva", "put", f"{meeting.api}/moving", **moved).status_code == 200
    assert "op vrijdag 2 april 2027" in read("anna", thread.url)
    ask("eva", "delete", f"{meeting.api}/materials/{thread.id}")
    assert LINE not in read("anna", thread.url)
    attach(meeting, thread)
    assert LINE in read("anna", thread.url)
    run_as("eva", meetings.cancel, Meeting, meeting.id, reason="Ziek")
    assert LINE not in read("anna", thread.url)


def test_a_draft_is_named_when_it_is_announced(plan: Any, thread: Any, attach: Any, read: Any, run_as: Any) -> None:
    draft = plan()
    attach(draft, thread)
    assert all(LINE not in read(who, thread.url) for who in ("anna", "eva"))
    run_as("eva", meetings.announce, Meeting, draft.id)
    assert LINE in read("anna", thread.url)


@pytest.mark.parametrize("number", [1, 12])
def test_statements(
    meeting: Any, start: Any, attach: Any, read: Any, cast: Any, count_statements: Any, number: int
) -> None:
    """One on the page of a meeting however many there are; none on the page of a thread that is cached."""
    threads = [start(f"Gesprek {n}") for n in range(number)]
    for one in threads:
        attach(meeting, one)
    for who, most in (("anna", MOST - 1), ("eva", MOST)):
        read(who, "/meetings")  # who they are is known from any page
        with count_statements() as statements:
            assert "Gesprek 0" in read(who, meeting.url)
        assert len(statements) <= most, "\n".join(statements)
        assert sum("thing_link" in one and "shown_kind" in one for one in statements) == 1
    read("anna", threads[0].url)
    with count_statements() as statements:
        assert LINE in read("anna", threads[0].url)
    assert len(statements) == 2, "\n".join(statements)
