"""files.trash and files.untrash."""

from __future__ import annotations

from typing import Any

import pytest

from tests.documents.conftest import picture


@pytest.fixture
def file(shelf: Any) -> int:
    return shelf.share("anna", "Model.txt")["id"]


def trash(shelf: Any, who: str, id: int) -> Any:
    return shelf.ask(who, f"/files/{id}", "delete")


def untrash(shelf: Any, who: str, id: int) -> Any:
    return shelf.ask(who, f"/files/{id}/untrash", "post")


def test_works(cast: Any, file: int) -> None:
    browser = cast.client("anna")
    answer = browser.post(f"/files/{file}/delete")
    assert (answer.status_code, answer.location) == (303, "/communities/een/documents")
    assert f'href="/files/{file}"' not in browser.get(answer.location).text
    assert f'href="/files/{file}"' in browser.get("/communities/een/documents/trash").text
    assert "in de prullenbak" in browser.get(f"/files/{file}").text
    assert browser.post(f"/files/{file}/untrash").status_code == 303
    assert f'href="/files/{file}"' in browser.get("/communities/een/documents").text


def test_works_by_api(shelf: Any, file: int) -> None:
    assert trash(shelf, "eva", file).json["state"] == "trashed"
    assert trash(shelf, "eva", file).json["state"] == "trashed"
    assert shelf.ask("anna", "/communities/een/files").json["items"] == []
    for address in (f"/files/{file}", f"/files/{file}/content"):
        assert shelf.ask("bram", address).status_code == 404
    assert untrash(shelf, "eva", file).json["state"] == "live"
    assert shelf.ask("bram", f"/files/{file}/content").status_code == 200


def test_moderators_see_all_and_members_their_own(shelf: Any, file: int) -> None:
    other = shelf.share("bram", "Ander.txt")["id"]
    for id, who in ((file, "anna"), (other, "bram")):
        trash(shelf, who, id)
    both = [other, file]
    for who, seen in (("eva", both), ("fons", both), ("anna", [file]), ("bram", [other]), ("gerda", [])):
        listed = shelf.ask(who, "/communities/een/documents/trash").json["items"]
        assert [f["id"] for f in listed] == seen, who
    for who in ("chris", "hans", "jan"):
        assert shelf.ask(who, "/communities/een/documents/trash").status_code == 404


@pytest.mark.parametrize("who", ["chris", "hans"])
def test_stranger_gets_404(shelf: Any, file: int, who: str) -> None:
    assert trash(shelf, who, file).status_code == 404


@pytest.mark.parametrize("who", ["gerda", "bram"])
def test_wrong_role_gets_403(shelf: Any, file: int, who: str) -> None:
    assert trash(shelf, who, file).status_code == 403


@pytest.mark.parametrize("who", ["chris", "hans", "gerda", "bram"])
def test_stranger_gets_404_for_untrash(shelf: Any, file: int, who: str) -> None:
    trash(shelf, "anna", file)
    assert untrash(shelf, who, file).status_code == 404


def test_restored_file_gets_another_name_when_taken(shelf: Any, file: int) -> None:
    trash(shelf, "anna", file)
    other = shelf.share("bram", "Model.txt")
    assert other["id"] != file
    assert untrash(shelf, "anna", file).json["title"] == "Model (2).txt"


def test_trashed_attachment_leaves_its_post_and_returns(cast: Any, shelf: Any) -> None:
    id = shelf.share("anna", "Bijlage.txt", draft=1)["id"]
    thread = shelf.ask(
        "anna",
        "/communities/een/threads",
        "post",
        json={"kind": "question", "title": "Vraag", "body": "Zie", "files": [id]},
    ).json
    assert "Bijlage.txt" in cast.client("bram").get(thread["url"]).text
    trash(shelf, "anna", id)
    assert "Bijlage.txt" not in cast.client("bram").get(thread["url"]).text
    untrash(shelf, "anna", id)
    assert "Bijlage.txt" in cast.client("bram").get(thread["url"]).text


def test_post_with_a_trashed_picture_can_be_edited(shelf: Any) -> None:
    id = shelf.share("anna", "Gevel.png", picture("PNG"), draft=1)["id"]
    body = f"De gevel: ![Gevel](/files/{id}/content)"
    thread = shelf.ask(
        "anna", "/communities/een/threads", "post", json={"kind": "question", "title": "Vraag", "body": body}
    ).json
    post = shelf.ask("anna", f"/threads/{thread['id']}/posts").json["items"][0]
    assert shelf.ask("bram", f"/files/{id}/content").status_code == 200  # visible because the post shows it
    trash(shelf, "anna", id)
    answer = shelf.ask("anna", f"/posts/{post['id']}", "patch", json={"body": f"{body}, verbouwd"})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("verb", ["files.trash", "files.untrash"])
def test_is_journalled(cast: Any, shelf: Any, journal_entries: Any, file: int, verb: str) -> None:
    trash(shelf, "eva", file)
    untrash(shelf, "eva", file)
    entry = journal_entries(verb)[-1]
    assert (entry.person_id, entry.details) == (cast.eva, {"file": file, "folder": None, "version": 1})
