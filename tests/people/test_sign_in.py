"""people.sign_in: sign-in by link, which mail scanners may open; only the button uses it up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop import create_app
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import Base, db
from cop.people.listeners import sweep
from cop.society.credentials import new_link
from cop.society.people import Person
from tests.conftest import Client, settings


@pytest.fixture
def link(app: Any, cast: Any) -> Any:
    """Return a function that makes a sign-in link of a person: `link('anna')`."""

    def make(who: str, purpose: str = "sign-in", next: str = "/") -> str:
        with app.app_context(), transaction():
            return f"/sign-in/{new_link(db.session.get(Person, getattr(cast, who)), purpose, next=next)[0]}"

    return make


def test_works_after_a_scanner_opened_the_link(cast: Any, newcomer: Any, person: Any) -> None:
    id, path = newcomer
    browser = cast.client(None)
    for _scan in range(2):
        assert browser.head(path).status_code == 200
        page = browser.get(path)
        assert page.status_code == 200
        assert "Ga verder" in page.text
        assert "cop=" not in page.headers.get("Set-Cookie", "")
    answer = browser.post(path)
    assert answer.status_code == 303
    assert answer.location == "/communities/een/threads"
    assert person(id).state == "active"
    again = browser.post(path)
    assert again.status_code == 410
    assert "Deze link is al gebruikt. Vraag een nieuwe aan." in again.text
    assert "Mail mij een nieuwe link" in again.text


def test_works_by_api(cast: Any, link: Any) -> None:
    path = link("anna")
    answer = cast.client(None).post(f"/api/v1{path}")
    assert answer.status_code == 200
    assert answer.json == {
        "id": cast.anna,
        "name": "Anna Adem",
        "mail": "anna@proef.example",
        "roles": {"een": "member"},
        "organisation": "Woonstichting Proef",
        "language": "nl",
        "admin": False,
    }
    assert cast.client(None).post(f"/api/v1{path}").status_code == 410


def test_used_link_mails_a_new_one(cast: Any, newcomer: Any, post: Any) -> None:
    _id, path = newcomer
    cast.client(None).post(path)
    answer = cast.client(None).post(f"{path}/again")
    assert answer.status_code == 200
    assert "nieuw@proef.example" not in answer.text
    fresh = post.path("nieuw@proef.example")
    assert fresh != path
    assert cast.client(None).post(fresh).location == "/communities/een/threads"


def test_expired_link_gets_410(cast: Any, link: Any) -> None:
    path = link("anna")
    clock.shift(timedelta(minutes=31))
    for answer in (cast.client(None).get(path), cast.client(None).post(path)):
        assert answer.status_code == 410
        assert "Vraag een nieuwe aan." in answer.text


def test_unknown_link_gets_410(cast: Any, link: Any) -> None:
    assert cast.client(None).get("/sign-in/zomaar").status_code == 410
    assert cast.client(None).post("/sign-in/zomaar").status_code == 410
    assert cast.client(None).post("/sign-in/zomaar/again").status_code == 404
    assert cast.client(None).post(link("anna", "mail-new")).status_code == 410


def test_deactivated_person_cannot_sign_in(cast: Any, link: Any) -> None:
    assert cast.client(None).post(link("kees")).status_code == 410


def test_session_id_is_new(cast: Any, link: Any) -> None:
    browser = cast.client("bram")  # another session existed, or was planted
    browser.post(link("anna"))
    cookie = browser.get_cookie("cop").value
    assert cookie != cast.cookies["bram"]
    assert browser.get("/me", headers={"Accept": "application/json"}).json["id"] == cast.anna
    assert cast.client("bram").get("/me", headers={"Accept": "application/json"}).status_code == 401
    planted = cast.client(None)
    planted.set_cookie("cop", "chosen-by-the-attacker")
    planted.post(link("anna"))
    assert planted.get_cookie("cop").value != "chosen-by-the-attacker"


def test_cookie_attributes(cast: Any, link: Any) -> None:
    cookie = cast.client(None).post(link("anna")).headers.getlist("Set-Cookie")[0]
    assert cookie.startswith("cop=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_cookie_attributes_on_https(tmp_path: Any) -> None:
    base = "https://weerthuis.example"
    app = create_app(settings(tmp_path, mode="production", base_url=base, database_url=""))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        with transaction():
            person = Person(mail="iris@proef.example", name="Iris", state="active")
            db.session.add(person)
            db.session.flush()
            secret, _code = new_link(person, "sign-in")
    answer = Client(app, app.response_class).post(f"/sign-in/{secret}", base_url=base)
    with app.app_context():
        db.engine.dispose()
    cookie = answer.headers.getlist("Set-Cookie")[0]
    assert cookie.startswith("__Host-cop=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_form_of_another_site_is_refused(cast: Any, link: Any) -> None:
    path = link("anna")
    assert cast.client(None).post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert cast.client(None).post(path).status_code == 303


def test_signed_in_person_is_redirected(cast: Any) -> None:
    assert cast.client("anna").get("/sign-in?next=/communities/een").location == "/communities/een"
    assert cast.client("anna").get("/sign-in?next=//evil.example").location == "/"


def test_is_journalled(cast: Any, newcomer: Any, journal_entries: Any) -> None:
    id, path = newcomer
    cast.client(None).post(path)
    entry = journal_entries("people.sign_in")[-1]
    assert entry.person_id is None
    assert entry.object_id == id
    assert entry.details == {"person": id, "by": "link", "first": 1, "purpose": "invitation"}


def test_expired_links_and_sessions_are_deleted(app: Any, cast: Any, link: Any) -> None:
    path = link("anna")
    clock.shift(timedelta(days=29))
    assert cast.client("anna").get("/me", headers={"Accept": "application/json"}).status_code == 200
    with app.app_context():
        sweep()
    assert cast.client("anna").get("/me", headers={"Accept": "application/json"}).status_code == 200
    assert "Mail mij een nieuwe link" in cast.client(None).get(path).text
    clock.shift(timedelta(days=31))
    with app.app_context():
        sweep()
    assert "Mail mij een nieuwe link" not in cast.client(None).get(path).text
    assert cast.client("anna").get("/me", headers={"Accept": "application/json"}).status_code == 401
