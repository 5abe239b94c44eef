"""`cop seed`: the demo and the bench's data; and what a fresh database gets at its first start."""

from __future__ import annotations

import click
from flask import Flask
from sqlalchemy import inspect, select

from cop import create_app
from cop.base.db import db
from cop.cli import demo as story
from cop.cli.people import first_link
from cop.society.people import Person


@click.group()
def seed() -> None:
    """Fills an empty database."""


@seed.command()
def demo() -> None:
    """The lively demo: a programme in its second year, all people invented."""
    app = create_app()
    _must_be_empty(app)
    fill(app)
    click.echo("The demonstration is in.")


@seed.command()
@click.option("--posts", default=20_000, show_default=True)
@click.option("--people", default=200, show_default=True)
@click.option("--files", default=1_000, show_default=True)
@click.option("--messages", default=20_000, show_default=True)
def bench(posts: int, people: int, files: int, messages: int) -> None:
    """The data of the measurements: lid001@bench.example and so on in three communities."""
    from cop.cli.seeding import bench

    app = create_app()
    _must_be_empty(app)
    with app.app_context():
        bench.fill(posts, people, files, messages, click.echo)


def fill(app: Flask) -> None:
    """Plays the demonstration into an empty database and keeps its clock beside it."""
    from cop.cli import seeding  # what only the first start needs

    with app.app_context():
        app.config["COP"].demo_clock.write_text(f"{seeding.play(story.load()).total_seconds()}\n")


def start(app: Flask, *, empty: bool) -> None:
    """Fills a demonstration at its first start; else prints the way in for the first administrator, if nobody
    has entered yet."""
    if app.config["COP"].demo and not empty and is_empty(app):
        click.echo("Filling an empty database with the demonstration …")
        fill(app)
    elif link := first_link(app):
        click.echo(f"The first administrator comes in here, once, within seven days: {link}")


def is_empty(app: Flask) -> bool:
    """Whether nobody is in the database yet."""
    with app.app_context():
        return db.session.scalar(select(Person.id).limit(1)) is None


def _must_be_empty(app: Flask) -> None:
    with app.app_context():
        if not inspect(db.engine).has_table(Person.__tablename__):
            raise click.ClickException("the database has no tables yet; run `cop migrate` first")
    if not is_empty(app):
        raise click.ClickException("the database already holds people; seeding wants an empty one")
