"""Drafts (drafts.save, drafts.drop, drafts.restore): an id, a revision, and no text lost or brought back."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import uuid4

import pytest

HTML = "<p>Dag <strong>allemaal</strong></p>"


@pytest.fixture
def ask(app: Any, cast: Any) -> Any:
    """Return a function that sends JSON to the API: `ask("anna", "GET", "/drafts")`."""

    def send(who: str, method: str, path: str, given: Any = None) -> Any:
        return app.test_client().open(f"/api/v1{path}", method=method, json=given, headers=cast.api(who))

    return send


@pytest.fixture
def save(ask: Any, thread: Any) -> Any:
    """Return a function that saves a revision of a draft, by default of a reply of Anna: `save(id, "text")`."""

    def put(
        id: str, body: str, revision: int = 1, base: int = 0, writer: str = "w", who: str = "anna", **more: Any
    ) -> Any:
        fields = {"body": body, **more.pop("fields", {})}
        given = {"place": f"thread:{thread.id}", "fields": fields, "revision": revision, "base": base}
        return ask(who, "PUT", f"/drafts/{id}", {**given, "writer": writer, **more})

    return put


@pytest.fixture
def bodies(ask: Any) -> Any:
    """Return a function that lists the texts of a person's drafts, newest first."""

    def listed(who: str = "anna") -> list[str]:
        return [draft["fields"]["body"] for draft in ask(who, "GET", "/drafts").json["items"]]

    return listed


def test_works(cast: Any, thread: Any, save: Any) -> None:
    id = str(uuid4())
    assert save(id, HTML, fields={"format": "html"}).status_code == 204
    page = cast.client("anna").get(f"/threads/{thread.id}").text
    assert f'name="client_id" value="{id}"' in page
    assert 'data-revision="1" data-writer="w"' in page
    # The editor gets the HTML; the plain field has Markdown, never tags.
    assert 'data-html="&lt;p&gt;Dag &lt;strong&gt;allemaal' in page
    assert "Dag **allemaal**</textarea>" in page
    assert "allemaal" not in cast.client("bram").get(f"/threads/{thread.id}").text
    assert "Reactie in" in cast.client("anna").get("/drafts").text
    dropped = cast.client("anna").post(f"/drafts/{id}/delete", follow_redirects=True).text
    assert "Uw concept ‘Dag allemaal’ is weggegooid." in dropped
    assert f'action="/drafts/{id}/restoring"' in dropped
    assert "U hebt geen concepten" in dropped
    assert "allemaal" not in cast.client("anna").get(f"/threads/{thread.id}").text
    assert "Dag allemaal" in cast.client("anna").post(f"/drafts/{id}/restoring", follow_redirects=True).text


def test_mention_in_a_draft_and_in_an_edit_keeps_its_id(cast: Any, thread: Any, save: Any, ask: Any) -> None:
    bram = cast.bram
    assert save(str(uuid4()), f'<p>Dag <a href="/people/{bram}">@Bram Baan</a></p>', fields={"format": "html"})
    page = cast.client("anna").get(f"/threads/{thread.id}").text
    assert f"/people/{bram}&#34;&gt;@Bram Baan" in page
    typed = f"Dag @[Bram Baan](person:{bram})"
    assert f"{typed}</textarea>" in page
    posted = ask("anna", "POST", f"/threads/{thread.id}/posts", {"body": typed}).json
    link = f'<a class="mention" href="/people/{bram}">@Bram Baan</a>'
    assert link in posted["html"]
    edit = cast.client("anna").get(f"{posted['url']}/edit").text
    assert f"/people/{bram}&#34;&gt;@Bram Baan" in edit  # the editor shows a mention, not how it is typed
    assert f"{typed}</textarea>" in edit


def test_works_by_api(ask: Any, save: Any, thread: Any, bodies: Any) -> None:
    id = str(uuid4())
    assert save(id, "Half af").status_code == 204
    shown = ask("anna", "GET", f"/drafts/{id}").json
    assert (shown["id"], shown["place"], shown["revision"]) == (id, f"thread:{thread.id}", 1)
    assert shown["fields"]["body"] == "Half af"
    assert ask("anna", "GET", f"/drafts?place=thread:{thread.id}").json["items"] == [shown]
    assert ask("anna", "GET", "/drafts?place=new:1").json["items"] == []
    assert ask("anna", "DELETE", f"/drafts/{id}").status_code == 204
    assert bodies() == []
    assert save(id, "Later", revision=2, base=1).status_code == 410
    assert ask("anna", "POST", f"/drafts/{id}/restoring").status_code == 204
    assert bodies() == ["Half af"]


def test_stranger_gets_404(ask: Any, save: Any, bodies: Any) -> None:
    """A draft is its writer's alone: with the same id another has one of their own, or none."""
    id = str(uuid4())
    save(id, "Van Anna")
    assert ask("bram", "GET", f"/drafts/{id}").status_code == 404
    assert ask("bram", "DELETE", f"/drafts/{id}").status_code == 204
    assert bodies() == ["Van Anna"]
    assert bodies("bram") == []


