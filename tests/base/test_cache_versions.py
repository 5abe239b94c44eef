"""Cached people and rights are used only as long as their cache version token is unchanged."""

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


def token(app: Flask) -> str | None:
    """Return the token in the database."""
    with app.app_context():
        return db.session.scalar(
            select(cache_versions.CacheVersion.token).where(cache_versions.CacheVersion.subject == SOCIETY)
        )


def rename(person: int) -> None:
    db.session.get_one(Person, person).name = "Anna Anders"


def rename_at_once(person: int) -> None:
    db.session.execute(update(Person).where(Person.id == person).values(name="Anna Anders"))


def rename_and_fail(person: int) -> None:
    rename(person)
    db.session.flush()
    raise ZeroDivisionError


@pytest.fixture
def warm(cast: Any) -> Any:
    """Return Anna's browser and a thread, in a process that has cached both."""
    browser = cast.client("anna")
    thread = browser.post("/api/v1/communities/een/threads", json={"title": "Sleutels", "body": "Wie weet raad?"})
    for _time in range(2):
        assert browser.get(thread.json["url"]).status_code == 200
    assert viewers.kept[2][cast.anna].name == "Anna Adem"
    return browser, thread.json["url"]


@pytest.mark.parametrize("change", [rename, rename_at_once])
def test_change_renews_the_token(app: Flask, cast: Any, warm: Any, change: Any) -> None:
    browser, url = warm
    before = token(app)
    with app.app_context(), transaction():
        change(cast.anna)
    assert token(app) != before
    page = browser.get(url).text
    assert "Anna Anders" in page
    assert "Anna Adem" not in page


def test_other_write_keeps_the_token(app: Flask, warm: Any) -> None:
    browser, url = warm
    before = token(app)
    assert browser.post(f"/api/v1{url}/posts", json={"body": "Ik."}).status_code == 201
    assert token(app) == before


def test_rollback_keeps_the_token(app: Flask, cast: Any, warm: Any) -> None:
    browser, url = warm
    before = token(app)
    with pytest.raises(ZeroDivisionError), app.app_context(), transaction():
        rename_and_fail(cast.anna)
    assert token(app) == before
    assert "Anna Adem" in browser.get(url).text


def test_removed_member_is_out_with_the_next_request(app: Flask, cast: Any, warm: Any) -> None:
    browser, url = warm
    with app.app_context(), transaction():
        db.session.execute(update(Membership).where(Membership.person_id == cast.anna).values(ended=clock.now()))
    assert browser.get(url).status_code == 404


def test_cached_person_cannot_be_changed(app: Flask, cast: Any, warm: Any) -> None:
    with app.app_context(), transaction():
        viewers.kept[2][cast.anna].name = "Iemand anders"
    with app.app_context():
        assert db.session.get_one(Person, cast.anna).name == "Anna Adem"
