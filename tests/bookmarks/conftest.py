"""What Bram wrote in the first community, and what Anna keeps of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
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


@pytest.fixture
def ask(cast: Any) -> Any:
    """`ask('anna', 'put', url, note='Lezen')`: a request to the API."""

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
        post = threads.reply(bram, thread, text=text.render("Met een tussenvoorziening.", "markdown"))
        message = chat.say(bram, ensure_room(one), text=text.render("Bel even.", "markdown"))
        file: File = documents.upload(bram, one, blob=_blob(app, "Een lijst."), name="lijst.txt")
        return SimpleNamespace(thread=thread.id, opening=opening, post=post.id, message=message.id, file=file.id)


@pytest.fixture
def keep(ask: Any, written: SimpleNamespace) -> Any:
    """`keep('anna')`: a bookmark of somebody on the reply, or on another thing."""

    def kept(who: str = "anna", thing: int | None = None, **given: Any) -> dict[str, Any]:
        answer = ask(who, "put", f"/things/{thing or written.post}/bookmark", **given)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json
        return made

    return kept


@pytest.fixture
def kept(ask: Any) -> Any:
    """`kept('anna')`: what somebody keeps, as the list says it."""

    def listed(who: str = "anna", **asked: Any) -> list[dict[str, Any]]:
        answer = ask(who, "get", "/bookmarks", **asked)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json["items"]
        return found

    return listed


@pytest.fixture
def notices(app: Any, cast: Any) -> Any:
    """`notices('anna')`: the (thing, times) of the unread notices of somebody about bookmarks."""

    def unread(who: str) -> list[tuple[int, int]]:
        query = select(Notice.thing_id, Notice.times).where(
            Notice.person_id == getattr(cast, who), Notice.read.is_(None), Notice.reason == "bookmark"
        )
        with app.app_context():
            return [tuple(row) for row in db.session.execute(query.order_by(Notice.id))]

    return unread
