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
def note_model() -> type[Thing]:
    """Define the model once: SQLAlchemy keeps a mapping for as long as the process lives."""

    class Note(Thing):
        __mapper_args__ = {"polymorphic_identity": "note"}

        @property
        def url(self) -> str:
            return f"/notes/{self.id}"

    return Note


@pytest.fixture
def notes(separate_app: Any, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A scratch feature with notes, in an app of its own."""
    model, body, thing = note_model(), things.Body.__table__, Thing.__table__
    kinds.register(
        Kind(
            model,
            path="/notes",
            icon="file",
            noun=lambda: "Notitie",
            plural=lambda: "Notities",
            live=True,
            index=things.text_entries("note"),
            typed="notitie notities",
            attaches=True,
            digest=True,
            recent=True,
        )
    )
    verbs: Corrections[Any] = Corrections(model, "notes")
    add_correction_rules("notes")
    RULES["notes.add"] = members
    routes = Routes("notes", __name__)

    @action("notes.add", event=TextWritten)
    def add(person: Person, community: Community, *, title: str, text: text.Text) -> Thing:
        note = model(audience_id=community.audience_id, title=title)
        things.sign(note, person, "member")
        db.session.add(note)
        db.session.flush()
        detail(note=note.id, mentions=things.write_body(person, note, text))
        return note

    class NoteEdit(Written):
        base_version: int | None = None

    class NoteIn(Written):
        title: Required

    class NoteOut(TextOut):
        kind: str = "note"

        @classmethod
        def of(cls, row: Any) -> dict[str, Any]:
            return {**cls.text_fields(row), "url": f"/notes/{row.id}"}

    def shown(note: Thing) -> Response:
        joined = select(thing, body.c.html, Person.name.label("author_name"), thing.c.title.label("organisation_name"))
        row = joined.select_from(thing.join(body, body.c.thing_id == thing.c.id).outerjoin(Person))
        return respond(db.session.execute(row.where(thing.c.id == note.id)).one(), to=f"/notes/{note.id}")

    @routes.get("/notes/<int:id>")
    @endpoint("notes.show", gives=NoteOut)
    def show(id: int) -> Response:
        return shown(access.find(current_user, model, id))

    add_correction_endpoints(
        routes, "/notes", verbs, takes=NoteEdit, gives=NoteOut, respond=shown, edit_form=show, acts=show
    )
    with separate_app("scratch", tmp_path) as app:
        app.register_blueprint(routes, name="api-notes", url_prefix="/api/v1")
        with app.app_context():
            cast = create_cast()
        yield SimpleNamespace(app=app, cast=cast, add=add, model=model)
    kinds.unregister("note")
    for verb in ("add", "show", *CORRECTIONS):
        for table in (VERBS, RULES, ENDPOINTS):
            table.pop(f"notes.{verb}", None)  # type: ignore[attr-defined]


def person(notes: SimpleNamespace, who: str) -> Person:
    return db.session.get_one(Person, getattr(notes.cast, who))


def add(notes: SimpleNamespace, who: str, title: str, source: str) -> int:
    with notes.app.app_context():
        community = db.session.get_one(Community, notes.cast.one)
        return int(notes.add(person(notes, who), community, title=title, text=text.render(source, "markdown")).id)


def request(notes: SimpleNamespace, who: str, method: str, path: str, **json: Any) -> Any:
    headers = {"Authorization": f"Bearer {notes.cast.tokens[who]}", "Accept": "application/json"}
    client = Client(notes.app, notes.app.response_class)
    return client.open(f"/api/v1{path}", method=method, headers=headers, json=json or None)


def test_it_is_found_and_followed_everywhere(notes: SimpleNamespace) -> None:
    id = add(notes, "anna", "Sleuteloverdracht", "Bel de nachtegaal, @Bram Baan.")
    with notes.app.app_context():
        bram, chris = person(notes, "bram"), person(notes, "chris")
        assert [(hit.kind, hit.url) for hit in find(bram, "nachtegaal").hits] == [("note", f"/notes/{id}")]
        assert [hit.id for hit in find(bram, "type:notitie").hits] == [id]
        assert find(chris, "nachtegaal").hits == []
        assert [(row.kind, row.title) for row in recent([notes.cast.audiences.one])] == [("note", "Sleuteloverdracht")]
        dina = person(notes, "dina")  # Bram has had a mail about it
        assert [(item.url, item.title) for item in news(dina, 0)[0]] == [(f"/notes/{id}", "Sleuteloverdracht")]
        assert news(chris, 0)[0] == []
        assert access.place(bram, f"note:{id}") == 0
        assert access.place(chris, f"note:{id}") is None
        notice = db.session.scalars(select(Notice).where(Notice.person_id == bram.id)).one()
        assert (notice.reason, notice.thing_id, kinds.url("note", notice.thing_id)) == ("mention", id, f"/notes/{id}")
        db.session.rollback()
    page = Client(notes.app, notes.app.response_class)
    page.set_cookie("cop", notes.cast.cookies["bram"])
    assert f'href="/notes/{id}"' in page.get("/communities/een").text
    assert f'href="/notes/{id}"' in page.get("/search?q=nachtegaal").text
    assert "Notities" in page.get("/search?q=nachtegaal").text
    assert page.get("/notices").text.count("noemt u</a>") == 1


def test_it_is_corrected_by_the_verbs_of_every_kind(notes: SimpleNamespace) -> None:
    id = add(notes, "anna", "Sleutels", "Eerste tekst")
    edited = request(notes, "anna", "PATCH", f"/notes/{id}", body="Tweede tekst", format="markdown", base_version=1)
    assert (edited.status_code, edited.json["html"]) == (200, "<p>Tweede tekst</p>")
    assert request(notes, "bram", "PATCH", f"/notes/{id}", body="x").status_code == 403
    assert request(notes, "chris", "PATCH", f"/notes/{id}", body="x").status_code == 404
    assert request(notes, "bram", "PUT", f"/notes/{id}/reactions/thanks").status_code == 200
    assert request(notes, "anna", "PUT", f"/notes/{id}/redaction").status_code == 200
    assert request(notes, "eva", "PUT", f"/notes/{id}/hiding", reason="Namen").json["state"] == "hidden"
    assert request(notes, "bram", "GET", f"/notes/{id}").status_code == 404
    with notes.app.app_context():
        assert [hit.id for hit in find(person(notes, "bram"), "tweede").hits] == []
        assert [revision.source for revision in things.revisions(id)] == [""]
        hidden = db.session.scalars(select(Notice).where(Notice.person_id == notes.cast.anna)).one()
        assert hidden.reason == "hidden"
        db.session.rollback()
    assert set(CORRECTION_RULES) == set(CORRECTIONS)


def test_it_is_published_to_its_place(notes: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    id = add(notes, "anna", "Sleutels", "Tekst")
    sent: list[tuple[str, int, str]] = []
    monkeypatch.setattr(live, "publish", lambda place, seq, verb, id, make: sent.append((place, seq, verb)))
    assert request(notes, "bram", "PUT", f"/notes/{id}/reactions/thanks").status_code == 200
    assert sent == [(f"note:{id}", 1, "notes.react")]
