"""What Bram shared in the first community, and what others used of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.access import SYSTEM
from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.documents import actions as documents
from cop.documents.models import File
from cop.partnerships import actions as partnerships
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.threads import actions as threads
from cop.threads.models import Post, Thread
from tests.house.world import _blob

PURPOSE = "De huisregels van ons nieuwe complex"


@pytest.fixture
def ask(cast: Any) -> Any:
    """`ask('anna', 'put', url, outcome='solved')`: a request to the API."""

    def asked(who: str | None, method: str, url: str, **given: Any) -> Any:
        sent = {"json": given} if method != "get" else {"query_string": given} if given else {}
        headers = cast.api(who) if who else {"Accept": "application/json"}
        return getattr(cast.client(None), method)(f"/api/v1{url}", headers=headers, **sent)

    return asked


@pytest.fixture
def shared(app: Any, cast: Any) -> SimpleNamespace:
    """A question of Anna with an answer of Bram, and a document of Bram; two partnerships, of Anna with Gerda and of Dina."""
    with app.app_context(), transaction():
        anna, bram, one = (
            db.session.get_one(kind, id)
            for kind, id in ((Person, cast.anna), (Person, cast.bram), (Community, cast.one))
        )
        thread: Thread = threads.start(
            anna, one, kind="question", title="Wie heeft huisregels?", text=text.render("Wij zoeken.", "markdown")
        )
        opening = db.session.scalars(select(Post.id).where(Post.parent_id == thread.id)).one()
        post = threads.reply(bram, thread, text=text.render("Zie ons model.", "markdown"))
        file: File = documents.upload(bram, one, blob=_blob(app, "Huisregels."), name="huisregels.txt")
        programme = db.session.get_one(Programme, cast.programme)
        pairs = ("Duo Proefdam", [cast.anna, cast.gerda]), ("Duo Proefveen", [cast.dina])
        duo, other = (
            partnerships.add(SYSTEM, programme, name=name, organisations=cast.organisations[:2], people=people).id
            for name, people in pairs
        )
        return SimpleNamespace(thread=thread.id, opening=opening, post=post.id, file=file.id, duo=duo, other=other)


@pytest.fixture
def use(ask: Any, shared: SimpleNamespace) -> Any:
    """`use('anna')`: a use of the answer by somebody, or of another thing."""

    def used(who: str = "anna", thing: int | None = None, **given: Any) -> dict[str, Any]:
        answer = ask(who, "post", f"/things/{thing or shared.post}/uses", **{"purpose": PURPOSE, **given})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json
        return made

    return used


@pytest.fixture
def uses(ask: Any, shared: SimpleNamespace) -> Any:
    """`uses('gerda')`: the ids of the uses of the answer that somebody reads."""

    def listed(who: str = "gerda", thing: int | None = None) -> list[int]:
        answer = ask(who, "get", f"/things/{thing or shared.post}/uses")
        assert answer.status_code == 200, answer.text
        return [row["id"] for row in answer.json["items"]]

    return listed


@pytest.fixture
def journal(app: Any) -> Any:
    """`journal('uses.report')`: the details of the entries of a verb."""

    def entries(verb: str) -> list[dict[str, Any]]:
        with app.app_context():
            return list(db.session.scalars(select(JournalEntry.details).where(JournalEntry.verb == verb)))

    return entries
