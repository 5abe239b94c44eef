"""Texts of the last release are rendered anew where a line break or a direction would be missing."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

FILE = Path(__file__).parents[2] / "migrations" / "versions" / "20261129_line_breaks.py"
MENTION = '<a class="mention" href="/people/58">@Jan van den Berg</a>'


def test_line_breaks_and_directions_come_back_with_their_mentions() -> None:
    spec = spec_from_file_location("line_breaks", FILE)
    assert spec is not None
    assert spec.loader is not None
    migration: Any = module_from_spec(spec)
    spec.loader.exec_module(migration)
    engine = sa.create_engine("sqlite://")
    rows = [
        (1, "Dag @Jan van den Berg,\nStraat 1", "markdown", f"<p>Dag {MENTION},\nStraat 1</p>"),
        (2, "שלום", "plain", "<p>שלום</p>"),
        (3, "Een regel.", "markdown", "<p>Een regel, anders gezet.</p>"),
        (4, "> " * 200 + "\nx", "markdown", "<p>te diep</p>"),
    ]
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE body (thing_id INTEGER, source TEXT, format TEXT, html TEXT, plain TEXT, text_version INTEGER)"
        )
        for id, source, format, html in rows:
            connection.exec_driver_sql("INSERT INTO body VALUES (?, ?, ?, ?, '', 1)", (id, source, format, html))
        with Operations.context(MigrationContext.configure(connection)):
            migration.upgrade()
        found = connection.exec_driver_sql("SELECT html, text_version FROM body ORDER BY thing_id").all()
    assert [tuple(row) for row in found] == [
        (f"<p>Dag {MENTION},<br>\nStraat 1</p>", 2),
        ('<p dir="auto">שלום</p>', 2),
        ("<p>Een regel, anders gezet.</p>", 2),
        ("<p>te diep</p>", 2),
    ]
