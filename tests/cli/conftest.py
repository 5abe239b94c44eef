"""A platform for each test of a command, with real settings, a real database and real files."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from cop import create_app
from cop.base import clock
from cop.base.db import Base, db
from cop.cli import cop, migrate
from cop.config import Settings
from cop.search import models as search
from tests.conftest import BASE, SECRET, settings


def without_a_page(raw: bytes) -> bytes:
    """Return the file with a page in the middle overwritten."""
    middle = len(raw) // 8192 * 4096
    return raw[:middle] + b"\xff" * 4096 + raw[middle + 4096 :]


class Platform:
    """A data folder, and the commands that are run on it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.env = {"COP_MODE": "development", "COP_DATA": str(folder), "COP_SECRET_KEY": SECRET, "COP_BASE_URL": BASE}
        self.apps: dict[str, Flask] = {}

    def app(self, *_settings: Any) -> Flask:
        """Return the app with these settings, created once, for the commands and for assertions."""
        key = json.dumps(self.env)
        if key not in self.apps:
            self.apps[key] = create_app(Settings.read(self.env))
        return self.apps[key]

    def move(self, folder: Path) -> None:
        """Continue in another, empty folder."""
        self.env["COP_DATA"] = str(folder)

    def cop(self, *arguments: str | Path) -> Result:
        """Run `cop …` and return its output and exit code."""
        others: dict[str, str | None] = {name: None for name in os.environ if name.startswith("COP_")}
        return CliRunner(env=others | self.env).invoke(cop, [str(one) for one in arguments])

    def json(self, *arguments: str | Path) -> Any:
        """Return the JSON output of a command."""
        return json.loads(self.cop(*arguments, "--json").stdout)

    def spoil(self, harm: Callable[[bytes], bytes] = without_a_page) -> None:
        """Damage the database file."""
        with self.app().app_context():
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            db.session.remove()
            db.engine.dispose()
        database = self.folder / "cop.sqlite3"
        database.write_bytes(harm(database.read_bytes()))


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database file with empty tables of the current models."""
    app = create_app(settings(tmp_path_factory.mktemp("tables"), database_url=""))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        search.create_index()
        command.stamp(migrate.config(), "head")
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
        return Path(str(db.engine.url.database))


@pytest.fixture
def platform(tmp_path: Path, tables: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """Return an empty platform with its tables."""
    made = Platform(tmp_path / "data")
    for name in ("backup", "check", "importing.commands", "invite", "migrate", "people", "restore", "seed"):
        monkeypatch.setattr(f"cop.cli.{name}.create_app", made.app)
    monkeypatch.setattr("cop.create_app", made.app)  # used by `cop run`
    monkeypatch.setattr("cop.cli.run.apart", lambda work: work())
    made.folder.mkdir()
    shutil.copyfile(tables, made.folder / "cop.sqlite3")
    yield made
    clock.shift(timedelta(0))
    for app in made.apps.values():
        with app.app_context():
            db.engine.dispose()
