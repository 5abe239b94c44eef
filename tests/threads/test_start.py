"""threads.start: a new thread with its first post."""

from __future__ import annotations

from typing import Any


def test_works(cast: Any) -> None:
    answer = cast.client("anna").post(
        "/communities/een/threads",
        data={"kind": "question", "title": "Wie heeft een voorbeeld?", "body": "Wij zoeken een **convenant**."},
    )
    assert answer.status_code == 303, answer.text
    page = cast.client("bram").get(answer.location)
    assert page.status_code == 200
    assert "Wie heeft een voorbeeld?" in page.text
    assert "convenant" in page.text


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/threads",
        headers=cast.api("anna"),
        json={"kind": "question", "title": "Vraag", "body": "Tekst"},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json["kind"] == "question"
    assert answer.json["author"] == {
        "id": cast.anna,
        "name": "Anna Adem",
        "organisation": "Woonstichting Proef",
        "role": "member",
    }
    posts = cast.client(None).get(f"/api/v1/threads/{answer.json['id']}/posts", headers=cast.api("bram"))
    assert [p["state"] for p in posts.json["items"]] == ["live"]


def test_stranger_gets_404(cast: Any) -> None:
    for who in ("chris", "hans", "jan"):
        answer = cast.client(who).post("/communities/een/threads", data={"title": "x", "body": "y"})
        assert answer.status_code == 404, who


def test_wrong_role_gets_403(cast: Any) -> None:
    assert cast.client("gerda").post("/communities/een/threads", data={"title": "x", "body": "y"}).status_code == 403


def test_bad_input_names_the_field(cast: Any) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/threads", headers=cast.api("anna"), json={"title": " ", "body": "y"}
    )
    assert answer.status_code == 422
    assert answer.json["errors"] == {"title": "Vul dit in."}
    assert answer.content_type == "application/problem+json"
    page = cast.client("anna").post("/communities/een/threads", data={"title": "", "body": "Mijn tekst"})
    assert page.status_code == 422


def test_signed_out_must_sign_in(cast: Any) -> None:
    answer = cast.client(None).post("/communities/een/threads", data={"title": "x", "body": "y"})
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("anna").post("/communities/een/threads", data={"title": "x", "body": "y"})
    assert journal_entries("threads.start")[-1].person_id == cast.anna
