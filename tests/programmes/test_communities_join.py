"""communities.join: an administrator joins as a visible reader."""

from __future__ import annotations

from typing import Any


def join(cast: Any, who: str, **data: str) -> Any:
    return cast.client(who).post("/programmes/proef/joining", data={"community": "een", **data})


def test_works(cast: Any) -> None:
    assert cast.client("iris").get("/communities/een").status_code == 404
    page = cast.client("iris").get("/programmes/proef").text
    assert "Meelezen als beheerder" in page
    assert "Dat komt in het logboek" in page
    answer = join(cast, "iris")
    assert answer.status_code == 303
    assert cast.client("iris").get(answer.location).status_code == 200
    seen = cast.client("anna").get("/communities/een/members").text
    assert "Iris Inzicht" in seen
    assert cast.client("iris").post("/communities/een/threads", data={"title": "x", "body": "y"}).status_code == 403


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).post(
        "/api/v1/programmes/proef/joining", headers=cast.api("iris"), json={"community": "een"}
    )
    assert answer.status_code == 200
    assert (answer.json["slug"], answer.json["role"]) == ("een", "reader")


def test_existing_role_is_kept(cast: Any, run_as: Any, app: Any, membership: Any) -> None:
    from cop.people import actions as people
    from cop.society.people import Person

    run_as("iris", people.promote, Person, cast.eva)
    assert join(cast, "eva").status_code == 303
    assert membership("eva").role == "moderator"


def test_stranger_gets_404(cast: Any) -> None:
    assert join(cast, "hans").status_code == 404


def test_wrong_role_gets_403(cast: Any) -> None:
    for who in ("chris", "jan", "fons"):
        assert join(cast, who).status_code == 403, who


def test_bad_input_names_the_field(cast: Any) -> None:
    assert join(cast, "iris", community="elders").status_code == 404
    answer = cast.client(None).post(
        "/api/v1/programmes/proef/joining", headers=cast.api("iris"), json={"community": "É É"}
    )
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["community"]


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    join(cast, "iris")
    entry = journal_entries("communities.join")[-1]
    assert (entry.person_id, entry.community_id) == (cast.iris, cast.one)
