"""`cop migration`: makes a migration from the models, and checks it on databases that hold the demo."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from alembic import command
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from cop import create_app
from cop.base import clock
from cop.base.db import db
from cop.cli import holdings, manual, migrate, scratch, seed
from cop.config import Settings

CHECKOUT = Path(__file__).parents[2]
Schema = dict[str, dict[str, Any]]


class Wrong(Exception):
    """The migration does not do what it should; the message says what."""


@click.command(
    cls=manual.Command,
    arguments={"NAME": "What the migration does, in a few words: add_polls."},
    examples=[
        ("After a change to the models:", "cop migration add_polls"),
        ("After editing that file by hand:", "cop migration --check"),
    ],
    environment=[scratch.SERVER],
    exits={1: "The models and the newest migration agree, or a check failed; the reason is on standard error."},
)
@click.argument("name", required=False)
@click.option("--check", "only_check", is_flag=True, help="Only check the newest migration, made before.")
def migration(name: str | None, only_check: bool) -> None:
    """Make a migration from the models, and check it.

    Compares the models with a database at the newest revision, writes what differs to
    migrations/versions/YYYYMMDD_NAME.py in this checkout, and formats it with ruff. Read that file before you commit
    it: a renamed column, for instance, looks like one that was dropped and another that was added.

    Then it checks the file: from nothing up, down by one and up again, with the data of the demo inside, on SQLite and
    on PostgreSQL. The databases are temporary; yours is not touched. PostgreSQL is the server at COP_TEST_POSTGRES_URL,
    or one that is started from Debian's package `postgresql`; without either it is left out, and says so.
    """
    if bool(name) == only_check:
        raise click.UsageError("give either NAME or --check.")
    if not (CHECKOUT / "pyproject.toml").exists():
        raise click.ClickException("migrations are made in a checkout; this is an installed package.")
    with TemporaryDirectory(prefix="cop-migration-") as temporary:
        folder = Path(temporary)
        if name:
            _make(name, folder)
        if not all([_check_on("SQLite", f"sqlite:///{folder}/check.sqlite3", folder), _check_on_postgresql(folder)]):
            raise click.ClickException(
                "the migration is not in order. Change the file, then run `cop migration --check`."
            )


def _make(name: str, folder: Path) -> None:
    """Write the migration file, and report what is in it."""
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if not slug:
        raise click.UsageError(f"{name!r} has no letter or digit to name the file by.")
    with _app(f"sqlite:///{folder}/make.sqlite3", folder) as app, app.app_context():
        migrate.upgrade(app)
        with db.engine.connect() as connection:
            found = migrate.differences(connection)
        if not found:
            raise click.ClickException("the models and the newest migration agree; there is nothing to migrate.")
        made: Any = command.revision(
            migrate.config(),
            message=slug.replace("_", " ").capitalize(),
            rev_id=f"{clock.now():%Y%m%d}_{slug}",
            autogenerate=True,
        )
    file = Path(made.path)
    click.echo(f"Wrote {file}:")
    for words in found:
        click.echo(f"  {in_words(words)}")
    if not _format(file):
        click.echo("  It is not formatted, because ruff is not installed; bin/test installs it.", err=True)


def in_words(difference: Any) -> str:
    """Return one difference between models and database, as Alembic compares them, in words."""
    if isinstance(difference, list):  # everything that changes in one column
        return "; ".join(in_words(one) for one in difference)
    kind, *about = difference
    if kind in ("add_table", "remove_table"):
        return f"{'create' if kind == 'add_table' else 'drop'} table {about[0].name}"
    if kind in ("add_column", "remove_column"):
        return f"{'add' if kind == 'add_column' else 'drop'} column {about[1]}.{about[2].name}"
    if kind.startswith("modify_"):
        return f"change {kind.removeprefix('modify_')} of {about[1]}.{about[2]} from {about[4]} to {about[5]}"
    verb, _underscore, what = kind.partition("_")
    named = about[0]
    return f"{'add' if verb == 'add' else 'drop'} {what} {named.name} on {named.table.name}"


def _format(file: Path) -> bool:
    """Format the file with ruff; return whether there is one."""
    file.write_text(re.sub(r"    # ### .* ###\n", "", file.read_text()))  # Alembic's own remarks
    beside = [str(Path(sys.executable).parent), str(CHECKOUT / ".venv-test" / "bin"), os.environ.get("PATH", "")]
    ruff = shutil.which("ruff", path=os.pathsep.join(beside))
    if ruff is None:
        return False
    for arguments in (["check", "--fix", "--select", "I,F401"], ["format"]):
        command_line = [ruff, *arguments, "--quiet", "--config", str(CHECKOUT / "pyproject.toml"), str(file)]
        subprocess.run(command_line, check=True, cwd=CHECKOUT)
    return True


def _check_on_postgresql(folder: Path) -> bool:
    with scratch.postgresql(folder) as address:
        if address is None:
            click.echo(
                f"PostgreSQL: not checked. Set {scratch.SERVER}, or install Debian's package postgresql.", err=True
            )
            return True
        return _check_on("PostgreSQL", address, folder)


def _check_on(database: str, address: str, folder: Path) -> bool:
    """Check the newest migration on an empty database, and report the result in one line."""
    began = time.monotonic()
    try:
        with _app(address, folder) as app:
            rows = check(app)
    except Wrong as wrong:
        click.echo(f"{database}: {wrong}", err=True)
        return False
    seconds = time.monotonic() - began
    click.echo(f"{database}: up, down and up again with {rows:,} rows of the demo: in order ({seconds:.0f} s).")
    return True


def check(app: Flask) -> int:
    """Run the newest migration up, down and up again, with the demo inside; return the number of rows of the demo.

    Raises Wrong when it fails, when it does not lead to the models or back to where it came from, or when rows are lost
    that the older schema has room for.
    """
    before = migrate.previous()
    with app.app_context():
        if before != "base":
            _move("up to the revision before", command.upgrade, before)
        older = _schema()
        _move("up", command.upgrade, "head")
        with db.engine.connect() as connection:
            if found := migrate.differences(connection):
                raise Wrong(f"the models want more than the migrations do: {'; '.join(map(in_words, found))}")
        newer = _schema()
    with _step("filling the demo"):
        seed.fill(app)
    clock.shift(timedelta(0))
    with app.app_context():
        rows = _counts()
        _move("down with the data of the demo", command.downgrade, before)
        _compare("down", older, _schema())
        _move("up again with the data of the demo", command.upgrade, "head")
        _compare("up again", newer, _schema())
        kept = _counts()
    lost = [
        f"{name} ({rows[name]} before, {kept[name]} after)" for name in rows.keys() & older if rows[name] != kept[name]
    ]
    if lost:
        raise Wrong(f"down and up again changes the number of rows: {', '.join(sorted(lost))}")
    return sum(rows.values())


@contextmanager
def _step(words: str) -> Iterator[None]:
    """Raise Wrong for whatever goes wrong in a step: migrations and models are anybody's code."""
    try:
        yield
    except DBAPIError as failure:
        raise Wrong(f"{words} fails: {str(failure.orig).strip()}\n  {failure.statement}") from failure
    except Exception as failure:
        raise Wrong(f"{words} fails: {type(failure).__name__}: {failure}") from failure


