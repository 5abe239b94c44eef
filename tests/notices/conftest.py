"""What the tests of notices need besides the cast: something said, what was told of it, and the mail."""

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
    """`say.start('anna', 'Titel', 'Tekst')` gives a thread's id, `say.reply('bram', thread, 'Tekst')` a post's,
    `say.chat('eva', 'Tekst')` a message's."""

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
    """`notices('anna')`: what somebody was told and has not read, as (reason, how often), the newest first."""

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
    """`letters('anna')`: the mail to somebody, in the order in which it was written; nothing is sent by asking."""

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
    """`at('2017-11-13 07:01')`: it is that moment in Amsterdam, and what recurs has been done up to now."""

    def turn(moment: str, work: bool = True) -> None:
        then = datetime.fromisoformat(moment).replace(tzinfo=clock.AMSTERDAM)
        clock.shift(then - datetime.now(UTC))
        if work:
            with app.app_context():
                jobs.plan()
                jobs.run_due()
                db.session.remove()

    return turn
