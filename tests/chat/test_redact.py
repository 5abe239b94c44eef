"""messages.redact: the earlier texts of a message are removed for good."""

from __future__ import annotations

from typing import Any

import pytest

from cop.things import revisions


@pytest.fixture
def message(cast: Any, send_message: Any) -> int:
    """The id of a message by Anna with a name in its first version."""
    id = int(send_message("anna", "Over mevrouw Verzonnen")["id"])
    cast.client(None).patch(
        f"/api/v1/messages/{id}", headers=cast.api("anna"), json={"body": "Over iemand", "base_version": 1}
    )
    return id


def texts(app: Any, message: int) -> list[str]:
    with app.app_context():
        return [revision.source for revision in revisions(message)]


def test_works(app: Any, cast: Any, message: int) -> None:
    page = cast.client("anna").get(f"/messages/{message}/acts").text
    assert "mevrouw Verzonnen" in page
    assert f'action="/messages/{message}/redaction"' in page
    assert cast.client("anna").post(f"/messages/{message}/redaction").status_code == 303
    page = cast.client("anna").get(f"/messages/{message}/acts").text
    assert "mevrouw Verzonnen" not in page
    assert "De tekst van deze versie is verwijderd." in page
    assert texts(app, message) == [""]


def test_works_by_api(app: Any, cast: Any, message: int) -> None:
    answer = cast.client(None).put(f"/api/v1/messages/{message}/redaction", headers=cast.api("eva"))
    assert (answer.status_code, answer.json["html"]) == (200, "<p>Over iemand</p>")
    assert texts(app, message) == [""]


def test_stranger_gets_404(cast: Any, message: int) -> None:
    for who in ("chris", "hans", "jan"):
        answer = cast.client(None).put(f"/api/v1/messages/{message}/redaction", headers=cast.api(who))
        assert answer.status_code == 404


def test_wrong_role_gets_403(app: Any, cast: Any, message: int) -> None:
    for who in ("bram", "dina", "gerda"):
        answer = cast.client(None).put(f"/api/v1/messages/{message}/redaction", headers=cast.api(who))
        assert answer.status_code == 403
    assert texts(app, message) == ["Over mevrouw Verzonnen"]


def test_is_journalled(cast: Any, message: int, journal_entries: Any) -> None:
    cast.client("anna").post(f"/messages/{message}/redaction")
    entry = journal_entries("messages.redact")[-1]
    assert (entry.person_id, entry.object_id, entry.details["revisions"]) == (cast.anna, message, 1)
