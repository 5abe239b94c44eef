"""A kind of thing that one feature registers appears in every other feature without an edit there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Response
from flask_login import current_user
from sqlalchemy import select

from cop import access, things
from cop.access.correcting import CORRECTION_RULES, add_correction_endpoints, add_correction_rules
from cop.access.rules import RULES, members
from cop.base import live, text
from cop.base.action import VERBS, action, detail
from cop.base.db import db
from cop.base.forms import Required, Written
from cop.base.web import ENDPOINTS, Routes, endpoint, respond
from cop.home.models import recent
from cop.notices.digest import news
from cop.notices.models import Notice
from cop.search.find import find
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import CORRECTIONS, Corrections, Kind, Thing, kinds
from cop.things.events import TextWritten
from cop.things.forms import TextOut
from tests.cast import create_cast
from tests.conftest import Client


@cache
def memo_model() -> type[Thing]:
    """Define the model once: SQLAlchemy keeps a mapping for as long as the process lives."""

    class Memo(Thing):
        __mapper_args__ = {"polymorphic_identity": "memo"}

        @property
        def url(self) -> str:
            return f"/memos/{self.id}"

    return Memo


@pytest.fixture
def memos(separate_app: Any, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A scratch feature with memos, in an app of its own."""
    model, body, thing = memo_model(), things.Body.__table__, Thing.__table__
    kinds.register(
        Kind(
            model,
            path="/memos",
            icon="file",
            noun=lambda: "Notitie",
            plural=lambda: "Notities",
            live=True,
            index=things.text_entries("memo"),
            typed="notitie notities",
            attaches=True,
            digest=True,
            recent=True,
        )
    )
    verbs: Corrections[Any] = Corrections(model, "memos")
    add_correction_rules("memos")
    RULES["memos.add"] = members
    routes = Routes("memos", __name__)

    @action("memos.add", event=TextWritten)
    def add(person: Person, community: Community, *, title: str, text: text.Text) -> Thing:
        memo = model(audience_id=community.audience_id, title=title)
        things.sign(memo, person, "member")
        db.session.add(memo)
        db.session.flush()
        detail(memo=memo.id, mentions=things.write_body(person, memo, text))
        return memo

    class MemoEdit(Written):
        base_version: int | None = None

    class MemoIn(Written):
        title: Required

    class MemoOut(TextOut):
        kind: str = "memo"

        @classmethod
        def of(cls, row: Any) -> dict[str, Any]:
            return {**cls.text_fields(row), "url": f"/memos/{row.id}"}

    def shown(memo: Thing) -> Response:
        joined = select(thing, body.c.html, Person.name.label("author_name"), thing.c.title.label("organisation_name"))
        row = joined.select_from(thing.join(body, body.c.thing_id == thing.c.id).outerjoin(Person))
        return respond(db.session.execute(row.where(thing.c.id == memo.id)).one(), to=f"/memos/{memo.id}")

    @routes.get("/memos/<int:id>")
    @endpoint("memos.show", gives=MemoOut)
    def show(id: int) -> Response:
        return shown(access.find(current_user, model, id))

    add_correction_endpoints(
        routes, "/memos", verbs, takes=MemoEdit, gives=MemoOut, respond=shown, edit_form=show, acts=show
    )
    with separate_app("scratch", tmp_path) as app:
        app.register_blueprint(routes, name="api-memos", url_prefix="/api/v1")
        with app.app_context():
            cast = create_cast()
        yield SimpleNamespace(app=app, cast=cast, add=add, model=model)
    kinds.unregister("memo")
    for verb in ("add", "show", *CORRECTIONS):
        for table in (VERBS, RULES, ENDPOINTS):
            table.pop(f"memos.{verb}", None)  # type: ignore[attr-defined]


def person(memos: SimpleNamespace, who: str) -> Person:
    return db.session.get_one(Person, getattr(memos.cast, who))


def add(memos: SimpleNamespace, who: str, title: str, source: str) -> int:
    with memos.app.app_context():
        community = db.session.get_one(Community, memos.cast.one)
        return int(memos.add(person(memos, who), community, title=title, text=text.render(source, "markdown")).id)


