"""An index in a real SQLite and, where its programs are found, in a real PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Protocol

import psycopg
import pytest

from cop.search.analyse import Analysed, analyse
from cop.search.match import to_fts5, to_tsquery, to_tsvector
from cop.search.query import terms


class Index(Protocol):
    """Texts, each with its name, and what a query finds of them, best first."""

    def add(self, name: str, text: str) -> None: ...

    def find(self, query: str, *, prefix: bool = False) -> list[str]: ...

    def tokens(self, text: str) -> set[str]:
        """What the database makes of analysed text."""


class Sqlite:
    """FTS5, told only to cut at spaces."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        as_they_are = "tokenize='unicode61 remove_diacritics 0'"
        for table, columns in (("texts", "name UNINDEXED, exact, stems, parts"), ("probe", "text")):
            self.database.execute(f"CREATE VIRTUAL TABLE {table} USING fts5 ({columns}, {as_they_are})")
        self.database.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab (probe, 'row')")

    def add(self, name: str, text: str) -> None:
        self.database.execute("INSERT INTO texts VALUES (?, ?, ?, ?)", (name, *astuple(analyse(text))))

    def find(self, query: str, *, prefix: bool = False) -> list[str]:
        if not (match := to_fts5(terms(query), prefix=prefix)):
            return []
        rows = self.database.execute(
            "SELECT name FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, 0, 10, 4, 1), rowid", (match,)
        )
        return [name for (name,) in rows]

    def tokens(self, text: str) -> set[str]:
        self.database.execute("DELETE FROM probe")
        self.database.execute("INSERT INTO probe VALUES (?)", (text,))
        return {token for (token,) in self.database.execute("SELECT term FROM vocabulary")}


class Postgres:
    """One vector, its columns told apart by weight."""

    def __init__(self, address: str) -> None:
        self.database = psycopg.connect(address)
        self.database.execute("CREATE TEMP TABLE texts (id serial, name text, found tsvector)")

    def add(self, name: str, text: str) -> None:
        insert = "INSERT INTO texts (name, found) VALUES (%s, %s::tsvector)"
        self.database.execute(insert, (name, to_tsvector(analyse(text))))

    def find(self, query: str, *, prefix: bool = False) -> list[str]:
        if not (match := to_tsquery(terms(query), prefix=prefix)):
            return []
        rows = self.database.execute(
            "SELECT name FROM texts, CAST(%s AS tsquery) asked WHERE found @@ asked"
            " ORDER BY ts_rank('{0, 0.1, 0.4, 1}', found, asked) DESC, id",
            (match,),
        )
        return [name for (name,) in rows]

    def tokens(self, text: str) -> set[str]:
        vector = to_tsvector(Analysed(text, "", ""))
        rows = self.database.execute("SELECT unnest(tsvector_to_array(%s::tsvector))", (vector,))
        return {token for (token,) in rows}


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """The PostgreSQL that the run was asked for, else one of its own without a port, gone afterwards."""
    asked = os.environ.get("COP_TEST_DATABASE_URL", "")
    if asked.startswith("postgresql"):
        yield asked.replace("postgresql+psycopg:", "postgresql:", 1)
        return
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
    initdb = shutil.which("initdb", path=os.pathsep.join([os.environ["PATH"], *map(str, programs)]))
    if not initdb:
        pytest.skip("PostgreSQL's programs are not on this machine")
    folder = tempfile.mkdtemp(prefix="cop-postgres-")
    owner = None
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
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
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    """An empty index, in either database."""
    found = Sqlite() if request.param == "sqlite" else Postgres(request.getfixturevalue("postgres_address"))
    yield found
    found.database.close()
