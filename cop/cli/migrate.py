"""`cop migrate`: brings the database to the newest revision; and what other commands ask of revisions."""

from __future__ import annotations

import logging
from argparse import Namespace
from typing import Any, Literal

import click
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask
from sqlalchemy import Connection

from cop import create_app
from cop.base.db import Base, db, migration_lock
from cop.cli import manual
from cop.config import place


def config() -> Config:
    """Return Alembic's configuration; there is no ini file."""
    made = Config(cmd_opts=Namespace(quiet=True))
    made.set_main_option("script_location", str(place("migrations")))
    made.set_main_option("path_separator", "os")
    made.set_main_option("file_template", "%%(rev)s")
    return made


def options() -> dict[str, Any]:
    """Return how Alembic compares the models with a database, and writes the difference down."""
    return {
        "target_metadata": Base.metadata,
        "include_object": _is_described,
        "compare_type": True,
        "render_as_batch": True,  # SQLite changes a table by copying it
        "render_item": _render,
    }


def _is_described(_item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Return whether the models describe it; `cop.search` makes the tables, columns and indexes of the full text."""
    return not (name or "").startswith("search_fts") and not (kind == "index" and (name or "").endswith("_gin"))


def _render(kind: str, item: Any, context: Any) -> str | Literal[False]:
    """Render a column type of our own by its name, and import it; leave everything else to Alembic."""
    module = type(item).__module__
    if kind != "type" or not module.startswith("cop."):
        return False
    context.imports.add(f"from {module} import {type(item).__name__}")
    return f"{type(item).__name__}()"


def differences(connection: Connection) -> list[Any]:
    """Return what the models describe otherwise than the database does."""
    found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options()), Base.metadata)
    return found


def upgrade(app: Flask) -> None:
    """Run the migrations that have not run yet."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context(), migration_lock():
        command.upgrade(config(), "head")


def head() -> str | None:
    """Return the newest revision of this code."""
    return ScriptDirectory.from_config(config()).get_current_head()


def previous() -> str:
    """Return the revision before the newest, or `base`."""
    newest = ScriptDirectory.from_config(config()).get_revision("head")
    return str(newest.down_revision or "base")


def known(revision: str) -> bool:
    """Return whether this code has the revision, and so can migrate a database from there."""
    try:
        return ScriptDirectory.from_config(config()).get_revision(revision) is not None
    except CommandError:
        return False


def revision(connection: Connection | None = None) -> str | None:
    """Return the revision of the database of this app, or of the one behind `connection`."""
    return MigrationContext.configure(connection or db.session.connection()).get_current_revision()


@click.command(
    cls=manual.Command,
    examples=[
        ("After an upgrade, before the processes start:", "cop migrate"),
        ("Of another database:", "COP_DATABASE_URL=postgresql://cop@db.example/cop cop migrate"),
    ],
    environment=["COP_MODE", "COP_DATA", "COP_DATABASE_URL", "COP_SECRET_KEY", "COP_BASE_URL"],
)
def migrate() -> None:
    """Bring the database to the newest revision.

    Makes the tables of a new database and changes those of an older version. `cop run` does the same when it starts.
    Of several processes that start at once, one migrates and the others wait.
    """
    upgrade(create_app())
    click.echo("Database is up to date.")
