"""A change of a post, message, thread or file names the version that it is based on, or is refused with 428."""

from __future__ import annotations

import io
from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room
from cop.society.programmes import Community

CHANGES = {
    "post": {"body": "Anders."},
    "message": {"body": "Anders."},
    "thread": {"title": "Anders"},
    "file": {"title": "Anders.txt"},
}


@pytest.fixture
def made(app: Any, cast: Any) -> dict[str, str]:
    """Return the path of one thing of each kind, made by Anna in the first community."""
    with app.app_context(), transaction():
        room = ensure_room(db.session.get_one(Community, cast.one)).id

    def add(path: str, **given: Any) -> Any:
        options = {"data": given} if "file" in given else {"json": given}
        return app.test_client().post(f"/api/v1{path}", headers=cast.api("anna"), **options).json

    thread = add("/communities/een/threads", title="Opening", body="Tekst.")
    file = add("/communities/een/files", file=(io.BytesIO(b"Tekst."), "blad.txt"))
    return {
        "thread": thread["url"],
        "post": add(f"{thread['url']}/posts", body="Reactie.")["url"],
        "message": add(f"/rooms/{room}/messages", body="Hallo.")["url"],
        "file": f"/files/{file['id']}",
    }


@pytest.fixture
def patch(app: Any, cast: Any, made: dict[str, str]) -> Any:
    """Return a function that changes one of these things."""
    return lambda who, kind, **given: app.test_client().patch(
        f"/api/v1{made[kind]}", json={**CHANGES[kind], **given}, headers=cast.api(who)
    )


@pytest.mark.parametrize("kind", CHANGES)
def test_change_without_base_version_gets_428(patch: Any, kind: str) -> None:
    refused = patch("anna", kind)
    assert (refused.status_code, refused.content_type) == (428, "application/problem+json")
    assert list(refused.json["errors"]) == ["base_version"]
    assert patch("anna", kind, base_version=None).status_code == 428
    assert patch("anna", kind, base_version=1).status_code == 200


@pytest.mark.parametrize("kind", CHANGES)
@pytest.mark.parametrize(("who", "status"), [("chris", 404), ("gerda", 403)])
def test_access_is_judged_first(patch: Any, kind: str, who: str, status: int) -> None:
    assert patch(who, kind).status_code == status


@pytest.mark.parametrize("kind", CHANGES)
def test_document_of_the_api_says_so(app: Any, kind: str) -> None:
    paths = app.test_client().get("/api/v1/openapi.json").json["paths"]
    assert {"409", "428"} <= paths[f"/{kind}s/{{id}}"]["patch"]["responses"].keys()


def test_form_without_a_version_is_shown_again(cast: Any, made: dict[str, str]) -> None:
    answer = cast.client("anna").post(made["post"], data={"body": "Anders."})
    assert answer.status_code == 428
    assert "Anders.</textarea>" in answer.text
