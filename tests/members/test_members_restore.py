"""members.restore: undoes the removal of a member or the withdrawal of an invitation."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from cop.base import clock

NEW = "nieuw@proef.example"


def remove(cast: Any, person: int) -> Any:
    return cast.client("eva").post(f"/communities/een/members/{person}/delete", follow_redirects=True)


def restore(cast: Any, who: str, person: int) -> Any:
    return cast.client(who).post(f"/communities/een/members/{person}/restore")


def test_works(cast: Any, membership: Any) -> None:
    until = (clock.today() + timedelta(days=9)).isoformat()
    cast.client("eva").post(f"/communities/een/members/{cast.dina}", data={"role": "expert", "until": until})
    page = cast.client("eva")
    removed = page.post(f"/communities/een/members/{cast.dina}/delete", follow_redirects=True).text
    assert "Dina Deskundig doet niet meer mee in Eerste kring." in removed
    assert f'action="/communities/een/members/{cast.dina}/restore"' in removed
    assert cast.client("dina").get("/communities/een").status_code == 404
    assert restore(cast, "eva", cast.dina).status_code == 303
    now = membership("dina")
    assert (now.ended, now.role, now.until.isoformat()) == (None, "expert", until)
    assert cast.client("dina").get("/communities/een").status_code == 200


def test_withdrawn_invitation_is_pending_again_and_its_link_works(cast: Any, outbox: Any) -> None:
    made = cast.client(None).post("/api/v1/communities/een/members", headers=cast.api("eva"), json={"mail": NEW})
    (email,) = outbox(NEW)
    path = re.search(r"http://localhost(/sign-in/\S+)", email.text)[1]  # type: ignore[index]
    page = cast.client("eva").post(f"/communities/een/invitations/{made.json['id']}/delete", follow_redirects=True)
    assert f"De uitnodiging aan {NEW} is ingetrokken." in page.text
    assert cast.client(None).get(path).status_code == 410
    undo = re.search(r'action="(/communities/een/members/\d+/restore)"', page.text)[1]  # type: ignore[index]
    assert cast.client("eva").post(undo).status_code == 303
    listed = cast.client(None).get("/api/v1/communities/een/invitations", headers=cast.api("eva")).json["items"]
    assert [(one["mail"], one["state"]) for one in listed] == [(NEW, "pending")]
    assert cast.client(None).post(path).location == "/communities/een"


def test_works_by_api(cast: Any) -> None:
    remove(cast, cast.anna)
    answer = cast.client(None).post(f"/api/v1/communities/een/members/{cast.anna}/restore", headers=cast.api("fons"))
    assert (answer.status_code, answer.json["role"]) == (200, "member")


def test_current_member_cannot_be_restored(cast: Any) -> None:
    assert restore(cast, "eva", cast.anna).status_code == 422
    assert restore(cast, "eva", cast.chris).status_code == 404


def test_removal_of_days_ago_stays(cast: Any, membership: Any) -> None:
    remove(cast, cast.anna)
    clock.shift(timedelta(days=2))
    answer = restore(cast, "eva", cast.anna)
    assert answer.status_code == 422
    assert "Nodig deze deelnemer opnieuw uit." in answer.text
    assert membership("anna").ended


def test_stranger_gets_404(cast: Any) -> None:
    remove(cast, cast.anna)
    for who in ("anna", "chris", "jan", "iris"):
        assert restore(cast, who, cast.anna).status_code == 404, who


def test_wrong_role_gets_403(cast: Any) -> None:
    remove(cast, cast.anna)
    for who in ("bram", "dina", "gerda"):
        assert restore(cast, who, cast.anna).status_code == 403, who


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    remove(cast, cast.anna)
    restore(cast, "eva", cast.anna)
    entry = journal_entries("members.restore")[-1]
    assert entry.details == {"member": cast.anna, "community": cast.one, "role": "member"}
