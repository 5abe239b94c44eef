"""From nothing to the models and back, on a database of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command, op
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import ForeignKeyConstraint, UniqueConstraint, inspect, text

from cop import create_app
from cop.base import jobs
from cop.base.db import Base, db
from cop.cli import migration
from cop.cli.migrate import config, differences, revision, upgrade
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


def test_constraints_have_the_names_of_the_models(app: Flask) -> None:
    """A later migration drops or changes a constraint by the name that the models give it."""
    upgrade(app)
    wrong = {}
    with app.app_context(), db.engine.connect() as connection:
        see = inspect(connection)
        for table in Base.metadata.sorted_tables:
            found = {key["name"] for key in see.get_foreign_keys(table.name)}
            found |= {key["name"] for key in see.get_unique_constraints(table.name)}
            wanted = {
                str(one.name) for one in table.constraints if isinstance(one, ForeignKeyConstraint | UniqueConstraint)
            }
            if connection.dialect.name == "postgresql":  # SQLite never asks for the name of a primary key
                found.add(see.get_pk_constraint(table.name)["name"])
                wanted.add(str(table.primary_key.name))
            if found != wanted:
                wrong[table.name] = (sorted(map(str, found - wanted)), sorted(wanted - found))
    assert wrong == {}


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


# Rows as they stood before there were audiences; ids of a community and of its audience need not be equal later.
BEFORE_AUDIENCES = """
INSERT INTO programme (id, slug, name, about, about_html, phase) VALUES (3, 'p', 'P', '', '', 'start');
INSERT INTO community (id, programme_id, slug, name, purpose, themes, position) VALUES (2, 3, 'a', 'A', '', '[]', 1);
INSERT INTO community (id, programme_id, slug, name, purpose, themes, position) VALUES (5, 3, 'b', 'B', '', '[]', 2);
INSERT INTO partnership (id, programme_id, name, challenge) VALUES (4, 3, 'Duo', '');
INSERT INTO person (id, mail, name, function, bio, phone, mail_shown, themes, language, is_admin, state, epoch, made)
    VALUES (1, 'a@x.example', 'A', '', '', '', false, '[]', 'nl', false, 'active', 0, '2026-01-01');
INSERT INTO folder (id, community_id, parent_id, name, made) VALUES (1, 5, NULL, 'Map', '2026-01-01');
INSERT INTO thing (id, kind, community_id, parent_id, author_role, title, state, reason, version, made, seq, changed,
    last_seq) VALUES (11, 'thread', 2, NULL, 'member', 'T', 'live', '', 1, '2026-01-01', 0, 0, 1);
INSERT INTO thing (id, kind, community_id, parent_id, author_role, title, state, reason, version, made, seq, changed,
    last_seq) VALUES (12, 'post', 2, 11, 'member', '', 'live', '', 1, '2026-01-01', 1, 1, 0);
INSERT INTO thing (id, kind, community_id, parent_id, author_role, title, state, reason, version, made, seq, changed,
    last_seq) VALUES (13, 'room', 5, NULL, 'member', 'R', 'live', '', 1, '2026-01-01', 0, 0, 0);
INSERT INTO thread (id, thread_kind, replies, last_at) VALUES (11, 'question', 0, '2026-01-01');
INSERT INTO body (thing_id, source, format, html, plain, text_version) VALUES (12, 'x', 'plain', 'x', 'x', 1);
INSERT INTO room (id, purpose) VALUES (13, '');
INSERT INTO search_entry (id, thing_id, kind, title, plain) VALUES (1, 12, 'post', '', 'x');
INSERT INTO mark (person_id, thing_id, seq) VALUES (1, 11, 1);
INSERT INTO notice (id, person_id, reason, place_id, thing_id, community_id, times, at)
    VALUES (1, 1, 'reply', 11, 12, 2, 1, '2026-01-01');
INSERT INTO notice (id, person_id, reason, place_id, thing_id, community_id, times, at, read)
    VALUES (2, 1, 'mention', 13, 13, 5, 1, '2026-01-01', '2026-01-02');
