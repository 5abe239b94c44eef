"""From nothing to the models and back, on a database of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask

from cop import create_app
from cop.base import jobs
from cop.base.db import db
from cop.cli import migration
from cop.cli.migrate import config, differences, upgrade
from cop.cli.migration import Schema
from tests.conftest import settings
from tests.databases import Databases


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The app on an empty database."""
    with databases.empty("migrated", tmp_path) as address:
        app = create_app(settings(tmp_path, database_url=address))
        yield app
        with app.app_context():
            db.engine.dispose()


def schema(app: Flask) -> Schema:
    """Every table as the database describes it."""
    with app.app_context(), db.engine.connect() as connection:
        return migration.schema(connection)


def test_from_nothing_it_gives_the_models(app: Flask) -> None:
    upgrade(app)
    with app.app_context(), db.engine.connect() as connection:
        assert differences(connection) == []


def test_down_leaves_nothing_and_up_again_is_the_same(app: Flask) -> None:
    upgrade(app)
    before = schema(app)
    assert before
    with app.app_context():
        command.downgrade(config(), "base")
    assert schema(app) == {}
    upgrade(app)
    assert schema(app) == before


def test_a_second_time_changes_nothing(app: Flask) -> None:
    upgrade(app)
    before = schema(app)
    upgrade(app)
    assert schema(app) == before


def test_the_migrated_database_serves(app: Flask) -> None:
    upgrade(app)
    with app.app_context():
        jobs.beat()
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200, answer.text
    assert app.test_client().get("/sign-in").status_code == 200


def test_revisions_stand_in_one_line() -> None:
    script = ScriptDirectory.from_config(config())
    revisions = list(script.walk_revisions())
    assert len(script.get_heads()) == 1
    assert [one.revision for one in revisions if not (one.doc or "").endswith(".")] == [], "each says what it changes"
    files = [Path(one.path).name for one in revisions]
    assert [name for name in files if not re.fullmatch(r"20\d{6}_[a-z0-9_]+\.py", name)] == []
    lines = {Path(one.path).name: Path(one.path).read_text() for one in revisions}
    assert [name for name, source in lines.items() if re.search(r"def downgrade\(\) -> None:\s+pass", source)] == []