def request(memos: SimpleNamespace, who: str, method: str, path: str, **json: Any) -> Any:
    headers = {"Authorization": f"Bearer {memos.cast.tokens[who]}", "Accept": "application/json"}
    client = Client(memos.app, memos.app.response_class)
    return client.open(f"/api/v1{path}", method=method, headers=headers, json=json or None)


def test_it_is_found_and_followed_everywhere(memos: SimpleNamespace) -> None:
    id = add(memos, "anna", "Sleuteloverdracht", "Bel de nachtegaal, @Bram Baan.")
    with memos.app.app_context():
        bram, chris = person(memos, "bram"), person(memos, "chris")
        assert [(hit.kind, hit.url) for hit in find(bram, "nachtegaal").hits] == [("memo", f"/memos/{id}")]
        assert [hit.id for hit in find(bram, "type:notitie").hits] == [id]
        assert find(chris, "nachtegaal").hits == []
        assert [(row.kind, row.title) for row in recent([memos.cast.audiences.one])] == [("memo", "Sleuteloverdracht")]
        dina = person(memos, "dina")  # Bram has had a mail about it
        assert [(item.url, item.title) for item in news(dina, 0)[0]] == [(f"/memos/{id}", "Sleuteloverdracht")]
        assert news(chris, 0)[0] == []
        assert access.place(bram, f"memo:{id}") == 0
        assert access.place(chris, f"memo:{id}") is None
        notice = db.session.scalars(select(Notice).where(Notice.person_id == bram.id)).one()
        assert (notice.reason, notice.thing_id, kinds.url("memo", notice.thing_id)) == ("mention", id, f"/memos/{id}")
        db.session.rollback()
    page = Client(memos.app, memos.app.response_class)
    page.set_cookie("cop", memos.cast.cookies["bram"])
    assert f'href="/memos/{id}"' in page.get("/communities/een").text
    assert f'href="/memos/{id}"' in page.get("/search?q=nachtegaal").text
    assert "Notities" in page.get("/search?q=nachtegaal").text
    assert page.get("/notices").text.count("noemt u</a>") == 1


def test_it_is_corrected_by_the_verbs_of_every_kind(memos: SimpleNamespace) -> None:
    id = add(memos, "anna", "Sleutels", "Eerste tekst")
    edited = request(memos, "anna", "PATCH", f"/memos/{id}", body="Tweede tekst", format="markdown", base_version=1)
    assert (edited.status_code, edited.json["html"]) == (200, "<p>Tweede tekst</p>")
    assert request(memos, "bram", "PATCH", f"/memos/{id}", body="x").status_code == 403
    assert request(memos, "chris", "PATCH", f"/memos/{id}", body="x").status_code == 404
    assert request(memos, "bram", "PUT", f"/memos/{id}/reactions/thanks").status_code == 200
    assert request(memos, "anna", "PUT", f"/memos/{id}/redaction").status_code == 200
    assert request(memos, "eva", "PUT", f"/memos/{id}/hiding", reason="Namen").json["state"] == "hidden"
    assert request(memos, "bram", "GET", f"/memos/{id}").status_code == 404
    with memos.app.app_context():
        assert [hit.id for hit in find(person(memos, "bram"), "tweede").hits] == []
        assert [revision.source for revision in things.revisions(id)] == [""]
        hidden = db.session.scalars(select(Notice).where(Notice.person_id == memos.cast.anna)).one()
        assert hidden.reason == "hidden"
        db.session.rollback()
    assert set(CORRECTION_RULES) == set(CORRECTIONS)


def test_it_is_published_to_its_place(memos: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    id = add(memos, "anna", "Sleutels", "Tekst")
    sent: list[tuple[str, int, str]] = []
    monkeypatch.setattr(live, "publish", lambda place, seq, verb, id, make: sent.append((place, seq, verb)))
    assert request(memos, "bram", "PUT", f"/memos/{id}/reactions/thanks").status_code == 200
    assert sent == [(f"memo:{id}", 1, "memos.react")]