"""
KEPT = ("thing", "folder", "notice", "thread", "body", "room", "search_entry", "mark", "community", "partnership")


def rows(app: Flask, *tables: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of these tables, by column."""
    with app.app_context(), db.engine.connect() as connection:
        return {
            table: [dict(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1")).mappings()]
            for table in tables
        }


def write(app: Flask, *statements: str) -> None:
    """Run SQL in one transaction."""
    with app.app_context(), db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_audiences_keep_every_row_up_and_down(app: Flask) -> None:
    with app.app_context():
        command.upgrade(config(), "20261129_bodies")
    write(app, *filter(str.strip, BEFORE_AUDIENCES.split(";")))
    before = rows(app, *KEPT)
    shape = schema(app)
    with app.app_context():
        command.upgrade(config(), "20261129_audience")
    after = rows(app, *KEPT, "audience")
    audiences = {row["id"]: (row["kind"], row["community_id"], row["programme_id"]) for row in after["audience"]}
    assert sorted(map(str, audiences.values())) == sorted(
        map(str, [("community", 2, None), ("community", 5, None), ("programme", None, 3), ("partnership", None, None)])
    )
    assert [row["partnership_id"] for row in after["audience"] if row["kind"] == "partnership"] == [4]
    for table in KEPT:
        for row in after[table]:
            if "audience_id" in row:
                row["community_id"] = audiences[row.pop("audience_id")][1]
        assert after[table] == before[table], table
    partial = [index for index in schema(app)["notice"]["indexes"] if "uq_notice_open" in index]
    assert partial == [index for index in shape["notice"]["indexes"] if "uq_notice_open" in index]

    write(
        app,
        "INSERT INTO community (id, programme_id, slug, name, purpose, themes, position)"
        " VALUES (9, 3, 'c', 'C', '', '[]', 3)",
        "INSERT INTO audience (kind, community_id) VALUES ('community', 9)",
        "UPDATE thing SET audience_id = (SELECT id FROM audience WHERE community_id = 9) WHERE id = 13",
    )
    with app.app_context():
        command.downgrade(config(), "20261129_bodies")
    again = rows(app, *KEPT)
    assert [row.pop("community_id") for row in again["thing"]] == [2, 2, 9]
    assert [row.pop("community_id") for row in before["thing"]] == [2, 2, 5]
    del again["community"][-1]
    assert again == before
    assert schema(app) == shape
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_a_thing_of_a_programme_keeps_the_audiences(app: Flask) -> None:
    with app.app_context():
        command.upgrade(config(), "20261129_bodies")
    write(app, *filter(str.strip, BEFORE_AUDIENCES.split(";")))
    with app.app_context():
        command.upgrade(config(), "20261129_audience")
    write(app, "UPDATE thing SET audience_id = (SELECT id FROM audience WHERE programme_id = 3) WHERE id = 13")
    with app.app_context(), pytest.raises(RuntimeError, match="1 rows of thing"):
        command.downgrade(config(), "20261129_bodies")
    assert rows(app, "thing")["thing"][-1]["id"] == 13


def test_a_step_that_fails_undoes_those_before_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        command.upgrade(config(), "20261122_ground")
    before = schema(app)
    create_table = op.create_table

    def fail(name: str, *columns: Any, **options: Any) -> Any:
        if name == "guest":
            raise RuntimeError("no room for guests")
        return create_table(name, *columns, **options)

    monkeypatch.setattr(op, "create_table", fail)
    with pytest.raises(RuntimeError, match="no room for guests"):
        upgrade(app)
    assert schema(app) == before
    with app.app_context(), db.engine.connect() as connection:
        assert revision(connection) == "20261122_ground"
    monkeypatch.undo()
    upgrade(app)


def test_revisions_stand_in_one_line() -> None:
    script = ScriptDirectory.from_config(config())
    revisions = list(script.walk_revisions())
    assert len(script.get_heads()) == 1
    assert [one.revision for one in revisions if not (one.doc or "").endswith(".")] == [], "each says what it changes"
    files = [Path(one.path).name for one in revisions]
    assert [name for name in files if not re.fullmatch(r"20\d{6}_[a-z0-9_]+\.py", name)] == []
    lines = {Path(one.path).name: Path(one.path).read_text() for one in revisions}
    assert [name for name, source in lines.items() if re.search(r"def downgrade\(\) -> None:\s+pass", source)] == []
