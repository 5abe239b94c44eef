"""Reading marks (threads.mark), suggested names, and statement budgets."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base import text
from cop.base.web.pages import bodies
from cop.society.programmes import Community
from cop.threads import actions
from cop.threads.models import Thread


def test_works_for_mark(cast: Any, thread: Any) -> None:
    assert cast.client("dina").post(f"/threads/{thread.id}/mark", data={"seq": 2}).status_code == 303
    assert 'class="mark mark-new"' not in cast.client("dina").get("/communities/een/threads").text


def test_works_by_api_for_mark_and_moves_forward_only(cast: Any, thread: Any, app: Any) -> None:
    def put(seq):
        return app.test_client().put(f"/api/v1/threads/{thread.id}/mark", json={"seq": seq}, headers=cast.api("dina"))

    assert "Nieuw" in cast.client("dina").get("/communities/een/threads").text
    assert put(2).status_code == 204
    assert put(1).status_code == 204
    assert put(99).status_code == 204
    assert 'class="mark mark-new"' not in cast.client("dina").get("/communities/een/threads").text
    cast.client("anna").post(f"/threads/{thread.id}/posts", data={"body": "Nog iets"})
    assert 'class="mark mark-new"' in cast.client("dina").get("/communities/een/threads").text
    assert "Eerste ongelezen" in cast.client("dina").get(f"/threads/{thread.id}").text


@pytest.mark.parametrize(("who", "status"), [("chris", 404), ("hans", 404), ("gerda", 204)])
def test_stranger_gets_404_for_mark(cast: Any, thread: Any, app: Any, who: str, status: int) -> None:
    answer = app.test_client().put(f"/api/v1/threads/{thread.id}/mark", json={"seq": 1}, headers=cast.api(who))
    assert answer.status_code == status


def test_bad_input_names_the_field_for_mark(cast: Any, thread: Any, app: Any) -> None:
    bad = app.test_client().put(f"/api/v1/threads/{thread.id}/mark", json={"seq": "x"}, headers=cast.api("anna"))
    assert list(bad.json["errors"]) == ["seq"]


def test_is_not_journalled(cast: Any, thread: Any, app: Any, journal_entries: Any) -> None:
    """The journal keeps no reading history."""
    headers = cast.api("dina")
    marked = app.test_client().put(f"/api/v1/threads/{thread.id}/mark", json={"seq": 2}, headers=headers)
    assert marked.status_code == 204
    assert journal_entries("threads.mark") == []


def test_names_of_readers_are_suggested(cast: Any, app: Any) -> None:
    get = lambda who, q: app.test_client().get(f"/api/v1/communities/een/names?q={q}", headers=cast.api(who))
    assert [p["name"] for p in get("anna", "dina").json["items"]] == ["Dina Deskundig"]
    # Names that start with the letters come before names that contain them.
    found = [p["name"] for p in get("anna", "d").json["items"]]
    assert found == [*sorted(n for n in found if n[0] == "D"), *sorted(n for n in found if n[0] != "D")]
    assert sorted(found) != found
    assert get("anna", "chris").json["items"] == []
    assert get("anna", "hans").json["items"] == []
    assert get("chris", "dina").status_code == 404


@pytest.mark.parametrize("size", [3, 40])
def test_pages_have_a_fixed_number_of_statements(
    app: Any, cast: Any, run_as: Any, count_statements: Any, size: int
) -> None:
    """Every page uses at most twelve statements, at every size, with a cold body cache."""
    id = run_as("anna", actions.start, Community, cast.one, title="Lang", text=text.render("x", "plain"))
    for n in range(size):
        run_as("bram", actions.reply, Thread, id, text=text.render(f"Bericht {n}", "plain"))
        if n % 4 == 0:
            run_as("dina", actions.start, Community, cast.one, title=f"Gesprek {n}", text=text.render("x", "plain"))
    costs = {}
    for path in (f"/threads/{id}", "/communities/een/threads", "/", "/communities/een"):
        client = cast.client("anna")
        client.get(path)
        bodies.clear()
        with count_statements() as statements:
            assert client.get(path).status_code == 200
        costs[path] = len(statements)
    assert max(costs.values()) <= 12, costs
    assert list(costs.values()) == COSTS, costs


COSTS = [10, 4, 12, 9]  # the same at both sizes


def test_only_a_new_post_counts_as_unread(cast: Any, thread: Any, app: Any) -> None:
    """Reactions and edits raise the sequence, but do not mark the thread as unread."""
    bram, anna, listed = cast.client("bram"), cast.client("anna"), "/communities/een/threads"
    first = f"/threads/{thread.id}?after=0#first-unread"

    def new() -> list[bool]:
        """Return whether the list, home and the thread show it to Anna as unread."""
        page = anna.get(f"/threads/{thread.id}").text
        return [
            "is-unread" in anna.get(listed).text,
            f'href="{first}"' in anna.get("/").text,
            'href="#first-unread"' in page,
        ]

    anna.post(f"/threads/{thread.id}/mark", data={"seq": 2})
    assert new() == [False] * 3
    assert "Bijgewerkt tot hier" not in anna.get(f"/threads/{thread.id}").text
    reacted = cast.client(None).put(f"/api/v1/posts/{thread.opening}/reactions/thanks", headers=cast.api("bram"))
    edited = cast.client(None).patch(
        f"/api/v1/posts/{thread.reply}", json={"body": "Onze beheerder.", "base_version": 1}, headers=cast.api("bram")
    )
    assert (reacted.status_code, edited.status_code) == (200, 200), (reacted.text, edited.text)
    assert new() == [False] * 3
    post = bram.post(f"/threads/{thread.id}/posts", data={"body": "Nog iets."})
    assert new() == [True] * 3
    cast.client(None).delete(f"/api/v1/posts/{post.location.rpartition('-')[2]}", headers=cast.api("bram"))
    assert new() == [False] * 3
