"""Help texts in the form of a manual page: purpose, usage, options, examples, environment and exit codes."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import click

from cop.config import Settings

EXITS = {
    0: "Done.",
    1: "Failed; the reason is on standard error.",
    2: "Wrong usage, or a setting that is missing or wrong.",
}
# Settings with which every command finds its platform.
PLATFORM = ("COP_MODE", "COP_DATA", "COP_DATABASE_URL", "COP_FILES_URL", "COP_SECRET_KEY", "COP_BASE_URL")
OTHERS = {"COP_TEST_POSTGRES_URL": "PostgreSQL server for tests; a database is made on it, and dropped afterwards"}
WIDTH = 100  # columns at most


class _Page:
    """Format a command's help as a manual page."""

    def __init__(
        self,
        *args: Any,
        arguments: Mapping[str, str] | None = None,
        examples: Sequence[tuple[str, str]] = (),
        environment: Sequence[str] = PLATFORM,
        exits: Mapping[int, str] | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("context_settings", {}).setdefault("help_option_names", ["-h", "--help"])
        options["context_settings"].setdefault("max_content_width", WIDTH)
        super().__init__(*args, **options)
        self.arguments, self.examples, self.environment = arguments or {}, examples, environment
        self.exits = EXITS | dict(exits or {})

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections of the page, in the order of a manual page."""
        summary, _blank, description = (self.help or "").partition("\n\n")  # type: ignore[attr-defined]
        formatter.write_text(f"{ctx.command_path} - {_without_stop(summary)}")
        formatter.write_paragraph()
        self.format_usage(ctx, formatter)  # type: ignore[attr-defined]
        if description:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(inspect.cleandoc(description))
        self._list(formatter, "Arguments", self.arguments)
        self.format_options(ctx, formatter)  # type: ignore[attr-defined]
        if self.examples:
            with formatter.section("Examples"):
                for words, line in self.examples:
                    formatter.write_text(words)
                    formatter.write(f"{'':>{formatter.current_indent}}  $ {line}\n")
        documented = settings() | OTHERS
        self._list(formatter, "Environment", {name: documented[name] for name in self.environment})
        self._list(formatter, "Exit codes", {str(code): words for code, words in self.exits.items()})
        self.format_epilog(ctx, formatter)  # type: ignore[attr-defined]

    @staticmethod
    def _list(formatter: click.HelpFormatter, title: str, rows: Mapping[str, str]) -> None:
        if rows:
            with formatter.section(title):
                formatter.write_dl(list(rows.items()))


class Command(_Page, click.Command):
    """A command with a manual page."""


class Group(_Page, click.Group):
    """A group of commands with a manual page."""

    command_class = Command


def settings() -> dict[str, str]:
    """Return every environment variable with its meaning and its default."""
    return {
        f.metadata["env"]: f.metadata["doc"] + (f" [default: {f.default}]" if f.default else "")
        for f in fields(Settings)
    }


def _without_stop(summary: str) -> str:
    words = " ".join(summary.split()).removesuffix(".")
    return words[:1].lower() + words[1:]
