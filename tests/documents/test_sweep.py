"""uploads.sweep: removes attachments that were never posted, and unreferenced bytes."""

from __future__ import annotations

import io
import os
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cop import access
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Forbidden
from cop.documents import actions
from cop.documents.models import File
from cop.society.people import Person

OLD = timedelta(days=3)


def age() -> None:
    """Move the clock forward by three days."""
    clock.shift(OLD)


def has(app: Flask, shared: dict[str, Any]) -> bool:
    with app.app_context():
        file = db.session.get(File, shared["id"])
        return file is not None and app.extensions["files"].has(file.sha256)


def test_works(app: Flask, cast: Any, library: Any) -> None:
    document = library.share("anna", "Blijft.txt", b"Hetzelfde.")
    library.replace("anna", document["id"], b"Nieuw.", "Blijft.txt")
    twin = library.share("anna", "Weg.txt", b"Hetzelfde.", draft=1)  # the same bytes as an older version
    forgotten = library.share("anna", "Vergeten.txt", b"Vergeten.", draft=1)
    writing = library.share("anna", "Bezig.txt", b"Bezig.", draft=1)
    pictured = library.share("anna", "Beeld.txt", b"Beeld.", draft=1)
    library.ask(
        "anna",
        "/drafts/7c8d2f0e-2d7b-4a44-9d0b-1f6f3c0f6a11",
        "put",
        json={
            "place": "new:1",
            "fields": {"files": [str(writing["id"])], "body": f'<img src="/files/{pictured["id"]}/content">'},
        },
    )
    digest = {}
    with app.app_context():
        digest = {id: db.session.get(File, id).sha256 for id in (forgotten["id"], twin["id"])}
        assert not actions.orphans()
    age()
    fresh = library.share("anna", "Vers.txt", b"Vers.", draft=1)
    with app.app_context():
        assert set(actions.orphans().drafts) == {twin["id"], forgotten["id"]}
        jobs.JOBS["documents.sweep"]()
        assert not actions.orphans()
        assert not app.extensions["files"].has(digest[forgotten["id"]])
        assert app.extensions["files"].has(digest[twin["id"]])
    for file in (document, writing, pictured, fresh):
        assert has(app, file), file["title"]
    assert library.ask("anna", f"/files/{document['id']}/content?version=1").data == b"Hetzelfde."
    assert library.ask("anna", f"/files/{forgotten['id']}").status_code == 404


def test_bytes_without_a_row_are_removed(app: Flask, cast: Any) -> None:
    store = app.extensions["files"]
    lost = store.keep(store.spool(io.BytesIO(b"niemand weet van mij"), 1000, "a.txt"))
    portrait = store.keep(store.spool(io.BytesIO(b"een portret"), 1000, "a.txt"))
    with app.app_context(), transaction():
        db.session.get(Person, cast.anna).photo = portrait.sha256
    age()
    with app.app_context():
        found = actions.orphans()
        assert lost.sha256 in found.blobs
        assert found.size >= lost.size
        jobs.JOBS["documents.sweep"]()
    assert not store.has(lost.sha256)
    assert store.has(portrait.sha256)


def test_file_uploaded_again_meanwhile_is_kept(app: Flask, cast: Any) -> None:
    store = app.extensions["files"]
    lost = store.keep(store.spool(io.BytesIO(b"weer nodig"), 1000, "a.txt"))
    then = time.time() - OLD.total_seconds()
    os.utime(store.path(lost.sha256), (then, then))
    with app.app_context():
        assert lost.sha256 in actions.orphans().blobs
        store.keep(store.spool(io.BytesIO(b"weer nodig"), 1000, "a.txt"))
        actions.remove_blobs()
    assert store.has(lost.sha256)


@pytest.mark.parametrize("who", ["anna", "eva", "fons", "chris"])
def test_wrong_role_gets_403(app: Flask, cast: Any, who: str) -> None:
    with app.app_context(), pytest.raises(Forbidden):
        actions.sweep(db.session.get(Person, getattr(cast, who)), None)


def test_is_journalled(app: Flask, cast: Any, library: Any, journal_entries: Any) -> None:
    library.share("anna", "Vergeten.txt", draft=1)
    age()
    with app.app_context():
        actions.sweep(db.session.get(Person, cast.iris), None)
        jobs.JOBS["documents.sweep"]()  # nothing to remove and nothing to journal
    entries = journal_entries("uploads.sweep")
    assert [(e.person_id, e.details) for e in entries] == [(cast.iris, {"files": 1})]
    assert access.SYSTEM.id is None
