"""people.enter: the welcome page, to which everybody is redirected until it is completed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.base.action import transaction
from cop.base.db import db
from cop.society.credentials import new_token
from cop.society.memberships import Membership
from cop.society.people import Acceptance, Person

FORM = {"name": "Nina  Nieuw", "function": "Consulent", "mail_shown": ["0", "1"], "rules": "1", "privacy": "1"}


@pytest.fixture
def nina(cast: Any, newcomer: Any) -> Any:
    browser = cast.client(None)
    browser.post(newcomer[1])
    return browser


def test_works(app: Any, cast: Any, newcomer: Any, nina: Any, person: Any) -> None:
    led = nina.get("/communities/een/threads?kind=question")
    assert led.status_code == 303
    assert led.location == "/welcome?next=/communities/een/threads%3Fkind%3Dquestion"
    with app.app_context(), transaction():
        db.session.add(Membership(person_id=newcomer[0], community_id=cast.one, role="member"))
    page = nina.get(led.location)
    assert page.status_code == 200
    assert 'value="/communities/een/threads?kind=question"' in page.text
    answer = nina.post("/welcome", data={**FORM, "organisation": cast.organisations[1], "next": "/help"})
    assert answer.status_code == 303, answer.text
    assert answer.location == "/help"
    entered = person(newcomer[0])
    assert (entered.name, entered.function, entered.mail_shown) == ("Nina Nieuw", "Consulent", True)
    assert entered.organisation_id == cast.organisations[1]
    with app.app_context():
        accepted = db.session.execute(select(Acceptance.document, Acceptance.version)).all()
    assert {tuple(row) for row in accepted} == {("house-rules", "2026-11"), ("privacy", "2026-11")}
    assert nina.get("/me", headers={"Accept": "application/json"}).status_code == 200
    assert nina.get("/welcome").location == "/"


@pytest.mark.parametrize("path", ["/", "/settings", "/people/1", "/nergens", "/communities/een"])
def test_pages_redirect_to_the_welcome_page(nina: Any, path: str) -> None:
    answer = nina.get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/welcome")


@pytest.mark.parametrize("path", ["/privacy", "/house-rules", "/help", "/contact", "/accessibility", "/welcome"])
def test_terms_are_readable_before_entering(nina: Any, path: str) -> None:
    assert nina.get(path).status_code == 200


def test_writes_redirect_but_signing_out_works(nina: Any, journal_entries: Any) -> None:
    assert nina.post("/communities/een/threads", data={"title": "x", "body": "y"}).location.startswith("/welcome")
    assert not journal_entries("threads.start")
    assert nina.post("/theme", data={"theme": "dark"}).location == "/"
    assert nina.post("/sign-out").location == "/sign-in"


def test_works_by_api(app: Any, cast: Any, newcomer: Any) -> None:
    with app.app_context(), transaction():
        secret = new_token(db.session.get(Person, newcomer[0]))
    headers = {"Authorization": f"Bearer {secret}", "Accept": "application/json"}
    browser = cast.client(None)
    refused = browser.get("/api/v1/me", headers=headers)
    assert refused.status_code == 403
    assert refused.content_type == "application/problem+json"
    assert "welkomstpagina" in refused.json["detail"]
    written = browser.post("/api/v1/communities/een/threads", headers=headers, json={"title": "x", "body": "y"})
    assert written.status_code == 403
    answer = browser.post("/api/v1/welcome", headers=headers, json={"name": "Nina", "rules": True, "privacy": True})
    assert answer.json["name"] == "Nina"
    assert browser.get("/api/v1/me", headers=headers).status_code == 200


def test_socket_is_refused_before_entering(nina: Any, connect: Any) -> None:
    assert not connect(nina).is_connected()
    nina.post("/welcome", data=FORM)
    assert connect(nina).is_connected()


@pytest.mark.parametrize("field", ["name", "rules", "privacy"])
def test_bad_input_names_the_field(nina: Any, field: str) -> None:
    answer = nina.post("/api/v1/welcome", json={**FORM, "mail_shown": False, field: False if field != "name" else " "})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    page = nina.post("/welcome", data={**FORM, field: ""})
    assert page.status_code == 422
    assert f'id="f-{field}-error"' in page.text
    assert nina.get("/").location == "/welcome"


def test_bad_input_names_the_field_for_an_unknown_organisation(nina: Any) -> None:
    assert nina.post("/welcome", data={**FORM, "organisation": 999}).status_code == 422


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/welcome", data=FORM).location.startswith("/sign-in")


def test_is_journalled(cast: Any, newcomer: Any, nina: Any, journal_entries: Any) -> None:
    nina.post("/welcome", data=FORM)
    assert journal_entries("people.enter")[-1].person_id == newcomer[0]
