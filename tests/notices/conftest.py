"""Fixtures for the tests of notices: posts, unread notices and mail."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock, jobs, text
from cop.base.db import db
from cop.base.email import Email
from cop.chat import actions as chat
from cop.chat.models import Room, ensure_room
from cop.notices.models import Notice
from cop.society.programmes import Community
from cop.threads import actions as threads
from cop.threads.models import Thread


@pytest.fixture
def posting(app: Any, cast: Any, run_as: Any) -> SimpleNamespace:
    """Return functions that post and return the id: `posting.start('anna', 'Titel', 'Tekst')`, `posting.reply('bram',
    thread, 'Tekst')` and `posting.chat('eva', 'Tekst')`."""

    def start(
        who: str, title: str = "Wie heeft een convenant?", body: str = "Wij zoeken.", community: int = 0, **given: Any
    ) -> int:
        def run(person: Any, where: Community) -> Thread:
            return threads.start(person, where, title=title, text=text.render(body, "markdown"), **given)

        return run_as(who, run, Community, community or cast.one)

    def reply(who: str, thread: int, body: str = "Wij ook.") -> int:
        return run_as(who, threads.reply, Thread, thread, text=text.render(body, "markdown"))

    def message(who: str, body: str) -> int:
        with app.app_context():
            from cop.base.action import transaction

            with transaction():
                room = ensure_room(db.session.get_one(Community, cast.one)).id
        return run_as(who, chat.say, Room, room, text=text.render(body, "markdown"))

    return SimpleNamespace(start=start, reply=reply, chat=message)


@pytest.fixture
def notices(app: Any, cast: Any) -> Any:
    """Return a function that lists a person's unread notices as (reason, times), newest first: `notices('anna')`."""

    def unread(who: str) -> list[tuple[str, int]]:
        with app.app_context():
            rows = db.session.scalars(
                select(Notice)
                .where(Notice.person_id == getattr(cast, who), Notice.read.is_(None))
                .order_by(Notice.at.desc(), Notice.id.desc())
            )
            return [(row.reason, row.times) for row in rows]

    return unread


@pytest.fixture
def emails_to(app: Any, cast: Any) -> Any:
    """Return a function that lists the emails to a person in order, without sending them: `emails_to('anna')`."""

    def of(who: str, kind: str = "notices/") -> list[Email]:
        with app.app_context():
            return list(
                db.session.scalars(
                    select(Email)
                    .where(Email.person_id == getattr(cast, who), Email.kind.startswith(kind))
                    .order_by(Email.id)
                )
            )

    return of


@pytest.fixture
def advance_to(app: Any) -> Any:
    """Return a function that sets the time in Amsterdam and runs recurring jobs: `advance_to('2017-11-13 07:01')`."""

    def turn(moment: str, work: bool = True) -> None:
        then = datetime.fromisoformat(moment).replace(tzinfo=clock.AMSTERDAM)
        clock.shift(then - datetime.now(UTC))
        if work:
            with app.app_context():
                jobs.plan()
                jobs.run_due()
                db.session.remove()

    return turn
