"""members.change: changes a role or the term of an expert."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock


def day(days: int) -> str:
    return (clock.local(clock.now()).date() + timedelta(days=days)).isoformat()


def test_works(cast: Any, membership: Any) -> None:
    page = cast.client("eva").get(f"/communities/een/members/{cast.anna}").text
    assert "Anna Adem" in page
    answer = cast.client("eva").post(f"/communities/een/members/{cast.anna}", data={"role": "expert", "until": day(30)})
    assert answer.status_code == 303
    assert membership("anna").role == "expert"
    assert membership("anna").until.isoformat() == day(30)
    assert "Expert" in cast.client("bram").get("/communities/een/members").text


def test_new_role_applies_at_once(cast: Any) -> None:
    start = {"title": "Vraag", "body": "Tekst"}
    assert cast.client("anna").post("/communities/een/threads", data=start).status_code == 303
    cast.client("eva").post(f"/communities/een/members/{cast.anna}", data={"role": "reader"})
    assert cast.client("anna").post("/communities/een/threads", data=start).status_code == 403
    assert cast.client("anna").get("/communities/een").status_code == 200


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).patch(
        f"/api/v1/communities/een/members/{cast.dina}",
        headers=cast.api("fons"),
        json={"role": "member", "until": day(3)},
    )
    assert answer.status_code == 200
    assert answer.json == {
        "id": cast.dina,
        "name": "Dina Deskundig",
        "organisation": "Kennisinstituut Proef",
        "role": "member",
        "until": None,
        "since": clock.today().isoformat(),
        "seen": None,
        "entered": True,
    }
    shown = cast.client(None).get(f"/api/v1/communities/een/members/{cast.dina}", headers=cast.api("anna"))
    assert shown.json == answer.json


def test_stranger_gets_404(cast: Any) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        answer = cast.client(who).post(f"/communities/een/members/{cast.anna}", data={"role": "reader"})
        assert answer.status_code == 404, who
    assert cast.client("eva").post(f"/communities/een/members/{cast.chris}", data={"role": "reader"}).status_code == 404
    assert cast.client("eva").post(f"/communities/een/members/{cast.hans}", data={"role": "reader"}).status_code == 404


def test_wrong_role_gets_403(cast: Any) -> None:
    for who in ("anna", "dina", "gerda"):
        answer = cast.client(who).post(f"/communities/een/members/{cast.anna}", data={"role": "moderator"})
        assert answer.status_code == 403, who


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": "team"}, "role"),
        ({"role": "baas"}, "role"),
        ({}, "role"),
        ({"role": "expert"}, "until"),
        ({"role": "expert", "until": "2017-01-01"}, "until"),
        ({"role": "expert", "until": "morgen"}, "until"),
    ],
)
def test_bad_input_names_the_field(cast: Any, membership: Any, given: dict[str, str], field: str) -> None:
    path = f"/communities/een/members/{cast.anna}"
    answer = cast.client(None).patch(f"/api/v1{path}", headers=cast.api("eva"), json=given)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    page = cast.client("eva").post(path, data=given)
    assert page.status_code == 422
    assert answer.json["errors"][field] in page.text
    assert membership("anna").role == "member"


def test_last_moderator_keeps_the_role(cast: Any, membership: Any) -> None:
    answer = cast.client("eva").post(f"/communities/een/members/{cast.eva}", data={"role": "member"})
    assert answer.status_code == 422
    assert "Dit is de laatste moderator." in answer.text
    assert membership("eva").role == "moderator"
    cast.client("eva").post(f"/communities/een/members/{cast.bram}", data={"role": "moderator"})
    assert cast.client("eva").post(f"/communities/een/members/{cast.eva}", data={"role": "member"}).status_code == 303


def test_moderator_without_access_does_not_count(cast: Any) -> None:
    cast.client("eva").post("/communities/een/members", data={"mail": "nieuw@proef.example", "role": "moderator"})
    cast.client("fons").post(
        f"/communities/een/members/{cast.kees}", data={"role": "moderator"}
    )  # a deactivated person
    assert cast.client("eva").post(f"/communities/een/members/{cast.eva}", data={"role": "member"}).status_code == 422


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("eva").post(f"/communities/een/members/{cast.anna}", data={"role": "reader"})
    entry = journal_entries("members.change")[-1]
    assert (entry.person_id, entry.community_id) == (cast.eva, cast.one)
    assert entry.details == {"member": cast.anna, "community": cast.one, "before": "member", "role": "reader"}
