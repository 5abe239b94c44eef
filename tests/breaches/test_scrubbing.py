"""After a report nothing of what stood there is left in any file of the platform."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from cop.base import jobs
from cop.base.action import transaction
from cop.base.db import db, is_sqlite
from cop.base.text import render
from cop.breaches import actions
from cop.breaches.removing import store_placeholder
from cop.documents import actions as documents
from cop.documents.models import File
from cop.society.people import Person
from cop.society.programmes import Community
from cop.threads import actions as threads
from cop.threads.models import Post
from tests.breaches.test_writing import rows_with
from tests.cast import create_cast
from tests.conftest import SeparateApp

WORD = "111222333"
NAME = "Zonderschrift"


def holding(folder: Path, word: str) -> list[str]:
    """Return the files below a folder that hold a word, as text or as SQLite and its index store it."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and word.lower().encode() in path.read_bytes().lower()
    ]


@pytest.mark.once
def test_no_file_holds_what_was_removed(separate_app: SeparateApp, tmp_path: Path) -> None:
    with separate_app("scrubbed", tmp_path) as app, app.app_context():
        cast = create_cast()
        with transaction():
            anna, bram = db.session.get_one(Person, cast.anna), db.session.get_one(Person, cast.bram)
            one = db.session.get_one(Community, cast.one)
            thread = threads.start(anna, one, title="Een vraag", text=render("Wie weet dit?", "plain"))
            said = render(f"Nummer {WORD} van {NAME}, @Bram Baan. " + "Lang verhaal. " * 400, "markdown")
            post = threads.reply(anna, thread, text=said).id
            for n in range(40):
                threads.reply(bram, thread, text=render(f"Antwoord {n} " + "en meer " * 60, "plain"))
        with transaction():
            again = render(f"{NAME} heeft {WORD}. " + "Kort. " * 900, "markdown")
            threads.POSTS.edit(db.session.get_one(Person, cast.anna), db.session.get_one(Post, post), text=again)
        store = app.extensions["files"]
        blob = store.keep(store.spool(io.BytesIO(f"Over {NAME}".encode()), 1000, "blad.txt"))
        with transaction():
            one = db.session.get_one(Community, cast.one)
            file = documents.upload(db.session.get_one(Person, cast.anna), one, blob=blob, name=f"{NAME}.txt").id
        assert holding(tmp_path, WORD) or not is_sqlite()  # PostgreSQL has its files elsewhere
        placeholder = store_placeholder()
        with transaction():
            anna = db.session.get_one(Person, cast.anna)
            actions.report(anna, db.session.get_one(Post, post), what=["bsn"])
            actions.report(anna, db.session.get_one(File, file), what=["contact"], blob=placeholder)
        db.session.remove()
        while jobs.run_due():
            pass
        db.session.remove()
        assert holding(tmp_path, WORD) == []
        assert holding(tmp_path, NAME) == []
        assert rows_with(WORD) == []
