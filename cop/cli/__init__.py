"""The console script `cop`: every command of the house."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError

from cop.cli import backup, check, invite, migrate, people, restore, run, seed
from cop.config import Misconfigured


@click.group()
def cop() -> None:
    """A platform for communities of practice."""


for command in (
    run.run,
    run.work,
    migrate.migrate,
    seed.seed,
    people.people,
    people.token,
    check.check,
    backup.backup,
    restore.restore,
):
    cop.add_command(command)
people.people.add_command(invite.invite)


def main() -> None:
    """Runs a command; a wrong setting and an absent database are said in words, not in a traceback."""
    try:
        cop()
    except Misconfigured as wrong:
        click.echo(f"cop: {wrong}", err=True)
        sys.exit(2)
    except OperationalError as failure:
        click.echo(f"cop: the database cannot be used: {str(failure.orig).strip()}", err=True)
        sys.exit(1)
