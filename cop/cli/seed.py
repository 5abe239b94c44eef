"""`cop seed`: fills an empty database with the demo or the benchmark data; and the first start of a new platform."""

from __future__ import annotations

import click
from flask import Flask
from sqlalchemy import inspect, select

from cop import create_app
from cop.base.db import db
from cop.cli import demo as story
from cop.cli import manual
from cop.cli.people import first_link
from cop.society.people import Person


@click.group(cls=manual.Group, examples=[("Fill a new database with the demo:", "cop migrate && cop seed demo")])
def seed() -> None:
    """Fill an empty database.

    The database needs its tables (`cop migrate`) and must hold no people; nothing is overwritten.
    """


@seed.command(examples=[("Fill a new database:", "cop migrate && cop seed demo")])
def demo() -> None:
    """Fill the database with the demo: a programme in its second year.

    All people and organisations are invented. The clock of the platform is set to the end of the story (file
    demo-clock in COP_DATA). Takes about ten seconds. `cop run` with COP_MODE=demo does this at its first start.
    """
    app = create_app()
    _must_be_empty(app)
    fill(app)
    click.echo("The demo is in the database.")


@seed.command(
    examples=[("A small set for a quick look:", "cop seed bench --posts 500 --people 20 --files 10 --messages 100")]
)
@click.option("--posts", default=20_000, show_default=True, metavar="N", help="Number of posts.")
@click.option("--people", default=200, show_default=True, metavar="N", help="Number of people.")
@click.option("--files", default=1_000, show_default=True, metavar="N", help="Number of files.")
@click.option("--messages", default=20_000, show_default=True, metavar="N", help="Number of chat messages.")
def bench(posts: int, people: int, files: int, messages: int) -> None:
    """Fill the database with the data of the benchmarks.

    Makes lid001@bench.example and so on, members of three communities, and the same texts on every machine.
    """
    from cop.cli.seeding import bench

    app = create_app()
    _must_be_empty(app)
    with app.app_context():
        bench.fill(posts, people, files, messages, click.echo)


def fill(app: Flask) -> None:
    """Play the demo into an empty database, and write the shift of its clock to COP_DATA."""
    from cop.cli import seeding  # only the first start needs it

    with app.app_context():
        app.config["COP"].demo_clock.write_text(f"{seeding.play(story.load()).total_seconds()}\n")


def start(app: Flask, *, empty: bool) -> None:
    """Fill an empty database in demo mode; else print the first administrator's address while nobody has entered."""
    if app.config["COP"].demo and not empty and is_empty(app):
        click.echo("Filling the empty database with the demonstration, once …")
        fill(app)
    elif link := first_link(app):
        click.echo(f"The first administrator comes in here, once, within seven days: {link}")


def is_empty(app: Flask) -> bool:
    """Return whether the database holds no people."""
    with app.app_context():
        return db.session.scalar(select(Person.id).limit(1)) is None


def _must_be_empty(app: Flask) -> None:
    with app.app_context():
        if not inspect(db.engine).has_table(Person.__tablename__):
            raise click.ClickException("the database has no tables yet; run `cop migrate` first")
    if not is_empty(app):
        raise click.ClickException("the database already holds people; seeding wants an empty one")
