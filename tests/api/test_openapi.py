"""The OpenAPI document: the operationId is the verb, and responses match their schemas."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest

from cop.base.action import VERBS


@pytest.fixture
def document(app: Any) -> dict[str, Any]:
    return app.test_client().get("/api/v1/openapi.json").json


def test_operations_are_named_by_verb(document: dict[str, Any]) -> None:
    names = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert document["openapi"] == "3.1.0"
    assert {"threads.reply", "threads.start", "threads.list", "threads.posts", "posts.edit", "posts.retract"} <= set(
        names
    )
    unsafe = [o["operationId"] for path in document["paths"].values() for m, o in path.items() if m != "get"]
    reads = {"members.preview"}  # its list is too long for a query string
    others = {  # a verb at another address
        "files.upload_to_partnership",
        "flags.raise_for_member",
        "experts.accept_by_mail",
        "experts.answer_by_mail",
        "experts.ask_new",
        "experts.decline_by_mail",
        "experts.hand_on_by_mail",
        "folders.add_to_partnership",
        "meetings.hand_over_by_mail",
        "meetings.plan_for_partnership",
        "meetings.plan_for_programme",
        "meetings.plan_series_for_partnership",
        "meetings.plan_series_for_programme",
        "meetings.rsvp_by_mail",
        "guidance.confirm_by_mail",
        "guidance.revise_by_mail",
        "guidance.take_address",
        "meeting_materials.attach_address",
        "notes.write_on_member",
        "outcomes.mark_at_meeting",
        "outcomes.mark_post",
        "partnerships.check_in_by_mail",
        "partnerships.skip_by_mail",
        "polls.make_for_partnership",
        "polls.make_for_programme",
        "polls.vote_by_mail",
        "pulse.answer_by_mail",
        "pulse.withdraw_by_mail",
        "uses.follow_up_by_mail",
    }
    assert [
        n for n in unsafe if n not in VERBS.keys() | reads | others and not n.startswith(("people.", "operations."))
    ] == []


def test_every_reference_resolves(document: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert named <= set(document["components"]["schemas"])


def test_responses_match_their_schema(cast: Any, document: dict[str, Any]) -> None:
    def fits(answer: Any, path: str, method: str, status: int) -> None:
        assert answer.status_code == status, answer.text
        schema = document["paths"][path][method]["responses"][str(status)]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json, {**schema, "components": document["components"]})

    client, headers = cast.client(None), cast.api("anna")
    made = client.post("/api/v1/communities/een/threads", headers=headers, json={"title": "Vraag", "body": "Tekst"})
    fits(made, "/communities/{slug}/threads", "post", 201)
    fits(client.get("/api/v1/communities/een/threads", headers=headers), "/communities/{slug}/threads", "get", 200)
    posts = f"/api/v1/threads/{made.json['id']}/posts"
    fits(client.post(posts, headers=headers, json={"body": "Meer"}), "/threads/{id}/posts", "post", 201)
    fits(client.get(posts, headers=headers), "/threads/{id}/posts", "get", 200)
    fits(client.get("/api/v1/communities", headers=headers), "/communities", "get", 200)


def test_page_shows_every_operation(cast: Any, document: dict[str, Any]) -> None:
    page = cast.client("anna").get("/api").text
    assert [
        o["operationId"] for path in document["paths"].values() for o in path.values() if o["operationId"] not in page
    ] == []


def test_pages_are_not_in_the_api(cast: Any) -> None:
    answer = cast.client(None).get("/api/v1/communities/een/threads/new", headers=cast.api("anna"))
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
