"""Guidance of the first community, its sources and its states."""

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
from cop.base.journal import JournalEntry
from cop.chat.models import ensure_room
from cop.notices.models import Notice
from cop.society.people import Person
from cop.society.programmes import Community

LIST = "/communities/een/guidance"
TEXTS = {"situation": "Iemand komt uit de opvang.", "works": "Bel **eerst** de buren.", "steps": "1. Bel\n2. Kom langs"}


@pytest.fixture
def ask(cast: Any) -> Any:
    """`ask('dina', 'put', url, reason='Oud')`: a request to the API."""

    def asked(who: str, method: str, url: str, **given: Any) -> Any:
        sent = {"json": given} if method != "get" else {"query_string": given}
        return getattr(cast.client(None), method)(f"/api/v1{url}", headers=cast.api(who), **sent)

    return asked


@pytest.fixture
def read(cast: Any) -> Any:
    """`read('anna', '/guidance/7')`: a page, in one line."""

    def asked(who: str, url: str, status: int = 200) -> str:
        answer = cast.client(None).get(url, headers={**cast.api(who), "Accept": "text/html"})
        assert answer.status_code == status, answer.status
        return " ".join(answer.text.split())

    return asked


@pytest.fixture
def send(cast: Any) -> Any:
    """`send('dina', url, title='Zo')`: a form that a browser sends."""

    def sent(who: str, url: str, **given: Any) -> Any:
        return cast.client(None).post(url, data=given, headers={**cast.api(who), "Accept": "text/html"})

    return sent


@pytest.fixture
def sources(app: Any, ask: Any, cast: Any) -> SimpleNamespace:
    """A chat message, a post and an outcome, all of Bram."""
    with app.app_context(), transaction():
        id = ensure_room(db.session.get_one(Community, cast.one)).id
    said = ask("bram", "post", f"/rooms/{id}/messages", body="Ik bel de buren altijd eerst.")
    thread = ask("bram", "post", "/communities/een/threads", title="Sleutels", body="Wie heeft er een?").json
    post = ask("bram", "post", f"/threads/{thread['id']}/posts", body="Wij tekenen **morgen** al. Dat scheelt.").json
    outcome = ask("bram", "post", f"/posts/{post['id']}/outcome", kind="decision", text="Wij tekenen voortaan vooraf.")
    return SimpleNamespace(
        message=said.json["id"], thread=thread["id"], post=post["id"], outcome=outcome.json["id"], room=id
    )


@pytest.fixture
def draft(ask: Any) -> dict[str, Any]:
    """A draft of Dina, an expert, with three sections."""
    made = ask("dina", "post", LIST, title="Eerst de buren").json
    bases = {f"{name}_base": 1 for name in TEXTS}
    answer = ask("dina", "patch", made["url"], **TEXTS, **bases)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


@pytest.fixture
def reviewed(ask: Any, cast: Any, draft: dict[str, Any], sources: SimpleNamespace) -> dict[str, Any]:
    """The same with a source of Bram, in review with Eva."""
    assert ask("dina", "post", f"/things/{sources.post}/guidance", card=draft["id"], section="why").status_code == 201
    answer = ask("dina", "put", f"{draft['url']}/review", reviewer=cast.eva)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


@pytest.fixture
def approved(ask: Any, reviewed: dict[str, Any]) -> dict[str, Any]:
    """The same, approved by Eva."""
    answer = ask("eva", "put", f"{reviewed['url']}/advice", advice="approved")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


@pytest.fixture
def adopted(ask: Any, approved: dict[str, Any]) -> dict[str, Any]:
    """The same, adopted by Dina."""
    answer = ask("dina", "put", f"{approved['url']}/adoption")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


@pytest.fixture
def notices(app: Any, cast: Any) -> Any:
    """`notices('bram')`: the reasons of the unread notices of somebody about guidance, oldest first."""

    def reasons(who: str) -> list[str]:
        with app.app_context():
            mine = select(Notice.reason).where(Notice.person_id == getattr(cast, who), Notice.read.is_(None))
            return list(db.session.scalars(mine.where(Notice.reason.startswith("card_")).order_by(Notice.id)))

    return reasons


@pytest.fixture
def journalled(app: Any) -> Any:
    """`journalled('guidance.take')`: the details of the last entry of a verb, and who ran it."""

    def entry(verb: str) -> tuple[str, dict[str, Any]]:
        with app.app_context():
            last = select(JournalEntry).where(JournalEntry.verb == verb).order_by(JournalEntry.id.desc()).limit(1)
            found = db.session.scalars(last).one()
            person = db.session.get(Person, found.person_id) if found.person_id else None
            return (person.name if person else ""), found.details

    return entry


@pytest.fixture
def remind(app: Any) -> Any:
    """`remind(360)`: run the daily job as on that many days from today."""

    def reminded(days: int) -> None:
        clock.shift(timedelta(days=days))
        with app.app_context():
            jobs.JOBS["guidance.remind"]()

    return reminded


@pytest.fixture
def mails(app: Any) -> Any:
    """`mails('dina')`: the mails about guidance to somebody, oldest first."""

    def sent(who: str) -> list[Email]:
        with app.app_context():
            found = select(Email).where(Email.address == f"{who}@proef.example", Email.kind.startswith("guidance/"))
            return list(db.session.scalars(found.order_by(Email.id)))

    return sent
