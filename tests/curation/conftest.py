"""Two threads of the first community with replies, and asking as anybody."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Thing
from cop.threads import actions as threads
from cop.threads.models import Post, Thread


@pytest.fixture
def ask(cast: Any) -> Any:
    """`ask('eva', 'put', url, into='/threads/2')`: a request to the API."""

    def asked(who: str, method: str, url: str, **given: Any) -> Any:
        sent = {"json": given} if method != "get" else {"query_string": given}
        return getattr(cast.client(None), method)(f"/api/v1{url}", headers=cast.api(who), **sent)

    return asked


@pytest.fixture
def pair(app: Any, cast: Any) -> SimpleNamespace:
    """Two questions: one of Anna with two replies of Bram, and one of Dina with a reply of Anna."""
    with app.app_context(), transaction():
        anna, bram, dina = (db.session.get_one(Person, getattr(cast, name)) for name in ("anna", "bram", "dina"))
        one = db.session.get_one(Community, cast.one)

        def begin(who: Person, title: str, body: str) -> Thread:
            return threads.start(who, one, kind="question", title=title, text=text.render(body, "plain"))

        def reply(who: Person, thread: Thread, body: str) -> int:
            return threads.reply(who, thread, text=text.render(body, "plain")).id

        a = begin(anna, "Wie belt huiseigenaren?", "Openingszin over bellen.")
        a_posts = [reply(bram, a, "Wij bellen elke week."), reply(bram, a, "Of wij schrijven een brief.")]
        b = begin(dina, "Huiseigenaren bereiken", "Hoe bereikt u ze?")
        b_posts = [reply(anna, b, "Met een bijeenkomst.")]
        opening = select(Post.id).where(Post.seq == 1)
        openings = [db.session.scalars(opening.where(Post.parent_id == one.id)).one() for one in (a, b)]
        return SimpleNamespace(a=a.id, b=b.id, a_posts=[openings[0], *a_posts], b_posts=[openings[1], *b_posts])


@pytest.fixture
def placed(app: Any) -> Any:
    """`placed(thread)`: the ids of its posts with their positions."""

    def posts(thread: int) -> list[tuple[int, int]]:
        query = select(Thing.id, Thing.seq).where(Thing.parent_id == thread, Thing.kind == "post").order_by(Thing.seq)
        with app.app_context():
            return [tuple(row) for row in db.session.execute(query)]  # type: ignore[misc]

    return posts


@pytest.fixture
def journal(app: Any) -> Any:
    """`journal('threads.merge')`: the details of the entries of a verb."""

    def entries(verb: str) -> list[dict[str, Any]]:
        with app.app_context():
            return list(db.session.scalars(select(JournalEntry.details).where(JournalEntry.verb == verb)))

    return entries
