"""A search index in SQLite and, where available, in PostgreSQL; and a community to search."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.files import Blob
from cop.chat import actions as chat
from cop.chat.models import Room, ensure_room
from cop.documents import actions as documents
from cop.documents.models import File
from cop.search.analyse import Analysed, analyse
from cop.search.filling import index_all
from cop.search.match import to_fts5, to_tsquery, to_tsvector, to_words
from cop.search.query import terms
from cop.society.programmes import Community
from cop.threads import actions as threads
from cop.threads.models import Post, Thread
from tests.databases import Databases

UNTITLED = Analysed("", "", "")


class Index(Protocol):
    """An index of named texts that can be queried."""

    def add(self, name: str, text: str) -> None: ...

    def find(self, query: str, *, prefix: bool = False) -> list[str]: ...

    def tokens(self, text: str) -> set[str]:
        """Return the tokens that the database makes of analysed text."""


class Sqlite:
    """FTS5 that only splits at spaces."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        as_they_are = "tokenize='unicode61 remove_diacritics 0'"
        for table, columns in (("texts", "name UNINDEXED, words"), ("probe", "text")):
            self.database.execute(f"CREATE VIRTUAL TABLE {table} USING fts5 ({columns}, {as_they_are})")
        self.database.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab (probe, 'row')")

    def add(self, name: str, text: str) -> None:
        self.database.execute("INSERT INTO texts VALUES (?, ?)", (name, to_words(analyse(text), UNTITLED)))

    def find(self, query: str, *, prefix: bool = False) -> list[str]:
        if not (match := to_fts5(terms(query), prefix=prefix)):
            return []
        rows = self.database.execute("SELECT name FROM texts WHERE texts MATCH ? ORDER BY rowid", (match,))
        return [name for (name,) in rows]

    def tokens(self, text: str) -> set[str]:
        self.database.execute("DELETE FROM probe")
        self.database.execute("INSERT INTO probe VALUES (?)", (text,))
        return {token for (token,) in self.database.execute("SELECT term FROM vocabulary")}


class Postgres:
    """One tsvector whose columns differ by weight."""

    def __init__(self, address: str) -> None:
        self.database = psycopg.connect(address)
        self.database.execute("CREATE TEMP TABLE texts (id serial, name text, found tsvector)")

    def add(self, name: str, text: str) -> None:
        insert = "INSERT INTO texts (name, found) VALUES (%s, %s::tsvector)"
        self.database.execute(insert, (name, to_tsvector(analyse(text), UNTITLED)))

    def find(self, query: str, *, prefix: bool = False) -> list[str]:
        if not (match := to_tsquery(terms(query), prefix=prefix)):
            return []
        rows = self.database.execute("SELECT name FROM texts WHERE found @@ CAST(%s AS tsquery) ORDER BY id", (match,))
        return [name for (name,) in rows]

    def tokens(self, text: str) -> set[str]:
        vector = to_tsvector(Analysed(text, "", ""), UNTITLED)
        rows = self.database.execute("SELECT unnest(tsvector_to_array(%s::tsvector))", (vector,))
        return {token for (token,) in rows}


@pytest.fixture(scope="session")
def postgres_address(databases: Databases) -> Iterator[str]:
    """Return the PostgreSQL of the run, or start a temporary one on a Unix socket."""
    if databases.postgresql:
        yield databases.asked.set(drivername="postgresql").render_as_string(hide_password=False)
        return
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
    initdb = shutil.which("initdb", path=os.pathsep.join([os.environ["PATH"], *map(str, programs)]))
    if not initdb:
        pytest.skip("PostgreSQL's programs are not on this machine")
    folder = tempfile.mkdtemp(prefix="cop-postgres-")
    owner = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = "nobody"
        shutil.chown(folder, owner)
    data = f"{folder}/data"
    run = {"user": owner, "cwd": folder, "check": True, "stdout": subprocess.DEVNULL}
    control = str(Path(initdb).with_name("pg_ctl"))
    settings = f"-k {folder} -c listen_addresses= -c fsync=off"
    subprocess.run([initdb, "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync"], **run)
    subprocess.run([control, "-D", data, "-w", "-l", f"{folder}/log", "-o", settings, "start"], **run)
    try:
        yield f"host={folder} user=tester dbname=postgres"
    finally:
        subprocess.run([control, "-D", data, "-w", "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgres"])
def index(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Index]:
    """Return an empty index in each database."""
    found = Sqlite() if request.param == "sqlite" else Postgres(request.getfixturevalue("postgres_address"))
    yield found
    found.database.close()


class World:
    """Shortcuts with which the cast writes and searches, by the verbs and endpoints of the product."""

    def __init__(self, cast: SimpleNamespace, run_as: Any, room: int) -> None:
        self.cast, self.run_as, self.room = cast, run_as, room

    def start(self, who: str, title: str, body: str = "Zonder meer.", *, community: str = "one", **given: Any) -> int:
        start = partial(threads.start, title=title, text=text.render(body, "plain"), **given)
        return self.run_as(who, start, Community, getattr(self.cast, community))

    def reply(self, who: str, thread: int, body: str) -> int:
        return self.run_as(who, threads.reply, Thread, thread, text=text.render(body, "plain"))

    def send_message(self, who: str, body: str) -> int:
        return self.run_as(who, chat.say, Room, self.room, text=text.render(body, "plain"))

    def share(self, who: str, name: str, description: str = "", **given: Any) -> int:
        blob = Blob(sha256=hashlib.sha256(name.encode()).hexdigest(), size=1, media_type="text/plain")
        file = self.run_as(who, documents.upload, Community, self.cast.one, blob=blob, name=name, **given)
        if description:
            self.run_as(who, documents.describe, File, file, description=description)
        return file

    def opening(self, thread: int) -> int:
        with self.cast.app.app_context():
            return db.session.scalars(select(Post.id).where(Post.parent_id == thread, Post.seq == 1)).one()

    def ask(self, who: str, q: str, address: str = "/search", **given: Any) -> dict[str, Any]:
        """Search by the API as a person and return the JSON."""
        answer = self.cast.client(None).get(
            f"/api/v1{address}", headers=self.cast.api(who), query_string={"q": q, **given}
        )
        assert answer.status_code == 200, answer.text
        return answer.json

    def found(self, who: str, q: str, **given: Any) -> list[int]:
        """Return the ids that a person finds, in order."""
        return [hit["id"] for hit in self.ask(who, q, **given)["items"]]


@pytest.fixture
def world(app: Flask, cast: SimpleNamespace, run_as: Any) -> World:
    """Return the world of the cast in community 1 with its room, and index everybody."""
    cast.app = app
    with app.app_context(), transaction():
        room = ensure_room(db.session.get_one(Community, cast.one)).id
        index_all()
    return World(cast, run_as, room)
