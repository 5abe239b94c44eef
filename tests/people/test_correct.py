"""people.correct: the name, address and organisation of somebody whom an administrator added and who has not entered."""

from __future__ import annotations

from typing import Any

import pytest

WRONG, RIGHT = "nieuw@proef.example", "nina.nieuw@proef.example"


def correct(cast: Any, who: str, id: int, **given: Any) -> Any:
    return cast.client(who).post(f"/people/{id}", data=given)


def test_works(cast: Any, newcomer: Any, person: Any, post: Any) -> None:
    assert "Gegevens verbeteren" in cast.client("iris").get(f"/people/{newcomer[0]}").text
    given = {"name": "Nina de Nieuwe", "mail": WRONG, "organisation": cast.organisations[1]}
    answer = correct(cast, "iris", newcomer[0], **given)
    assert (answer.status_code, answer.location) == (303, f"/people/{newcomer[0]}")
    found = person(newcomer[0])
    assert (found.name, found.mail, found.organisation_id) == ("Nina de Nieuwe", WRONG, cast.organisations[1])
    assert post.all(WRONG) == []


def test_other_address_gets_the_invitation_and_the_former_link_ends(cast: Any, newcomer: Any, post: Any) -> None:
    correct(cast, "iris", newcomer[0], name="Nina Nieuw", mail=RIGHT)
    (mail,) = post.all(RIGHT)
    assert "/sign-in/" in mail.text
    assert cast.client(None).get(newcomer[1]).status_code == 410


def test_works_by_api(cast: Any, newcomer: Any, person: Any) -> None:
    answer = cast.client(None).patch(
        f"/api/v1/people/{newcomer[0]}", headers=cast.api("iris"), json={"name": "Nina Nieuwer"}
    )
    assert (answer.status_code, answer.json["name"]) == (200, "Nina Nieuwer")
    assert person(newcomer[0]).mail == WRONG


@pytest.mark.parametrize("who", ["anna", "eva", "fons"])
def test_wrong_role_gets_403(cast: Any, who: str) -> None:
    assert correct(cast, who, cast.bram, name="Anders").status_code == 403


def test_stranger_gets_404(cast: Any, newcomer: Any) -> None:
    assert correct(cast, "anna", newcomer[0], name="Anders").status_code == 404
    assert correct(cast, "iris", 9999, name="Anders").status_code == 404


@pytest.mark.parametrize(
    ("given", "field"),
    [({"mail": "anna@proef.example"}, "mail"), ({"mail": "nina"}, "mail"), ({"organisation": 9999}, "organisation")],
)
def test_bad_input_names_the_field(cast: Any, newcomer: Any, given: Any, field: str) -> None:
    answer = cast.client(None).patch(f"/api/v1/people/{newcomer[0]}", headers=cast.api("iris"), json=given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])
    page = correct(cast, "iris", newcomer[0], **given)
    assert f'id="f-{field}-error"' in page.text


def test_who_has_entered_corrects_it_alone(cast: Any) -> None:
    answer = correct(cast, "iris", cast.bram, name="Anders")
    assert answer.status_code == 422
    assert "past dit zelf aan" in answer.text


def test_is_journalled(cast: Any, newcomer: Any, journal_entries: Any) -> None:
    correct(cast, "iris", newcomer[0], name="Nina Nieuwer")
    entry = journal_entries("people.correct")[-1]
    assert (entry.person_id, entry.object_id) == (cast.iris, newcomer[0])
    assert "Nieuwer" not in str(entry.details)
