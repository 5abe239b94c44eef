"""files.trash and files.untrash."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.conftest import picture


@pytest.fixture
def file(library: Any) -> int:
    return library.share("anna", "Model.txt")["id"]


def trash(library: Any, who: str, id: int) -> Any:
    return library.ask(who, f"/files/{id}", "delete")


def untrash(library: Any, who: str, id: int) -> Any:
    return library.ask(who, f"/files/{id}/untrash", "post")


def test_works(cast: Any, file: int) -> None:
    browser = cast.client("anna")
    answer = browser.post(f"/files/{file}/delete")
    assert (answer.status_code, answer.location) == (303, "/communities/een/documents")
    assert f'href="/files/{file}"' not in browser.get(answer.location).text
    assert f'href="/files/{file}"' in browser.get("/communities/een/documents/trash").text
    assert "in de prullenbak" in browser.get(f"/files/{file}").text
    assert browser.post(f"/files/{file}/untrash").status_code == 303
    assert f'href="/files/{file}"' in browser.get("/communities/een/documents").text


def test_works_by_api(library: Any, file: int) -> None:
    assert trash(library, "eva", file).json["state"] == "trashed"
    assert trash(library, "eva", file).json["state"] == "trashed"
    assert library.ask("anna", "/communities/een/files").json["items"] == []
    for address in (f"/files/{file}", f"/files/{file}/content"):
        assert library.ask("bram", address).status_code == 404
    assert untrash(library, "eva", file).json["state"] == "live"
    assert library.ask("bram", f"/files/{file}/content").status_code == 200


def test_moderators_see_all_and_members_their_own(library: Any, file: int) -> None:
    other = library.share("bram", "Ander.txt")["id"]
    for id, who in ((file, "anna"), (other, "bram")):
        trash(library, who, id)
    both = [other, file]
    for who, seen in (("eva", both), ("fons", both), ("anna", [file]), ("bram", [other]), ("gerda", [])):
        listed = library.ask(who, "/communities/een/documents/trash").json["items"]
        assert [f["id"] for f in listed] == seen, who
    for who in ("chris", "hans", "jan"):
        assert library.ask(who, "/communities/een/documents/trash").status_code == 404


@pytest.mark.parametrize("who", ["chris", "hans"])
def test_stranger_gets_404(library: Any, file: int, who: str) -> None:
    assert trash(library, who, file).status_code == 404


@pytest.mark.parametrize("who", ["gerda", "bram"])
def test_wrong_role_gets_403(library: Any, file: int, who: str) -> None:
    assert trash(library, who, file).status_code == 403


@pytest.mark.parametrize("who", ["chris", "hans", "gerda", "bram"])
def test_stranger_gets_404_for_untrash(library: Any, file: int, who: str) -> None:
    trash(library, "anna", file)
    assert untrash(library, who, file).status_code == 404


def test_restored_file_gets_another_name_when_taken(library: Any, file: int) -> None:
    trash(library, "anna", file)
    other = library.share("bram", "Model.txt")
    assert other["id"] != file
    assert untrash(library, "anna", file).json["title"] == "Model (2).txt"


def test_trashed_attachment_leaves_its_post_and_returns(cast: Any, library: Any) -> None:
    id = library.share("anna", "Bijlage.txt", draft=1)["id"]
    thread = library.ask(
        "anna",
        "/communities/een/threads",
        "post",
        json={"kind": "question", "title": "Vraag", "body": "Zie", "files": [id]},
    ).json
    assert "Bijlage.txt" in cast.client("bram").get(thread["url"]).text
    trash(library, "anna", id)
    assert "Bijlage.txt" not in cast.client("bram").get(thread["url"]).text
    untrash(library, "anna", id)
    assert "Bijlage.txt" in cast.client("bram").get(thread["url"]).text


def test_post_with_a_trashed_picture_can_be_edited(library: Any) -> None:
    id = library.share("anna", "Gevel.png", picture("PNG"), draft=1)["id"]
    body = f"De gevel: ![Gevel](/files/{id}/content)"
    thread = library.ask(
        "anna", "/communities/een/threads", "post", json={"kind": "question", "title": "Vraag", "body": body}
    ).json
    post = library.ask("anna", f"/threads/{thread['id']}/posts").json["items"][0]
    assert library.ask("bram", f"/files/{id}/content").status_code == 200  # visible because the post shows it
    trash(library, "anna", id)
    answer = library.ask("anna", f"/posts/{post['id']}", "patch", json={"body": f"{body}, verbouwd", "base_version": 1})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("verb", ["files.trash", "files.untrash"])
def test_is_journalled(cast: Any, library: Any, journal_entries: Any, file: int, verb: str) -> None:
    trash(library, "eva", file)
    untrash(library, "eva", file)
    entry = journal_entries(verb)[-1]
    assert (entry.person_id, entry.details) == (cast.eva, {"file": file, "folder": None, "version": 1})
