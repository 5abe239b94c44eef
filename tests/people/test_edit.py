"""people.edit: a person's profile and who may read it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.base.db import db
from cop.society.people import Affiliation

FORM = {
    "name": "Anna de Adem",
    "function": "Consulent",
    "bio": "Ik werk aan nazorg.\r\nBel gerust.",
    "phone": "06 12345678",
    "themes": "nazorg, regie,  nazorg ,",
    "mail_shown": ["0", "1"],
}


def test_works(app: Any, cast: Any) -> None:
    _home, town, know = cast.organisations
    browser = cast.client("anna")
    answer = browser.post("/settings", data={**FORM, "organisation": town, "organisations": ["", str(know)]})
    assert answer.location == "/settings", answer.text
    assert "Uw profiel is opgeslagen." in browser.get("/settings").text
    page = cast.client("bram").get(f"/people/{cast.anna}").text
    for shown in (
        "Anna de Adem",
        "Consulent",
        "Ik werk aan nazorg.",
        "06 12345678",
        "regie",
        "anna@proef.example",
        "Gemeente Proefdam",
        "Kennisinstituut Proef",
        "Eerste kring",
    ):
        assert shown in page, shown
    assert page.count("nazorg</li>") == 1
    assert "Woonstichting Proef" not in page
    with app.app_context():
        mine = select(Affiliation.organisation_id, Affiliation.main).where(Affiliation.person_id == cast.anna)
        rows = db.session.execute(mine)
        assert {tuple(row) for row in rows} == {(town, True), (know, False)}


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).patch(
        "/api/v1/settings", headers=cast.api("anna"), json={"themes": ["wonen"], "organisation": 0}
    )
    assert answer.status_code == 200
    assert answer.json["organisation"] is None
    seen = cast.client(None).get(f"/api/v1/people/{cast.anna}", headers=cast.api("bram")).json
    assert seen == {
        "id": cast.anna,
        "name": "Anna Adem",
        "url": f"/people/{cast.anna}",
        "function": "",
        "organisation": None,
        "themes": ["wonen"],
        "bio": "",
        "phone": "",
        "mail": None,
        "state": "active",
    }
    administrator = cast.client(None).get(f"/api/v1/people/{cast.anna}", headers=cast.api("iris"))
    assert administrator.json["mail"] == "anna@proef.example"


def test_protected_fields_are_ignored(cast: Any, person: Any) -> None:
    cast.client(None).patch(
        "/api/v1/settings",
        headers=cast.api("anna"),
        json={
            "name": "Anna",
            "is_admin": True,
            "state": "deactivated",
            "mail": "x@y.nl",
            "epoch": 9,
            "entered": None,
            "id": 1,
        },
    )
    anna = person(cast.anna)
    assert (anna.is_admin, anna.state, anna.mail, anna.epoch) == (False, "active", "anna@proef.example", 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 201),
        ("name", "a\0b"),
        ("phone", "0" * 41),
        ("bio", "x" * 4001),
        ("themes", ["x" * 61]),
        ("organisation", 999),
        ("organisations", [999]),
        ("organisation", -1),
    ],
)
def test_bad_input_names_the_field(cast: Any, field: str, value: Any) -> None:
    answer = cast.client(None).patch("/api/v1/settings", headers=cast.api("anna"), json={field: value})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_bad_input_names_the_field_in_the_form(cast: Any) -> None:
    page = cast.client("anna").post("/settings", data={**FORM, "name": ""})
    assert page.status_code == 422
    assert "Ik werk aan nazorg." in page.text
    assert 'id="f-name-error"' in page.text


def test_name_is_one_line_in_mail(cast: Any, post: Any) -> None:
    cast.client("anna").post("/settings", data={"name": "Anna\r\nBcc: ieder@evil.example"})
    cast.client("anna").post("/sign-in", data={"mail": "anna@proef.example"})
    email = post.last("anna@proef.example")
    assert "\n" not in email.address + email.subject
    assert email.text.startswith("Beste Anna Bcc: ieder@evil.example,\n")


def test_name_is_escaped(cast: Any) -> None:
    cast.client("anna").post("/settings", data={"name": "<img src=x onerror=alert(1)>"})
    assert "<img src=x" not in cast.client("bram").get(f"/people/{cast.anna}").text


def test_stranger_gets_404(app: Any, cast: Any, newcomer: Any) -> None:
    for who, status in (("chris", 200), ("iris", 200), ("anna", 404)):  # one programme; an administrator; a stranger
        assert cast.client(who).get(f"/people/{newcomer[0] if who == 'anna' else cast.anna}").status_code == status
    assert cast.client("anna").get("/people/99999").status_code == 404


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/settings", data=FORM).location.startswith("/sign-in")
    assert cast.client(None).get(f"/people/{cast.anna}").location.startswith("/sign-in")


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("anna").post("/settings", data=FORM)
    entry = journal_entries("people.edit")[-1]
    assert (entry.person_id, entry.object_kind, entry.object_id) == (cast.anna, "person", cast.anna)
    assert "Adem" not in str(entry.details)


def test_profile_has_a_fixed_number_of_statements(cast: Any, count_statements: Any) -> None:
    with count_statements() as statements:
        cast.client("bram").get(f"/people/{cast.anna}")
    assert len(statements) <= 12
