"""The console script `cop`: every command of the house."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from cop.config import Misconfigured

# Command → where it stands; imported when it is called, for each needs another part of the house.
COMMANDS = {
    "run": "cop.cli.run:run",
    "work": "cop.cli.work:work",
    "migrate": "cop.cli.migrate:migrate",
    "seed": "cop.cli.seed:seed",
    "people": "cop.cli.invite:people",
    "token": "cop.cli.people:token",
    "check": "cop.cli.check:check",
    "backup": "cop.cli.backup:backup",
    "restore": "cop.cli.restore:restore",
}


class Commands(click.Group):
    """The commands by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _colon, command = COMMANDS[name].partition(":")
        found: click.Command = getattr(import_module(module), command)
        return found


@click.group(cls=Commands)
def cop() -> None:
    """A platform for communities of practice."""


def main() -> None:
    """Runs a command; a wrong setting and an absent database are said in words, not in a traceback."""
    try:
        cop()
    except Misconfigured as wrong:
        click.echo(f"cop: {wrong}", err=True)
        sys.exit(2)
    except Exception as failure:
        if type(failure).__name__ != "OperationalError":  # of SQLAlchemy, which not every command needs
            raise
        click.echo(f"cop: the database cannot be used: {str(getattr(failure, 'orig', failure)).strip()}", err=True)
        sys.exit(1)
