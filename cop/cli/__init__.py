"""The console script `cop`: one command for each task of an administrator."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from cop.cli import manual
from cop.config import Misconfigured

# Section → command → (where it stands, summary). A command is imported when it is called: each needs another part of
# the product, and the list of commands needs none.
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Serve": {
        "run": ("cop.cli.run:run", "Serve the product and run its jobs."),
        "work": ("cop.cli.work:work", "Run the jobs in a process of their own."),
        "receive": ("cop.cli.receive:receive", "Take the answer of a calendar program from standard input."),
    },
    "Set up": {
        "migrate": ("cop.cli.migrate:migrate", "Bring the database to the newest revision."),
        "seed": ("cop.cli.seed:seed", "Fill an empty database."),
        "check": ("cop.cli.check:check", "Check settings, database, files, search index and journal."),
    },
    "People": {
        "people": ("cop.cli.invite:people", "Add, list and invite people, and print sign-in addresses."),
        "token": ("cop.cli.people:token", "Print a bearer token for the API."),
    },
    "Data": {
        "municipalities": ("cop.cli.municipalities:municipalities", "Import municipalities from a CSV file."),
        "import": (
            "cop.cli.importing.commands:import_",
            "Import threads from a Discourse backup or a mail archive.",
        ),
        "backup": ("cop.cli.backup:backup", "Write database and files to one archive."),
        "restore": ("cop.cli.restore:restore", "Restore an archive into an empty platform."),
    },
    "Develop": {
        "migration": ("cop.cli.migration:migration", "Make a migration from the models, and check it."),
    },
}
COMMANDS = {name: place for section in SECTIONS.values() for name, (place, _summary) in section.items()}


class Commands(manual.Group):
    """The commands by name, listed by section."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _colon, command = COMMANDS[name].partition(":")
        found: click.Command = getattr(import_module(module), command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the summaries by section."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(14), summary) for name, (_place, summary) in commands.items()])


@click.group(
    cls=Commands,
    examples=[
        ("Try the demo on this machine:", "COP_MODE=demo cop run"),
        ("Who is on it, for a script:", "cop people list --json"),
        ("Read the manual page of a command:", "cop backup --help"),
    ],
    environment=list(manual.settings()),
)
def cop() -> None:
    """Serve and maintain a platform for communities of practice.

    All settings come from the environment. From a checkout, `bin/cop` runs the same commands with the settings of
    `bin/run`: the demo, in the folder .data of the checkout.
    """


def main() -> None:
    """Run a command; report a wrong setting or an unreachable database in one line, without a traceback."""
    os.umask(0o077)  # database, files, caches and backups are for this account alone
    try:
        cop(prog_name="cop")
    except Misconfigured as wrong:
        click.echo(f"cop: {wrong}", err=True)
        sys.exit(2)
    except Exception as failure:
        if type(failure).__name__ != "OperationalError":  # of SQLAlchemy, which not every command imports
            raise
        click.echo(f"cop: the database cannot be used: {str(getattr(failure, 'orig', failure)).strip()}", err=True)
        sys.exit(1)
