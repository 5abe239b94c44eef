"""What memory keeps of people and their rights holds only as long as their stamp does."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.fast import cache_versions
from cop.society.authentication import viewers
from cop.society.memberships import Membership
from cop.society.organisations import SOCIETY
from cop.society.people import Person


def stamp(app: Flask) -> str | None:
    """The stamp as it stands in the database."""
    with app.app_context():
        return db.session.scalar(
            select(cache_versions.CacheVersion.token).where(cache_versions.CacheVersion.subject == SOCIETY)
        )


def rename(person: int) -> None:
    db.session.get_one(Person, person).name = "Anna Anders"


def rename_at_once(person: int) -> None:
    db.session.execute(update(Person).where(Person.id == person).values(name="Anna Anders"))


def rename_in_vain(person: int) -> None:
    rename(person)
    db.session.flush()
    raise ZeroDivisionError


@pytest.fixture
def warm(cast: Any) -> Any:
    """Anna's browser, in a process that knows her and has kept what she reads."""
    browser = cast.client("anna")
    thread = browser.post("/api/v1/communities/een/threads", json={"title": "Sleutels", "body": "Wie weet raad?"})
    for _time in range(2):
        assert browser.get(thread.json["url"]).status_code == 200
    assert viewers.kept[2][cast.anna].name == "Anna Adem"
    return browser, thread.json["url"]


@pytest.mark.parametrize("change", [rename, rename_at_once])
def test_a_change_renews_it(app: Flask, cast: Any, warm: Any, change: Any) -> None:
    browser, url = warm
    before = stamp(app)
    with app.app_context(), transaction():
        change(cast.anna)
    assert stamp(app) != before
    page = browser.get(url).text
    assert "Anna Anders" in page
    assert "Anna Adem" not in page


def test_other_writing_does_not(app: Flask, warm: Any) -> None:
    browser, url = warm
    before = stamp(app)
    assert browser.post(f"/api/v1{url}/posts", json={"body": "Ik."}).status_code == 201
    assert stamp(app) == before


def test_what_was_rolled_back_was_never_known(app: Flask, cast: Any, warm: Any) -> None:
    browser, url = warm
    before = stamp(app)
    with pytest.raises(ZeroDivisionError), app.app_context(), transaction():
        rename_in_vain(cast.anna)
    assert stamp(app) == before
    assert "Anna Adem" in browser.get(url).text


def test_who_is_removed_is_out_with_the_next_request(app: Flask, cast: Any, warm: Any) -> None:
    browser, url = warm
    with app.app_context(), transaction():
        db.session.execute(update(Membership).where(Membership.person_id == cast.anna).values(ended=clock.now()))
    assert browser.get(url).status_code == 404


def test_a_kept_person_cannot_be_changed(app: Flask, cast: Any, warm: Any) -> None:
    with app.app_context(), transaction():
        viewers.kept[2][cast.anna].name = "Iemand anders"
    with app.app_context():
        assert db.session.get_one(Person, cast.anna).name == "Anna Adem"
