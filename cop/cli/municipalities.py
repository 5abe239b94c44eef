"""`cop municipalities`: imports the municipalities of which organisations are one."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from cop import create_app
from cop.access import SYSTEM
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Invalid
from cop.cli import manual
from cop.directory import actions
from cop.directory.municipality_lists import parse
from cop.society.regions import Municipality


@click.command(
    cls=manual.Command,
    arguments={"FILE": "CSV file with the columns code;naam;provincie;van;tot;opvolger."},
    examples=[("Every January, with the list of the new year:", "cop municipalities gemeenten.csv")],
    environment=manual.PLATFORM,
    exits={1: "Nothing was imported; what is wrong in which line is on standard error."},
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def municipalities(file: Path) -> None:
    """Import municipalities from a CSV file.

    The file gives the code of Statistics Netherlands, name and province of each, and of those that merged the last day
    and the code of their successor. Those with a known code are brought up to date; the others stay. Either all lines
    are imported or none.
    """
    with create_app().app_context(), transaction():
        known = {row.code: row.successor_code for row in db.session.scalars(select(Municipality))}
        try:
            done = actions.import_municipalities(SYSTEM, None, rows=parse(file.read_bytes(), known))
        except Invalid as wrong:
            raise click.ClickException("\n".join(wrong.errors.values())) from None
    click.echo(f"{done.added} added, {done.changed} changed, {done.unchanged} as they were.")
