"""Reading marks and drafts (threads.mark, drafts.save, drafts.drop), names to mention, and what the pages cost."""

from __future__ import annotations

import io
from typing import Any

import pytest

from cop.base import text
from cop.base.web.pages import bodies
from cop.society.programmes import Community
from cop.threads import actions
from cop.threads.models import Thread


def test_mark_moves_forward_only(cast: Any, thread: Any, app: Any, told: Any) -> None:
    def put(seq):
        return app.test_client().put(f"/api/v1/threads/{thread.id}/mark", json={"seq": seq}, headers=cast.api("dina"))

    assert "Nieuw" in cast.client("dina").get("/communities/een/threads").text
    assert put(2).status_code == 204
    assert put(1).status_code == 204
    assert put(99).status_code == 204
    assert 'class="mark mark-new"' not in cast.client("dina").get("/communities/een/threads").text
    assert told("threads.mark") == []  # the journal is no reading history
    cast.client("anna").post(f"/threads/{thread.id}/posts", data={"body": "Nog iets"})
    assert 'class="mark mark-new"' in cast.client("dina").get("/communities/een/threads").text
    assert "Eerste ongelezen" in cast.client("dina").get(f"/threads/{thread.id}").text


@pytest.mark.parametrize(("who", "status"), [("chris", 404), ("hans", 404), ("gerda", 204)])
def test_mark_is_for_readers(cast: Any, thread: Any, app: Any, who: str, status: int) -> None:
    answer = app.test_client().put(f"/api/v1/threads/{thread.id}/mark", json={"seq": 1}, headers=cast.api(who))
    assert answer.status_code == status
    bad = app.test_client().put(f"/api/v1/threads/{thread.id}/mark", json={"seq": "x"}, headers=cast.api("anna"))
    assert list(bad.json["errors"]) == ["seq"]


def test_drafts_are_ones_own(cast: Any, thread: Any, app: Any, told: Any) -> None:
    address = f"/api/v1/drafts/thread:{thread.id}"
    saved = app.test_client().put(address, json={"fields": {"body": "Half af"}}, headers=cast.api("anna"))
    assert saved.status_code == 204
    assert app.test_client().get(address, headers=cast.api("anna")).json["fields"] == {"body": "Half af"}
    assert app.test_client().get(address, headers=cast.api("bram")).json["fields"] == {}
    assert "Half af" in cast.client("anna").get(f"/threads/{thread.id}").text
    assert "Half af" not in cast.client("bram").get(f"/threads/{thread.id}").text
    cast.client("anna").post(f"/threads/{thread.id}/posts", data={"body": "Af"})
    assert app.test_client().get(address, headers=cast.api("anna")).json["fields"] == {}
    app.test_client().put(address, json={"fields": {"body": "Weer"}}, headers=cast.api("anna"))
    assert app.test_client().delete(address, headers=cast.api("anna")).status_code == 204
    assert app.test_client().get(address, headers=cast.api("anna")).json["fields"] == {}
    assert told("drafts.save") == told("drafts.drop") == []


@pytest.mark.parametrize("new", [True, False], ids=["a new thread", "a reply"])
def test_what_hangs_on_a_draft_is_there_again(cast: Any, thread: Any, app: Any, new: bool) -> None:
    """Also without JavaScript: each file is a box that is ticked, and goes along with the form."""
    anna = {"headers": cast.api("anna")}
    sent = {"file": (io.BytesIO(b"Punt een."), "Checklist.txt"), "draft": "1"}
    file = app.test_client().post("/api/v1/communities/een/files", data=sent, **anna).json["id"]
    place, page = (
        (f"new:{cast.one}", "/communities/een/threads/new") if new else (f"thread:{thread.id}", f"/threads/{thread.id}")
    )
    fields = {"body": "Half af", "files": [str(file), "999999", "x"]}
    assert app.test_client().put(f"/api/v1/drafts/{place}", json={"fields": fields}, **anna).status_code == 204
    ticked = f'name="files" value="{file}" checked> <bdi>Checklist.txt</bdi>'
    assert ticked in cast.client("anna").get(page).text
    assert "Checklist.txt" not in cast.client("bram").get(page).text
    posted = {"body": "Af", "files": [file], **({"kind": "question", "title": "Wie?"} if new else {})}
    to = "/communities/een/threads" if new else f"/threads/{thread.id}/posts"
    assert cast.client("anna").post(to, data=posted).status_code == 303
    assert ticked not in cast.client("anna").get(page).text


def test_a_draft_elsewhere(cast: Any, app: Any) -> None:
    assert (
        app.test_client().put("/api/v1/drafts/nergens", json={"fields": {}}, headers=cast.api("anna")).status_code
        == 400
    )
    bad = app.test_client().put("/api/v1/drafts/new:1", json={"fields": {"body": ["a", 1]}}, headers=cast.api("anna"))
    assert list(bad.json["errors"]) == ["fields"]


def test_names_of_who_reads_here(cast: Any, app: Any) -> None:
    get = lambda who, q: app.test_client().get(f"/api/v1/communities/een/names?q={q}", headers=cast.api(who))
    assert [p["name"] for p in get("anna", "dina").json["items"]] == ["Dina Deskundig"]
    # Who is called so, then whose name has the letters somewhere.
    found = [p["name"] for p in get("anna", "d").json["items"]]
    assert found == [*sorted(n for n in found if n[0] == "D"), *sorted(n for n in found if n[0] != "D")]
    assert sorted(found) != found
    assert get("anna", "chris").json["items"] == []
    assert get("anna", "hans").json["items"] == []
    assert get("chris", "dina").status_code == 404


@pytest.mark.parametrize("size", [3, 40])
def test_what_a_thread_and_a_list_cost(app: Any, cast: Any, by: Any, count: Any, size: int) -> None:
    """At most twelve statements, whatever the size, with a cold body cache."""
    id = by("anna", actions.start, Community, cast.one, title="Lang", text=text.render("x", "plain"))
    for n in range(size):
        by("bram", actions.reply, Thread, id, text=text.render(f"Bericht {n}", "plain"))
        if n % 4 == 0:
            by("dina", actions.start, Community, cast.one, title=f"Gesprek {n}", text=text.render("x", "plain"))
    costs = {}
    for path in (f"/threads/{id}", "/communities/een/threads", "/", "/communities/een"):
        client = cast.client("anna")
        client.get(path)
        bodies.clear()
        with count() as statements:
            assert client.get(path).status_code == 200
        costs[path] = len(statements)
    assert max(costs.values()) <= 12, costs
    assert list(costs.values()) == COSTS, costs


COSTS = [5, 4, 8, 9]  # the same at both sizes


def test_new_is_a_new_post(cast: Any, thread: Any, app: Any) -> None:
    """A reaction and an edit take a seq as well, but nobody comes back for them."""
    bram, anna, listed = cast.client("bram"), cast.client("anna"), "/communities/een/threads"
    first = f"/threads/{thread.id}?after=0#first-unread"

    def new() -> list[bool]:
        """Whether Anna sees it in the list, on home and in the thread: one answer."""
        page = anna.get(f"/threads/{thread.id}").text
        return ["is-unread" in anna.get(listed).text, f'href="{first}"' in anna.get("/").text, first in page]

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
