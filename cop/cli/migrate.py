"""`cop migrate`: brings the database to the newest revision."""

from __future__ import annotations

import logging

import click
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask
from sqlalchemy import Connection

from cop import create_app
from cop.base.db import db, migration_lock
from cop.config import place


def config() -> Config:
    """Alembic's configuration, made here so that no ini file has to be kept."""
    made = Config()
    made.set_main_option("script_location", str(place("migrations")))
    made.set_main_option("path_separator", "os")
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return made


def upgrade(app: Flask) -> None:
    """Runs what has not run yet."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context(), migration_lock():
        command.upgrade(config(), "head")


def head() -> str | None:
    """The newest revision this code knows."""
    return ScriptDirectory.from_config(config()).get_current_head()


def known(revision: str) -> bool:
    """Whether this code knows a revision, so that it can bring a database from there to the newest."""
    try:
        return ScriptDirectory.from_config(config()).get_revision(revision) is not None
    except CommandError:
        return False


def revision(connection: Connection | None = None) -> str | None:
    """The revision at which the database of this app, or behind `connection`, stands."""
    return MigrationContext.configure(connection or db.session.connection()).get_current_revision()


@click.command()
def migrate() -> None:
    """Brings the database to the newest revision."""
    upgrade(create_app())
    click.echo("Database is up to date.")
