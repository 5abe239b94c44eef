"""Addresses are made from names, and one that is in use elsewhere is not betrayed."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.society.programmes import Community, Programme


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Weer thuis in de wijk", "weer-thuis-in-de-wijk"),
        ("Zoë & İlker’s café – 2e ronde!", "zoe-ilkers-cafe-2e-ronde"),
        ("x" * 200, "x" * 56),
        ("A", ""),
        ("你好", ""),
        ("---", ""),
    ],
)
def test_names_become_addresses(name: str, slug: str) -> None:
    assert text.slug(name) == slug


@pytest.fixture
def elsewhere(cast: Any, app: Any) -> None:
    """Make a community of another programme, which Fons does not see."""
    with app.app_context(), transaction():
        programme = Programme(slug="mix", name="Magic Mix")
        db.session.add(programme)
        db.session.flush()
        db.session.add(Community(programme_id=programme.id, slug="mixkring", name="Mixkring"))


def test_an_address_in_use_elsewhere_is_not_betrayed(cast: Any, elsewhere: None) -> None:
    path, headers = "/api/v1/programmes/proef/communities", cast.api("fons")
    for given in ({"name": "Mixkring"}, {"name": "Mijn kring", "slug": "mixkring"}):
        answer = cast.client(None).post(path, headers=headers, json=given)
        assert answer.status_code == 201
        assert answer.json["slug"].startswith("mixkring-")
    own = cast.client(None).post(path, headers=headers, json={"name": "Nog een", "slug": "een"})
    assert own.json["errors"] == {"slug": "Dit adres is al in gebruik. Kies een ander."}


def test_equal_names_get_a_number(cast: Any) -> None:
    made = [cast.client("fons").post("/programmes/proef/communities", data={"name": "Kring", "slug": ""}) for _ in "ab"]
    assert [answer.status_code for answer in made] == [303, 303]
    listed = cast.client(None).get("/api/v1/communities", headers=cast.api("fons")).json["items"]
    assert {"kring", "kring-2"} <= {one["slug"] for one in listed}


@pytest.mark.parametrize("name", ["你好", "!!", "New"])
def test_any_name_gets_an_address(cast: Any, name: str) -> None:
    answer = cast.client("fons").post("/programmes/proef/communities", data={"name": name})
    assert answer.status_code == 303
    made = cast.client("iris").post("/programmes", data={"name": name})
    assert cast.client("iris").get(made.location).status_code == 200
