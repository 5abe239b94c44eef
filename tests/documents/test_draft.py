"""Attachments: visible to the uploader until posted, then as visible as their post."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.documents.conftest import picture


def post(library: Any, who: str, id: int, slug: str = "een") -> dict[str, Any]:
    answer = library.ask(
        who,
        f"/communities/{slug}/threads",
        "post",
        json={"kind": "question", "title": "Vraag", "body": "Zie de bijlage", "files": [id]},
    )
    assert answer.status_code == 201, answer.text
    return answer.json


def test_draft_is_visible_to_its_uploader_only(cast: Any, library: Any) -> None:
    draft = library.share("anna", "Bijlage.txt", draft=1)
    assert (draft["state"], draft["attached"], draft["folder"]) == ("draft", True, None)
    assert cast.client("anna").get(draft["content"], buffered=True).status_code == 200
    for who in ("bram", "eva", "fons", "gerda", "chris", "iris"):
        for address in (draft["url"], draft["content"]):
            assert library.ask(who, address).status_code == 404, who
        assert library.ask(who, draft["url"], "delete").status_code == 404
        assert library.replace(who, draft["id"], status=404)
    for who in ("anna", "eva"):
        assert library.ask(who, "/communities/een/files").json["items"] == []


def test_draft_of_another_person_cannot_be_attached(library: Any) -> None:
    draft = library.share("anna", "Bijlage.txt", draft=1)
    answer = library.ask(
        "bram",
        "/communities/een/threads",
        "post",
        json={"kind": "question", "title": "x", "body": "y", "files": [draft["id"]]},
    )
    assert list(answer.json["errors"]) == ["files"]


def test_two_drafts_of_one_name_are_two_files(library: Any) -> None:
    assert library.share("anna", "image.txt", draft=1)["id"] != library.share("anna", "image.txt", draft=1)["id"]
    assert library.share("anna", "image.txt")["number"] == 1


def test_posted_attachment_is_readable_and_linked(cast: Any, library: Any) -> None:
    draft = library.share("anna", "Bijlage.txt", draft=1)
    thread = post(library, "anna", draft["id"])
    assert cast.client("bram").get(draft["content"], buffered=True).status_code == 200
    page = cast.client("bram").get(draft["url"]).text
    assert thread["title"] in page
    assert "Anna Adem" in page
    assert [f["id"] for f in library.ask("bram", "/communities/een/files").json["items"]] == [draft["id"]]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_in_a_text_loses_camera_metadata(cast: Any, library: Any, kind: str) -> None:
    sent = picture(kind, place="Kerkstraat 12")
    assert b"Kerkstraat" in sent
    draft = library.share("anna", f"IMG.{kind.lower()}", sent, draft=1, inline=1)
    assert (draft["media_type"], draft["title"]) == ("image/webp", "IMG.webp")
    stored = cast.client("anna").get(draft["content"], buffered=True).data
    assert b"Kerkstraat" not in stored
    assert not Image.open(io.BytesIO(stored)).getexif()


def test_attached_picture_keeps_its_name_and_type(library: Any) -> None:
    draft = library.share("anna", "Gevel.jpeg", picture(), draft=1)
    assert (draft["media_type"], draft["title"]) == ("image/jpeg", "Gevel.jpeg")


def test_attachment_is_hidden_with_its_post(cast: Any, library: Any) -> None:
    draft = library.share("anna", "Bijlage.txt", draft=1)
    thread = post(library, "anna", draft["id"])
    first = library.ask("anna", f"/threads/{thread['id']}/posts").json["items"][0]["id"]
    hide = lambda method: library.ask("eva", f"/posts/{first}/hiding", method, json={"reason": "Namen van bewoners"})
    assert hide("put").status_code == 200
    assert library.ask("bram", draft["content"]).status_code == 404
    assert library.ask("eva", draft["content"]).status_code == 200
    assert hide("delete").status_code == 200
    assert library.ask("bram", draft["content"]).status_code == 200
    library.ask("anna", f"/posts/{first}", "delete")
    assert library.ask("bram", draft["content"]).status_code == 404
    library.ask("anna", f"/posts/{first}/restoring", "post")
    assert library.ask("bram", draft["content"]).status_code == 200
    assert library.ask("eva", f"/threads/{thread['id']}/hiding", "put", json={"reason": "Namen"}).status_code == 200
    assert library.ask("bram", draft["content"]).status_code == 404


def test_attachment_stays_while_another_post_shows_it(library: Any) -> None:
    draft = library.share("anna", "Bijlage.txt", draft=1)
    threads = [post(library, "anna", draft["id"]) for _again in range(2)]
    library.ask("eva", f"/threads/{threads[0]['id']}/hiding", "put", json={"reason": "Dubbel"})
    assert library.ask("bram", draft["content"]).status_code == 200


def test_document_is_not_hidden_with_a_post(library: Any) -> None:
    document = library.share("anna")
    thread = post(library, "anna", document["id"])
    library.ask("eva", f"/threads/{thread['id']}/hiding", "put", json={"reason": "Dubbel"})
    assert library.ask("bram", document["content"]).status_code == 200


def test_citing_threads_are_shown_to_their_readers_only(cast: Any, library: Any) -> None:
    document = library.share("anna")
    thread = post(library, "anna", document["id"])
    library.ask("eva", f"/threads/{thread['id']}/hiding", "put", json={"reason": "Dubbel"})
    assert f"{thread['title']}</bdi>" not in cast.client("bram").get(document["url"]).text
    assert f"{thread['title']}</bdi>" in cast.client("eva").get(document["url"]).text


def test_moved_thread_takes_attachments_but_not_documents(cast: Any, library: Any) -> None:
    document, draft = library.share("fons"), library.share("fons", "Bijlage.txt", draft=1)
    thread = library.ask(
        "fons",
        "/communities/een/threads",
        "post",
        json={"kind": "question", "title": "Vraag", "body": "Zie", "files": [document["id"], draft["id"]]},
    ).json
    assert library.ask("fons", f"/threads/{thread['id']}/move", "post", json={"community": "twee"}).status_code == 200
    assert library.ask("anna", document["content"]).status_code == 200
    assert library.ask("anna", draft["content"]).status_code == 404
    assert library.ask("chris", draft["content"]).status_code == 200
    assert library.ask("chris", document["content"]).status_code == 404
    seen = cast.client("chris").get(thread["url"]).text
    assert "Bijlage.txt" in seen
    assert document["title"] not in seen