def _move(words: str, move: Callable[[Any, str], None], revision: str) -> None:
    with _step(words):
        move(migrate.config(), revision)


def _compare(words: str, wanted: Schema, found: Schema) -> None:
    if other := sorted(table for table in wanted.keys() | found.keys() if wanted.get(table) != found.get(table)):
        raise Wrong(f"{words} does not lead to the same tables: {', '.join(other)}")


def _schema() -> Schema:
    with db.engine.connect() as connection:
        return schema(connection)


def _counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return holdings.counts(connection)


def schema(connection: Any) -> Schema:
    """Return every table as the database describes it: columns, keys, indexes and triggers, in no order."""
    see = inspect(connection)
    # SQLite drops a table's triggers when a migration replaces the table by a changed copy.
    sqlite = connection.dialect.name == "sqlite"
    asked = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    triggers = [tuple(row) for row in connection.exec_driver_sql(asked)] if sqlite else []
    return {
        name: {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in see.get_columns(name)
            ),
            "primary": see.get_pk_constraint(name),
            "foreign": sorted(map(str, see.get_foreign_keys(name))),
            "indexes": sorted(str(_index(index)) for index in see.get_indexes(name)),
            "unique": sorted(map(str, see.get_unique_constraints(name))),
            "triggers": sorted(trigger for table, trigger in triggers if table == name),
        }
        for name in see.get_table_names()
        if name != "alembic_version"
    }


def _index(index: Any) -> dict[str, Any]:
    """Return an index as described, with the condition of a partial one as text."""
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": options}


@contextmanager
def _app(address: str, folder: Path) -> Iterator[Flask]:
    """Yield an app on the database at `address`, with all other data in `folder`."""
    app = create_app(Settings.read({}, mode="development", data=folder, database_url=address))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
