"""A hall behind one address signs in at a kick-off, while somebody who guesses is stopped."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.base.web import rate_limits
from cop.society.credentials import new_link
from cop.society.people import Person

HALL = 200


@pytest.fixture(autouse=True)
def one_window(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Count from zero, in one window however slow the machine is, and leave nothing."""
    monkeypatch.setattr(rate_limits, "WINDOW", 3600)
    rate_limits.reset()
    yield
    rate_limits.reset()


def test_hall_of_200_signs_in_from_one_address(app: Any, cast: Any) -> None:
    with app.app_context(), transaction():
        people = [Person(mail=f"zaal{n}@proef.example", name=f"Zaal {n}", state="active") for n in range(HALL)]
        db.session.add_all(people)
        db.session.flush()
        links = [new_link(person, "sign-in")[0] for person in people]
    for n, link in enumerate(links):
        browser = cast.client(None)
        asked = browser.post(
            "/sign-in", data={"mail": f"zaal{n}@proef.example"}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert asked.status_code in (200, 303), n
        entered = browser.post(f"/sign-in/{link}", headers={"Sec-Fetch-Site": "same-origin"})
        assert entered.status_code == 303, n


def test_guessing_from_one_address_is_stopped_whatever_the_cookie(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "ANONYMOUS", 20)
    statuses = []
    for n in range(25):
        browser = cast.client(None)
        browser.set_cookie("cop", f"verzonnen{n}")
        asked = browser.post("/sign-in", data={"mail": ""}, headers={"Sec-Fetch-Site": "same-origin"})
        statuses.append(asked.status_code)
    assert statuses == [422] * 20 + [429] * 5
