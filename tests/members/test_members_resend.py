"""members.resend: sends an invitation again with a new link; and the states of an invitation."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock

NEW = "nieuw@proef.example"


@pytest.fixture
def invitation(cast: Any) -> int:
    made = cast.client(None).post("/api/v1/communities/een/members", headers=cast.api("eva"), json={"mail": NEW})
    return made.json["id"]


def resend(cast: Any, who: str, invitation: int) -> Any:
    return cast.client(who).post(f"/communities/een/invitations/{invitation}/sending")


def paths(emails: list[Any]) -> list[str]:
    return [re.search(r"http://localhost(/sign-in/\S+)", email.text)[1] for email in emails]  # type: ignore[index]


def state(cast: Any) -> str:
    listed = cast.client(None).get("/api/v1/communities/een/invitations", headers=cast.api("eva")).json["items"]
    return listed[0]["state"]


def test_works(cast: Any, outbox: Any, invitation: int) -> None:
    answer = resend(cast, "eva", invitation)
    assert (answer.status_code, answer.location) == (303, "/communities/een/members#invitations")
    first, second = paths(outbox(NEW))
    assert first != second
    assert cast.client(None).post(second).location == "/communities/een"


def test_former_link_still_works(cast: Any, outbox: Any, invitation: int) -> None:
    resend(cast, "eva", invitation)
    assert cast.client(None).post(paths(outbox(NEW))[0]).status_code == 303


def test_works_after_the_link_expired(cast: Any, outbox: Any, invitation: int) -> None:
    assert state(cast) == "pending"
    (path,) = paths(outbox(NEW))
    clock.shift(timedelta(days=15))
    assert state(cast) == "expired"
    assert "Link verlopen" in cast.client("eva").get("/communities/een/members").text
    assert cast.client(None).post(path).status_code == 410
    resend(cast, "eva", invitation)
    assert state(cast) == "pending"
    assert cast.client(None).post(paths(outbox(NEW))[1]).status_code == 303


def test_works_by_api(cast: Any, invitation: int) -> None:
    answer = cast.client(None).post(
        f"/api/v1/communities/een/invitations/{invitation}/sending", headers=cast.api("fons")
    )
    assert answer.status_code == 200
    assert (answer.json["id"], answer.json["state"]) == (invitation, "pending")


def test_stranger_gets_404(cast: Any, invitation: int) -> None:
    for who in ("chris", "hans", "iris"):
        assert resend(cast, who, invitation).status_code == 404, who
    elsewhere = cast.client("jan").post(f"/communities/twee/invitations/{invitation}/sending")
    assert elsewhere.status_code == 404  # the invitation belongs to another community


def test_wrong_role_gets_403(cast: Any, invitation: int) -> None:
    for who in ("anna", "gerda"):
        assert resend(cast, who, invitation).status_code == 403, who


def test_entered_person_gets_no_new_invitation(cast: Any, outbox: Any, invitation: int) -> None:
    browser = cast.client(None)
    browser.post(paths(outbox(NEW))[0])
    browser.post("/welcome", data={"name": "Nina Nieuw", "rules": "1", "privacy": "1"})
    assert state(cast) == "entered"
    answer = resend(cast, "eva", invitation)
    assert answer.status_code == 422
    assert "Deze uitnodiging staat niet meer open." in answer.text
    assert len(outbox(NEW)) == 1


def test_is_journalled(cast: Any, journal_entries: Any, invitation: int) -> None:
    resend(cast, "eva", invitation)
    entry = journal_entries("members.resend")[-1]
    assert (entry.person_id, entry.object_id, entry.community_id) == (cast.eva, invitation, cast.one)
