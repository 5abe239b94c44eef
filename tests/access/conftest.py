"""Threads that stand for a chosen audience, and guests."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.notices.models import Notice
from cop.notices.notifying import notify
from cop.search.filling import index_all
from cop.society.audience import Guest
from cop.society.memberships import names_in
from cop.society.people import Person
from cop.society.programmes import Partnership
from cop.threads import actions as threads
from cop.threads.models import Thread


@pytest.fixture
def partnership(cast: Any, app: Any) -> SimpleNamespace:
    """A partnership of Anna, Bram, Hans (who takes part in no community) and Kees (deactivated)."""
    with app.app_context(), transaction():
        people = [db.session.get_one(Person, getattr(cast, who)) for who in ("anna", "bram", "hans", "kees")]
        made = Partnership(programme_id=cast.programme, name="Duo Proefdam", people=people)
        db.session.add(made)
        db.session.flush()
        return SimpleNamespace(id=made.id, audience=made.audience_id)


@pytest.fixture
def stand(cast: Any, app: Any) -> Any:
    """`stand(audience)`: a thread of Fons with this audience and one reply, found by search for `kwartelkoning`."""

    def make(audience: int, title: str = "Voor iedereen") -> int:
        with app.app_context(), transaction():
            fons = db.session.get_one(Person, cast.fons)
            thread = Thread(audience_id=audience, thread_kind="question", title=title, author_id=fons.id)
            db.session.add(thread)
            db.session.flush()
            for said in ("Een kwartelkoning", "Nog een kwartelkoning"):
                threads.reply(fons, thread, text=text.render(said, "plain"))
            index_all()
            return thread.id

    return make


@pytest.fixture
def invite(cast: Any, app: Any) -> Any:
    """`invite('hans', thing)`: makes somebody a guest of a thing."""

    def make(who: str, thing: int, role: str = "reader", until: date | None = None) -> int:
        with app.app_context(), transaction():
            guest = Guest(person_id=getattr(cast, who), thing_id=thing, role=role, until=until, invited_by_id=cast.eva)
            db.session.add(guest)
            db.session.flush()
            return guest.id

    return make


@pytest.fixture
def sees(cast: Any, app: Any, connect: Any) -> Any:
    """`sees('anna', thread)`: by which channels somebody comes by a thread; fails where they do not agree."""

    def look(who: str, thread: int) -> bool:
        if who == "kees":  # has no way in; nobody tells him anything either
            found = {}
        else:
            posts = cast.client(None).get(f"/api/v1/threads/{thread}/posts", headers=cast.api(who)).json
            hits = cast.client(None).get("/api/v1/search?q=kwartelkoning", headers=cast.api(who)).json["items"]
            joined = connect(who).emit("join", {"place": f"thread:{thread}"}, callback=True)
            found = {
                "page": cast.client(who).get(f"/threads/{thread}").status_code == 200,
                "api": cast.client(None).get(f"/api/v1/threads/{thread}", headers=cast.api(who)).status_code == 200,
                "posts": bool(posts.get("items")),
                "search": bool(hits),
                "live": joined.get("ok", False),
            }
        with app.app_context(), transaction():
            place = db.session.get_one(Thread, thread)
            person = db.session.get_one(Person, getattr(cast, who))
            found["mention"] = person.id in names_in(place, "@").names
            told = notify([person.id], "reply", place=place.id, thing=place.id, actor=None, audience=place.audience_id)
            found["notice"] = told == {person.id}
            db.session.query(Notice).delete()
        assert len(set(found.values())) == 1, (who, found)
        return set(found.values()) == {True}

    return look
