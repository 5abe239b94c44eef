"""threads.reply: a post in a thread, exactly once despite retries."""

from __future__ import annotations

import uuid
from typing import Any

import pytest


def test_works(cast: Any, thread: Any) -> None:
    answer = cast.client("anna").post(f"/threads/{thread.id}/posts", data={"body": "Dank je, **Bram**."})
    assert answer.status_code == 303
    assert "<strong>Bram</strong>" in cast.client("dina").get(f"/threads/{thread.id}").text


def test_enhanced_form_gets_the_page_fragment(cast: Any, thread: Any) -> None:
    answer = cast.client("anna").post(
        f"/threads/{thread.id}/posts", data={"body": "Dank je"}, headers={"Accept": "text/vnd.turbo-stream.html"}
    )
    assert answer.status_code == 201
    assert answer.text.strip().startswith('<turbo-stream action="place" target="posts">')


def test_works_by_api(cast: Any, thread: Any, app: Any) -> None:
    answer = app.test_client().post(f"/api/v1/threads/{thread.id}/posts", json={"body": "x"}, headers=cast.api("dina"))
    assert answer.status_code == 201
    assert answer.json["author"]["role"] == "expert"
    assert answer.json["thread"] == thread.id


def test_same_client_id_gives_the_same_post(cast: Any, thread: Any, app: Any) -> None:
    sent = {"body": "Eén keer", "client_id": str(uuid.uuid4())}
    answers = [
        app.test_client().post(f"/api/v1/threads/{thread.id}/posts", json=sent, headers=cast.api("anna"))
        for _ in range(3)
    ]
    assert {a.json["id"] for a in answers} == {answers[0].json["id"]}
    assert len(app.test_client().get(f"/api/v1/threads/{thread.id}/posts", headers=cast.api("anna")).json["items"]) == 3
    stolen = app.test_client().post(f"/api/v1/threads/{thread.id}/posts", json=sent, headers=cast.api("bram"))
    assert (stolen.status_code, stolen.json["code"], list(stolen.json["errors"])) == (409, "key_in_use", ["client_id"])


@pytest.mark.parametrize("who", ["chris", "hans", "jan", "iris"])
def test_stranger_gets_404(cast: Any, thread: Any, who: str) -> None:
    assert cast.client(who).post(f"/threads/{thread.id}/posts", data={"body": "x"}).status_code == 404
    assert cast.client(who).get(f"/threads/{thread.id}").status_code == 404
    assert cast.client(who).get(f"/posts/{thread.reply}").status_code == 404


def test_deactivated_person_must_sign_in(cast: Any, thread: Any) -> None:
    assert cast.client("kees").post(f"/threads/{thread.id}/posts", data={"body": "x"}).status_code == 303


def test_wrong_role_gets_403(cast: Any, thread: Any) -> None:
    assert cast.client("gerda").get(f"/threads/{thread.id}").status_code == 200
    assert cast.client("gerda").post(f"/threads/{thread.id}/posts", data={"body": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "  \n "}, "body"),
        ({}, "body"),
        ({"body": "x" * 100_001}, "body"),
        ({"body": "x", "reply_to": 999_999}, "reply_to"),
        ({"body": "x", "files": [999_999]}, "files"),
        ({"body": "x", "client_id": "geen-uuid"}, "client_id"),
        ({"body": "x", "format": "word"}, "format"),
        ({"body": "> " * 200 + "x"}, "body"),
    ],
)
def test_bad_input_names_the_field(cast: Any, thread: Any, app: Any, sent: Any, field: str) -> None:
    answer = app.test_client().post(f"/api/v1/threads/{thread.id}/posts", json=sent, headers=cast.api("anna"))
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_refused_text_is_kept_in_the_form(cast: Any, thread: Any) -> None:
    answer = cast.client("anna").post(
        f"/threads/{thread.id}/posts", data={"body": "Lang verhaal", "reply_to": "999999"}
    )
    assert answer.status_code == 422
    assert "Lang verhaal" in answer.text


def test_is_journalled(cast: Any, thread: Any, journal_entries: Any) -> None:
    entry = journal_entries("threads.reply")[-1]
    assert (entry.person_id, entry.object_id, entry.details["post"]) == (cast.bram, thread.id, thread.reply)


def test_only_readers_can_be_mentioned(cast: Any, thread: Any, journal_entries: Any) -> None:
    cast.client("anna").post(
        f"/threads/{thread.id}/posts", data={"body": "@Dina Deskundig en @Chris Ceder, wat denken jullie?"}
    )
    assert journal_entries("threads.reply")[-1].details["mentions"] == [cast.dina]
    page = cast.client("bram").get(f"/threads/{thread.id}").text
    assert f'href="/people/{cast.dina}">@Dina Deskundig</a>' in page
    assert f"/people/{cast.chris}" not in page


def test_posts_are_paged_in_both_directions(cast: Any, thread: Any, app: Any) -> None:
    for n in range(8):
        cast.client("anna").post(f"/threads/{thread.id}/posts", data={"body": f"Bericht {n}"})
    get = lambda address: app.test_client().get(address, headers=cast.api("bram")).json
    first = get(f"/api/v1/threads/{thread.id}/posts?limit=4")
    second = get(first["next"])
    assert [p["seq"] for p in first["items"] + second["items"]] == list(range(1, 9))
    assert first["prev"] is None
    assert [p["seq"] for p in get(second["prev"])["items"]] == [1, 2, 3, 4]
    assert get(second["next"])["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=-1", "before=9999999999999"])
def test_bad_query_names_the_field(cast: Any, thread: Any, app: Any, query: str) -> None:
    answer = app.test_client().get(f"/api/v1/threads/{thread.id}/posts?{query}", headers=cast.api("anna"))
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [query.partition("=")[0]]


def test_form_without_script_names_the_post_replied_to(cast: Any, thread: Any) -> None:
    browser = cast.client("anna")
    page = browser.get(f"/threads/{thread.id}?reply_to={thread.reply}").text
    assert "U reageert op het bericht van Bram" in page
    assert f'name="reply_to" value="{thread.reply}"' in page
    assert f'href="/threads/{thread.id}?reply_to=#reply"' in page
    dropped = browser.get(f"/threads/{thread.id}?reply_to=").text
    assert "U reageert op" not in dropped
    assert 'name="reply_to" value=""' in dropped


def test_reply_must_be_to_a_readable_post_of_the_thread(cast: Any, thread: Any) -> None:
    browser = cast.client("anna")
    other = browser.post(
        "/api/v1/communities/een/threads", json={"title": "Ander", "body": "Tekst"}, headers=cast.api("anna")
    ).json["id"]
    hidden = cast.client("eva").post(f"/posts/{thread.reply}/hiding", data={"reason": "Een naam."})
    assert hidden.status_code == 303
    for path in (
        f"/threads/{thread.id}?reply_to={thread.reply}",
        f"/threads/{other}?reply_to={thread.reply}",
        f"/threads/{other}?reply_to=x",
        f"/threads/{other}?reply_to={10**30}",
    ):
        page = browser.get(path)
        assert page.status_code == 200
        assert "U reageert op" not in page.text
        assert 'name="reply_to" value=""' in page.text
