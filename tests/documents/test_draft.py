"""Attachments: visible to the uploader until posted, then as visible as their post."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.documents.conftest import picture


def post(shelf: Any, who: str, id: int, slug: str = "een") -> dict[str, Any]:
    answer = shelf.ask(
        who,
        f"/communities/{slug}/threads",
        "post",
        json={"kind": "question", "title": "Vraag", "body": "Zie de bijlage", "files": [id]},
    )
    assert answer.status_code == 201, answer.text
    return answer.json


def test_draft_is_visible_to_its_uploader_only(cast: Any, shelf: Any) -> None:
    draft = shelf.share("anna", "Bijlage.txt", draft=1)
    assert (draft["state"], draft["attached"], draft["folder"]) == ("draft", True, None)
    assert cast.client("anna").get(draft["content"], buffered=True).status_code == 200
    for who in ("bram", "eva", "fons", "gerda", "chris", "iris"):
        for address in (draft["url"], draft["content"]):
            assert shelf.ask(who, address).status_code == 404, who
        assert shelf.ask(who, draft["url"], "delete").status_code == 404
        assert shelf.replace(who, draft["id"], status=404)
    for who in ("anna", "eva"):
        assert shelf.ask(who, "/communities/een/files").json["items"] == []


def test_draft_of_another_person_cannot_be_attached(shelf: Any) -> None:
    draft = shelf.share("anna", "Bijlage.txt", draft=1)
    answer = shelf.ask(
        "bram",
        "/communities/een/threads",
        "post",
        json={"kind": "question", "title": "x", "body": "y", "files": [draft["id"]]},
    )
    assert list(answer.json["errors"]) == ["files"]


def test_two_drafts_of_one_name_are_two_files(shelf: Any) -> None:
    assert shelf.share("anna", "image.txt", draft=1)["id"] != shelf.share("anna", "image.txt", draft=1)["id"]
    assert shelf.share("anna", "image.txt")["number"] == 1


def test_posted_attachment_is_readable_and_linked(cast: Any, shelf: Any) -> None:
    draft = shelf.share("anna", "Bijlage.txt", draft=1)
    thread = post(shelf, "anna", draft["id"])
    assert cast.client("bram").get(draft["content"], buffered=True).status_code == 200
    page = cast.client("bram").get(draft["url"]).text
    assert thread["title"] in page
    assert "Anna Adem" in page
    assert [f["id"] for f in shelf.ask("bram", "/communities/een/files").json["items"]] == [draft["id"]]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_in_a_text_loses_camera_metadata(cast: Any, shelf: Any, kind: str) -> None:
    sent = picture(kind, place="Kerkstraat 12")
    assert b"Kerkstraat" in sent
    draft = shelf.share("anna", f"IMG.{kind.lower()}", sent, draft=1)
    assert (draft["media_type"], draft["title"]) == ("image/webp", "IMG.webp")
    stored = cast.client("anna").get(draft["content"], buffered=True).data
    assert b"Kerkstraat" not in stored
    assert not Image.open(io.BytesIO(stored)).getexif()
    assert shelf.share("anna", f"IMG.{kind.lower()}", sent)["size"] == len(sent)  # documents are not changed


def test_attachment_is_hidden_with_its_post(cast: Any, shelf: Any) -> None:
    draft = shelf.share("anna", "Bijlage.txt", draft=1)
    thread = post(shelf, "anna", draft["id"])
    first = shelf.ask("anna", f"/threads/{thread['id']}/posts").json["items"][0]["id"]
    hide = lambda method: shelf.ask("eva", f"/posts/{first}/hiding", method, json={"reason": "Namen van bewoners"})
    assert hide("put").status_code == 200
    assert shelf.ask("bram", draft["content"]).status_code == 404
    assert shelf.ask("eva", draft["content"]).status_code == 200
    assert hide("delete").status_code == 200
    assert shelf.ask("bram", draft["content"]).status_code == 200
    shelf.ask("anna", f"/posts/{first}", "delete")
    assert shelf.ask("bram", draft["content"]).status_code == 404
    shelf.ask("anna", f"/posts/{first}/restoring", "post")
    assert shelf.ask("bram", draft["content"]).status_code == 200
    assert shelf.ask("eva", f"/threads/{thread['id']}/hiding", "put", json={"reason": "Namen"}).status_code == 200
    assert shelf.ask("bram", draft["content"]).status_code == 404


def test_attachment_stays_while_another_post_shows_it(shelf: Any) -> None:
    draft = shelf.share("anna", "Bijlage.txt", draft=1)
    threads = [post(shelf, "anna", draft["id"]) for _again in range(2)]
    shelf.ask("eva", f"/threads/{threads[0]['id']}/hiding", "put", json={"reason": "Dubbel"})
    assert shelf.ask("bram", draft["content"]).status_code == 200


def test_document_is_not_hidden_with_a_post(shelf: Any) -> None:
    document = shelf.share("anna")
    thread = post(shelf, "anna", document["id"])
    shelf.ask("eva", f"/threads/{thread['id']}/hiding", "put", json={"reason": "Dubbel"})
    assert shelf.ask("bram", document["content"]).status_code == 200


def test_citing_threads_are_shown_to_their_readers_only(cast: Any, shelf: Any) -> None:
    document = shelf.share("anna")
    thread = post(shelf, "anna", document["id"])
    shelf.ask("eva", f"/threads/{thread['id']}/hiding", "put", json={"reason": "Dubbel"})
    assert f"{thread['title']}</bdi>" not in cast.client("bram").get(document["url"]).text
    assert f"{thread['title']}</bdi>" in cast.client("eva").get(document["url"]).text


def test_moved_thread_takes_attachments_but_not_documents(cast: Any, shelf: Any) -> None:
    document, draft = shelf.share("fons"), shelf.share("fons", "Bijlage.txt", draft=1)
    thread = shelf.ask(
        "fons",
        "/communities/een/threads",
        "post",
        json={"kind": "question", "title": "Vraag", "body": "Zie", "files": [document["id"], draft["id"]]},
    ).json
    assert shelf.ask("fons", f"/threads/{thread['id']}/move", "post", json={"community": "twee"}).status_code == 200
    assert shelf.ask("anna", document["content"]).status_code == 200
    assert shelf.ask("anna", draft["content"]).status_code == 404
    assert shelf.ask("chris", draft["content"]).status_code == 200
    assert shelf.ask("chris", document["content"]).status_code == 404
    seen = cast.client("chris").get(thread["url"]).text
    assert "Bijlage.txt" in seen
    assert document["title"] not in seen
