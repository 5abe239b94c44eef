"""Outcomes of the first community: of its meetings, chat and threads."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.chat.models import ensure_room
from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from cop.society.people import Person
from cop.society.programmes import Community


def in_days(number: int) -> str:
    """Return a day as a program sends it."""
    return (clock.today() + timedelta(days=number)).isoformat()


@pytest.fixture
def ask(cast: Any) -> Any:
    """`ask('anna', 'put', url, due='2026-12-01')`: a request to the API."""

    def asked(who: str, method: str, url: str, **given: Any) -> Any:
        sent = {"json": given} if method != "get" else {"query_string": given}
        return getattr(cast.client(None), method)(f"/api/v1{url}", headers=cast.api(who), **sent)

    return asked


@pytest.fixture
def read(cast: Any) -> Any:
    """`read('anna', '/outcomes')`: a page, in one line."""

    def asked(who: str, url: str, status: int = 200) -> str:
        answer = cast.client(None).get(url, headers={**cast.api(who), "Accept": "text/html"})
        assert answer.status_code == status, answer.status
        return " ".join(answer.text.split())

    return asked


@pytest.fixture
def send(cast: Any) -> Any:
    """`send('anna', url, kind='action')`: a form that a browser sends."""

    def sent(who: str, url: str, **given: Any) -> Any:
        return cast.client(None).post(url, data=given, headers={**cast.api(who), "Accept": "text/html"})

    return sent


@pytest.fixture
def meet(app: Any, cast: Any) -> Any:
    """`meet(5)`: a meeting of the first community in five days, announced; a negative number: held then."""

    def met(days: int, title: str = "Plaats maken", owner: Any = Community, id: int | None = None) -> int:
        with app.app_context(), transaction():
            fons, whose = db.session.get_one(Person, cast.fons), db.session.get_one(owner, id or cast.one)
            starts = clock.local(clock.now()).replace(hour=9, minute=30) + timedelta(days=days)  # and over by night
            given: dict[str, Any] = {"kind": "thematic", "starts": starts, "ends": starts + timedelta(hours=6)}
            made: Meeting = meetings.plan(fons, whose, title=title, **given)
            made.status, made.state, made.stamp = ("held" if days < 0 else "announced"), "live", clock.now()
            return made.id

    return met


@pytest.fixture
def sources(app: Any, ask: Any, cast: Any) -> SimpleNamespace:
    """A chat message and a post of Bram."""
    with app.app_context(), transaction():
        id = ensure_room(db.session.get_one(Community, cast.one)).id
    said = ask("bram", "post", f"/rooms/{id}/messages", body="Ik bel de buren.")
    thread = ask("bram", "post", "/communities/een/threads", title="Sleutels", body="Wie heeft er een?").json
    post = ask("bram", "post", f"/threads/{thread['id']}/posts", body="Wij tekenen **morgen**.").json
    return SimpleNamespace(message=said.json["id"], room=id, thread=thread["id"], post=post["id"])


@pytest.fixture
def act(ask: Any, cast: Any, sources: SimpleNamespace) -> dict[str, Any]:
    """An action from the chat message: Anna gave it to Bram, in ten days."""
    given = {"kind": "action", "text": "De buren bellen", "owner": cast.bram, "due": in_days(10)}
    answer = ask("anna", "post", f"/messages/{sources.message}/outcome", **given)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


@pytest.fixture
def mails(app: Any) -> Any:
    """`mails('bram')`: the kinds of the mails about actions to somebody, oldest first."""

    def sent(who: str) -> list[str]:
        with app.app_context():
            found = select(Email).where(Email.address == f"{who}@proef.example", Email.kind.startswith("outcomes/"))
            return [one.kind for one in db.session.scalars(found.order_by(Email.id))]

    return sent


@pytest.fixture
def remind(app: Any) -> Any:
    """`remind(3)`: run the daily job as on the day three days after today."""

    def reminded(days: int) -> None:
        clock.shift(timedelta(days=days))
        with app.app_context():
            jobs.JOBS["outcomes.remind"]()

    return reminded
