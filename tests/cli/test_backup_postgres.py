"""cop backup and cop restore on PostgreSQL, when the run uses one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cop.base.action import transaction
from cop.base.db import db
from cop.cli import holdings
from cop.society.people import Person
from tests.databases import Databases

PROGRAMS = os.pathsep.join(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)))


@pytest.fixture
def two_databases(databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Return the addresses of two empty databases."""
    if not databases.postgresql:
        pytest.skip("the run was asked for SQLite")
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{PROGRAMS}")
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not on this machine")
    with databases.empty("backup_one", tmp_path) as one, databases.empty("backup_two", tmp_path) as two_databases:
        yield one, two_databases


def test_restore_brings_everything_back(platform: Any, tmp_path: Path, two_databases: tuple[str, str]) -> None:
    archive = tmp_path / "backup.tar.gz"
    platform.env["COP_DATABASE_URL"] = two_databases[0]
    assert platform.cop("migrate").exit_code == 0
    assert platform.cop("seed", "bench", "--posts", 60, "--people", 3, "--files", 2, "--messages", 4).exit_code == 0
    done = platform.cop("backup", archive)
    assert done.exit_code == 0, done.output
    with platform.app().app_context():
        with db.engine.connect() as connection:
            before = holdings.counts(connection)
        with transaction():
            db.session.add(Person(mail="later@proef.example"))
    platform.move(tmp_path / "other")
    platform.env["COP_DATABASE_URL"] = two_databases[1]
    done = platform.cop("restore", archive)
    assert done.exit_code == 0, done.output
    with platform.app().app_context(), db.engine.connect() as connection:
        assert holdings.counts(connection) == before | {"journal_entry": 0, "journal_head": 1}
        assert db.session.scalar(select(Person.id).where(Person.mail == "later@proef.example")) is None
    assert "already has tables" in platform.cop("restore", archive).output


def test_restore_refuses_another_kind_of_database(
    platform: Any, tmp_path: Path, two_databases: tuple[str, str]
) -> None:
    archive = tmp_path / "backup.tar.gz"
    platform.cop("backup", archive)
    platform.move(tmp_path / "other")
    platform.env["COP_DATABASE_URL"] = two_databases[0]
    assert "holds a database of sqlite" in platform.cop("restore", archive).output
