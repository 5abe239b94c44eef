"""members.revoke: revokes an invitation, its membership and its link."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cop.society.people import by_mail

NEW = "nieuw@proef.example"


@pytest.fixture
def invitation(cast: Any) -> int:
    made = cast.client(None).post("/api/v1/communities/een/members", headers=cast.api("eva"), json={"mail": NEW})
    return made.json["id"]


def revoke(cast: Any, who: str, invitation: int) -> Any:
    return cast.client(who).post(f"/communities/een/invitations/{invitation}/delete")


def paths(emails: list[Any]) -> list[str]:
    return [re.search(r"http://localhost(/sign-in/\S+)", email.text)[1] for email in emails]  # type: ignore[index]


def test_works(cast: Any, app: Any, outbox: Any, membership: Any, invitation: int) -> None:
    cast.client("eva").post(f"/communities/een/invitations/{invitation}/sending")
    answer = revoke(cast, "eva", invitation)
    assert answer.status_code == 303
    for path in paths(outbox(NEW)):
        assert cast.client(None).get(path).status_code == 410
        assert cast.client(None).post(path).status_code == 410
    code = re.search(r"(\d{3}) (\d{3})", outbox(NEW)[-1].text)
    assert cast.client(None).post("/sign-in/code", data={"mail": NEW, "code": code[1] + code[2]}).status_code == 422
    with app.app_context():
        assert membership(by_mail(NEW).id).ended
    assert NEW not in cast.client("eva").get("/communities/een/members").text


def test_invitation_of_another_community_is_unaffected(cast: Any, outbox: Any, invitation: int) -> None:
    cast.client("jan").post("/communities/twee/members", data={"mail": NEW})
    revoke(cast, "eva", invitation)
    one, two = paths(outbox(NEW))
    assert cast.client(None).post(one).status_code == 410
    browser = cast.client(None)
    assert browser.post(two).location == "/communities/twee"
    browser.post("/welcome", data={"name": "Nina Nieuw", "rules": "1", "privacy": "1"})
    assert browser.get("/communities/een").status_code == 404
    assert browser.get("/communities/twee").status_code == 200


def test_person_can_be_invited_again(cast: Any, outbox: Any, invitation: int) -> None:
    revoke(cast, "eva", invitation)
    cast.client("eva").post("/communities/een/members", data={"mail": NEW})
    assert cast.client(None).post(paths(outbox(NEW))[-1]).location == "/communities/een"


def test_works_by_api(cast: Any, invitation: int) -> None:
    path = f"/api/v1/communities/een/invitations/{invitation}"
    assert cast.client(None).delete(path, headers=cast.api("eva")).status_code == 204
    again = cast.client(None).delete(path, headers=cast.api("eva"))
    assert again.status_code == 422
    assert again.json["errors"] == {"invitation": "Deze uitnodiging staat niet meer open."}


def test_stranger_gets_404(cast: Any, invitation: int) -> None:
    for who in ("chris", "hans", "iris"):
        assert revoke(cast, who, invitation).status_code == 404, who
    assert cast.client("jan").post(f"/communities/twee/invitations/{invitation}/delete").status_code == 404


def test_wrong_role_gets_403(cast: Any, invitation: int) -> None:
    for who in ("anna", "gerda"):
        assert revoke(cast, who, invitation).status_code == 403, who


def test_entered_person_cannot_be_revoked(cast: Any, outbox: Any, invitation: int) -> None:
    browser = cast.client(None)
    browser.post(paths(outbox(NEW))[0])
    browser.post("/welcome", data={"name": "Nina Nieuw", "rules": "1", "privacy": "1"})
    assert revoke(cast, "eva", invitation).status_code == 422
    assert browser.get("/communities/een").status_code == 200


def test_is_journalled(cast: Any, journal_entries: Any, invitation: int) -> None:
    revoke(cast, "eva", invitation)
    entry = journal_entries("members.revoke")[-1]
    assert (entry.person_id, entry.object_id, entry.community_id) == (cast.eva, invitation, cast.one)
