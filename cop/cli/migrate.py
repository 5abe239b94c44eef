"""`cop migrate`: brings the database to the newest revision."""

from __future__ import annotations

import logging

import click
from alembic import command
from alembic.config import Config
from flask import Flask

from cop import create_app
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
    with app.app_context():
        command.upgrade(config(), "head")


@click.command()
def migrate() -> None:
    """Brings the database to the newest revision."""
    upgrade(create_app())
    click.echo("Database is up to date.")
