"""What Bram wrote in the first community, and flags on it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.chat import actions as chat
from cop.chat.models import ensure_room
from cop.documents import actions as documents
from cop.documents.models import File
from cop.notices.models import Notice
from cop.society.people import Person
from cop.society.programmes import Community
from cop.threads import actions as threads
from cop.threads.models import Post
from tests.house.world import _blob

SECRET = "Mevrouw De Wit uit de Kerkstraat"


@pytest.fixture
def ask(cast: Any) -> Any:
    """`ask('anna', 'put', url, ruling='settle')`: a request to the API."""

    def asked(who: str, method: str, url: str, **given: Any) -> Any:
        sent = {"json": given} if method != "get" else {"query_string": given}
        return getattr(cast.client(None), method)(f"/api/v1{url}", headers=cast.api(who), **sent)

    return asked


@pytest.fixture
def written(app: Any, cast: Any) -> SimpleNamespace:
    """A thread, its opening post, a reply, a chat message and a document, all of Bram."""
    with app.app_context(), transaction():
        bram, one = db.session.get_one(Person, cast.bram), db.session.get_one(Community, cast.one)
        thread = threads.start(
            bram, one, kind="experience", title="Verhuizen", text=text.render("Zo ging het.", "markdown")
        )
        opening = db.session.scalars(select(Post.id).where(Post.parent_id == thread.id)).one()
        post = threads.reply(bram, thread, text=text.render(f"{SECRET} verhuisde.", "markdown"))
        message = chat.say(bram, ensure_room(one), text=text.render("Bel haar even.", "markdown"))
        file: File = documents.upload(bram, one, blob=_blob(app, "Een lijst met namen."), name="lijst.txt")
        return SimpleNamespace(thread=thread.id, opening=opening, post=post.id, message=message.id, file=file.id)


@pytest.fixture
def flag(ask: Any, written: SimpleNamespace) -> Any:
    """`flag('anna')`: a flag of somebody on the reply, or on another thing."""

    def flagged(who: str = "anna", thing: int | None = None, **given: Any) -> dict[str, Any]:
        answer = ask(who, "post", f"/things/{thing or written.post}/flag", **{"reason": "privacy", **given})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json
        return made

    return flagged


@pytest.fixture
def desk(ask: Any) -> Any:
    """`desk('eva')`: what waits for a moderator."""

    def waits(who: str = "eva", **asked: Any) -> list[dict[str, Any]]:
        answer = ask(who, "get", "/desk", **asked)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json["items"]
        return found

    return waits


@pytest.fixture
def notices(app: Any, cast: Any) -> Any:
    """`notices('eva')`: the reasons of the unread notices of somebody about flags."""

    def unread(who: str) -> list[str]:
        query = select(Notice.reason).where(Notice.person_id == getattr(cast, who), Notice.read.is_(None))
        with app.app_context():
            return list(db.session.scalars(query.where(Notice.reason.startswith("flag")).order_by(Notice.id)))

    return unread


@pytest.fixture
def journal(app: Any) -> Any:
    """`journal('rulings.make')`: the details of the entries of a verb."""

    def entries(verb: str) -> list[dict[str, Any]]:
        with app.app_context():
            return list(db.session.scalars(select(JournalEntry.details).where(JournalEntry.verb == verb)))

    return entries