def test_wrong_role_gets_403(app: Any, save: Any) -> None:
    """No role is wrong for one's own drafts; signed out there are none."""
    assert app.test_client().get("/api/v1/drafts").status_code == 401
    assert save(str(uuid4()), "Ik lees mee", who="gerda").status_code == 204


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"place": "nergens"}, "place"),
        ({"fields": {"body": ["a", 1]}}, "fields"),
        ({"revision": 0}, "revision"),
        ({"base": -1}, "base"),
        ({"writer": "x" * 37}, "writer"),
    ],
)
def test_bad_input_names_the_field(ask: Any, given: dict[str, Any], field: str) -> None:
    good = {"place": "new:1", "fields": {}, "revision": 1, "base": 0, "writer": "w"}
    assert list(ask("anna", "PUT", f"/drafts/{uuid4()}", {**good, **given}).json["errors"]) == [field]
    assert ask("anna", "PUT", "/drafts/geen-sleutel", good).status_code == 404


def test_is_not_journalled(ask: Any, save: Any, journal_entries: Any) -> None:
    """The journal has no entries of drafts, which are private."""
    id = str(uuid4())
    save(id, "Half af")
    ask("anna", "DELETE", f"/drafts/{id}")
    ask("anna", "POST", f"/drafts/{id}/restoring")
    assert journal_entries("drafts.save") == journal_entries("drafts.drop") == journal_entries("drafts.restore") == []


def test_newest_revision_wins_and_an_older_one_is_refused(ask: Any, save: Any, bodies: Any) -> None:
    id = str(uuid4())
    save(id, "Twee", revision=2)
    slow = save(id, "Een", revision=1)
    assert (slow.status_code, slow.json["code"]) == (409, "draft_changed")
    assert slow.json["stored"]["fields"]["body"] == "Twee"
    assert save(id, "Twee", revision=2).status_code == 204  # the same save, repeated
    assert save(id, "Vijf", revision=5).status_code == 204  # the same page, further on
    assert bodies() == ["Vijf"]


def test_two_pages_with_one_draft_do_not_overwrite_each_other(save: Any, bodies: Any) -> None:
    id = str(uuid4())
    save(id, "Begin")
    assert save(id, "Links", revision=2, base=1, writer="left").status_code == 204
    right = save(id, "Rechts", revision=9, base=1, writer="right")
    assert (right.status_code, right.json["stored"]["writer"]) == (409, "left")
    assert bodies() == ["Links"]
    assert save(id, "Rechts", revision=9, base=2, writer="right").status_code == 204


def test_two_drafts_in_one_place(cast: Any, save: Any, bodies: Any) -> None:
    place = {"place": f"new:{cast.one}"}
    one, two = str(uuid4()), str(uuid4())
    save(one, "Tekst EEN", fields={"title": "EEN"}, **place)
    save(two, "Tekst TWEE", fields={"title": "TWEE"}, **place)
    assert bodies() == ["Tekst TWEE", "Tekst EEN"]
    anna = cast.client("anna")
    page = anna.get("/communities/een/threads/new").text
    assert 'value="TWEE"' in page
    assert "U hebt hier nog 1 ander concept" in page
    assert f'href="/communities/een/threads/new?draft={one}"' in page
    assert 'value="EEN"' in anna.get(f"/communities/een/threads/new?draft={one}").text
    empty = anna.get("/communities/een/threads/new?draft=new").text
    assert "U hebt hier nog 2 andere concepten" in empty
    assert 'name="client_id" value=""' in empty
    posted = {"kind": "question", "title": "EEN", "body": "Tekst EEN", "client_id": one}
    assert anna.post("/communities/een/threads", data=posted).status_code == 303
    assert bodies() == ["Tekst TWEE"]


@pytest.mark.parametrize("known", [True, False], ids=["saved before", "first save"])
@pytest.mark.parametrize("verb", ["reply", "start"])
def test_slow_save_does_not_bring_a_posted_draft_back(
    ask: Any, cast: Any, thread: Any, save: Any, bodies: Any, known: bool, verb: str
) -> None:
    id = str(uuid4())
    if known:
        save(id, "Klaar")
    to = f"/threads/{thread.id}/posts" if verb == "reply" else "/communities/een/threads"
    posted = {"body": "Klaar", "client_id": id, **({"title": "Wie?"} if verb == "start" else {})}
    assert ask("anna", "POST", to, posted).status_code == 201
    assert bodies() == []
    slow = save(id, "Klaar", revision=2, base=1)
    assert (slow.status_code, slow.json["code"]) == (410, "posted")
    assert bodies() == []
    assert "Klaar</textarea>" not in cast.client("anna").get(f"/threads/{thread.id}").text


