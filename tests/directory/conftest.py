"""Fixtures of the tests of the directory: a programme with themes, provinces, a partnership and an accepted answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cop.access import SYSTEM
from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.partnerships import actions as partnerships
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.society.regions import Municipality
from cop.threads import actions as threads

DIRECTORY = "/api/v1/programmes/proef/directory"


@pytest.fixture
def here(app: Any, cast: Any) -> SimpleNamespace:
    """Fill the directory; return the ids of the partnership and of the answered question."""
    home, town, _know = cast.organisations
    with app.app_context(), transaction():
        db.session.add(Municipality(code="GM9901", name="Proefdam", province="zh"))
        db.session.flush()
        db.session.get_one(Organisation, town).municipality_code = "GM9901"
        db.session.get_one(Organisation, home).province = "gr"
        people = {name: db.session.get_one(Person, getattr(cast, name)) for name in ("anna", "bram", "chris", "dina")}
        people["anna"].themes = ["Nazorg", "Overlast"]
        people["bram"].themes, people["bram"].phone = ["nazorg"], "0600 000 000"
        people["chris"].themes = ["Overlast", "NAZORG"]
        people["dina"].mail_shown = True
        one = db.session.get_one(Community, cast.one)
        one.themes = ["Uitstroom"]
        question = threads.start(
            people["anna"], one, kind="question", title="Wie belt na?", text=text.render("Wie?", "markdown")
        )
        answer = threads.reply(people["dina"], question, text=text.render("Ik.", "markdown"))
        threads.answer(people["anna"], question, post=answer.id)
        programme = db.session.get_one(Programme, cast.programme)
        duo = partnerships.add(
            SYSTEM, programme, name="Duo Proefdam", organisations=[home, town], people=[cast.anna, cast.bram]
        )
        return SimpleNamespace(question=question.id, answer=answer.id, duo=duo.id)


@pytest.fixture
def listed(cast: Any) -> Any:
    """Return a function that lists a part of the directory for somebody: `listed("anna", "/experts", theme="Nazorg")`."""

    def items(who: str, part: str = "", **asked: str) -> list[dict[str, Any]]:
        answer = cast.client(None).get(f"{DIRECTORY}{part}", query_string=asked, headers=cast.api(who))
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json["items"]
        return found

    return items
