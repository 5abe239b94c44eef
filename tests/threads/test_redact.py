"""posts.redact: the earlier texts of a post are removed for good."""

from __future__ import annotations

from typing import Any

import pytest

from cop.things import revisions


@pytest.fixture
def post(cast: Any) -> int:
    """The id of a post by Anna with a name in its first version."""
    sent = {"title": "Vraag", "body": "Over mevrouw Verzonnen", "despite": "Zij is verzonnen."}
    thread = cast.client(None).post("/api/v1/communities/een/threads", headers=cast.api("anna"), json=sent).json
    listed = cast.client(None).get(f"/api/v1/threads/{thread['id']}/posts", headers=cast.api("anna"))
    id = int(listed.json["items"][0]["id"])
    for version, body in enumerate(("Over een bewoner", "Over iemand"), start=1):
        given = {"body": body, "base_version": version}
        cast.client(None).patch(f"/api/v1/posts/{id}", headers=cast.api("anna"), json=given)
    return id


def texts(app: Any, post: int) -> list[str]:
    with app.app_context():
        return [revision.source for revision in revisions(post)]


def test_works(app: Any, cast: Any, post: int) -> None:
    page = cast.client("anna").get(f"/posts/{post}/acts").text
    assert "mevrouw Verzonnen" in page
    assert f'action="/posts/{post}/redaction"' in page
    assert cast.client("anna").post(f"/posts/{post}/redaction").status_code == 303
    page = cast.client("anna").get(f"/posts/{post}/acts").text
    assert "mevrouw Verzonnen" not in page
    assert "De tekst van deze versie is verwijderd." in page
    assert "Over iemand" in page
    assert "/redaction" not in page
    assert texts(app, post) == ["", ""]


def test_works_by_api(app: Any, cast: Any, post: int) -> None:
    answer = cast.client(None).put(f"/api/v1/posts/{post}/redaction", headers=cast.api("eva"))
    assert (answer.status_code, answer.json["html"]) == (200, "<p>Over iemand</p>")
    assert texts(app, post) == ["", ""]


def test_stranger_gets_404(cast: Any, post: int) -> None:
    for who in ("chris", "hans", "jan"):
        assert cast.client(None).put(f"/api/v1/posts/{post}/redaction", headers=cast.api(who)).status_code == 404


def test_wrong_role_gets_403(app: Any, cast: Any, post: int) -> None:
    for who in ("bram", "dina", "gerda"):
        assert cast.client(None).put(f"/api/v1/posts/{post}/redaction", headers=cast.api(who)).status_code == 403
        assert "/redaction" not in cast.client(who).get(f"/posts/{post}/acts").text
    assert "Over mevrouw Verzonnen" in texts(app, post)


def test_is_journalled(cast: Any, post: int, journal_entries: Any) -> None:
    cast.client("anna").post(f"/posts/{post}/redaction")
    entry = journal_entries("posts.redact")[-1]
    assert (entry.person_id, entry.object_id, entry.details["revisions"]) == (cast.anna, post, 2)