@pytest.mark.parametrize(
    ("claims", "kept"),
    [
        ({"draft_base": 1, "draft_revision": 3, "draft_writer": "left"}, ["Rechts"]),
        ({"draft_base": 1, "draft_revision": 2, "draft_writer": "right"}, ["Rechts"]),  # posted slowly, and typed on
        ({"draft_base": 3, "draft_revision": 4, "draft_writer": "left"}, []),
        ({"draft_base": 1, "draft_revision": 3, "draft_writer": "right"}, []),
        ({}, []),
    ],
    ids=["another page", "the same page, further on", "its base", "the same page", "no claim"],
)
def test_posting_keeps_the_text_of_another_page(
    ask: Any, thread: Any, save: Any, bodies: Any, claims: dict[str, Any], kept: list[str]
) -> None:
    id = str(uuid4())
    save(id, "Rechts", revision=3, writer="right")
    posted = {"body": "Links", "client_id": id, **claims}
    assert ask("anna", "POST", f"/threads/{thread.id}/posts", posted).status_code == 201
    assert bodies() == kept


def test_posting_leaves_other_drafts(ask: Any, thread: Any, save: Any, bodies: Any) -> None:
    save(str(uuid4()), "Iets anders")
    ask("anna", "POST", f"/threads/{thread.id}/posts", {"body": "Af", "client_id": str(uuid4())})
    assert bodies() == ["Iets anders"]


def test_saved_edit_ends_its_draft(ask: Any, cast: Any, thread: Any, save: Any, bodies: Any) -> None:
    first = {"place": f"post:{thread.opening}"}
    save(str(uuid4()), "Nieuwe tekst", fields={"base_version": "1"}, **first)
    save(str(uuid4()), "Andere tekst", fields={"base_version": "1"}, **first)
    page = cast.client("anna").get(f"/posts/{thread.opening}/edit").text
    assert "Andere tekst</textarea>" in page
    assert "U hebt hier nog 1 ander concept" in page
    edit = {"body": "Nieuwe tekst", "base_version": 1}
    assert ask("anna", "PATCH", f"/posts/{thread.opening}", edit).status_code == 200
    assert bodies() == ["Andere tekst"]
    assert 'name="base_version" value="1"' in cast.client("anna").get(f"/posts/{thread.opening}/edit").text


@pytest.mark.parametrize("new", [True, False], ids=["a new thread", "a reply"])
def test_draft_restores_its_attachments(cast: Any, thread: Any, app: Any, save: Any, new: bool) -> None:
    """Without JavaScript each file is a ticked checkbox that is sent with the form."""
    sent = {"file": (io.BytesIO(b"Punt een."), "Checklist.txt"), "draft": "1"}
    file = app.test_client().post("/api/v1/communities/een/files", data=sent, headers=cast.api("anna")).json["id"]
    place, page = (
        (f"new:{cast.one}", "/communities/een/threads/new") if new else (f"thread:{thread.id}", f"/threads/{thread.id}")
    )
    id = str(uuid4())
    assert save(id, "Half af", fields={"files": [str(file), "999999", "x"]}, place=place).status_code == 204
    ticked = f'name="files" value="{file}" checked> <bdi>Checklist.txt</bdi>'
    shown = cast.client("anna").get(page).text
    assert ticked in shown
    assert "Checklist.txt" not in cast.client("bram").get(page).text
    client_id = re.search(r'name="client_id" value="([^"]+)"', shown)
    assert client_id
    posted = {"body": "Af", "files": [file], "client_id": client_id[1]}
    posted |= {"kind": "question", "title": "Wie?"} if new else {}
    to = "/communities/een/threads" if new else f"/threads/{thread.id}/posts"
    assert cast.client("anna").post(to, data=posted).status_code == 303
    assert ticked not in cast.client("anna").get(page).text


def test_draft_of_a_place_without_access_is_still_the_writers(ask: Any, cast: Any, save: Any) -> None:
    save(str(uuid4()), "Mijn tekst", who="chris")
    page = cast.client("chris").get("/drafts").text
    assert "Mijn tekst" in page
    assert "Een plaats die u niet meer kunt lezen" in page


def test_refused_text_is_shown_as_markdown_and_html(cast: Any, thread: Any) -> None:
    refused = cast.client("anna").post(
        "/communities/een/threads", data={"title": "", "body": HTML, "format": "html", "kind": "question"}
    )
    assert refused.status_code == 422
    assert "Dag **allemaal**</textarea>" in refused.text
    assert "data-refused" in refused.text


def test_place_with_a_number_that_no_id_can_have_is_refused(cast: Any) -> None:
    sent = {"place": "thread:6556404221", "fields": {"body": "Half"}, "revision": 1}
    kept = cast.client(None).put(f"/api/v1/drafts/{uuid4()}", json=sent, headers=cast.api("anna"))
    assert (kept.status_code, list(kept.json["errors"])) == (422, ["place"])
