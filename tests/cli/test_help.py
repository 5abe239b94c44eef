"""Every command has a page of help that can be read without another."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from cop.cli import COMMANDS, SECTIONS, cop
from cop.cli.manual import EXITS, settings
from cop.config import VARIABLES


def commands(group: click.Group = cop, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command and group below `group`, by its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield (*path, name), found
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))


ALL = dict(commands())


def page(*path: str) -> str:
    """What `cop … --help` prints."""
    done = CliRunner().invoke(cop, [*path, "--help"], prog_name="cop", terminal_width=100)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_page_has_all_its_parts(path: tuple[str, ...]) -> None:
    lines = page(*path).splitlines()
    assert lines[0].startswith(f"cop {' '.join(path)} - ")
    assert len(lines[0]) <= 100
    assert lines[2].startswith(f"Usage: cop {' '.join(path)} ")
    parts = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    wanted = ["Options:", *(["Commands:"] if isinstance(ALL[path], click.Group) else []), "Examples:", "Exit codes:"]
    assert [part for part in wanted if part not in parts] == []
    assert max(map(len, (line for line in lines if "$ " not in line))) <= 100


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_option_and_argument_is_explained(path: tuple[str, ...]) -> None:
    for parameter in ALL[path].params:
        if isinstance(parameter, click.Option):
            assert parameter.help
        else:
            assert parameter.human_readable_name.upper() in ALL[path].arguments  # type: ignore[attr-defined]


def test_the_list_says_of_each_command_what_its_page_says() -> None:
    summaries = {name: summary for section in SECTIONS.values() for name, (_place, summary) in section.items()}
    told = {name: (ALL[(name,)].help or "").partition("\n\n")[0] for name in COMMANDS}
    assert told == summaries


def test_the_list_has_every_command_setting_and_exit_code() -> None:
    shown = page()
    assert [name for name in (*COMMANDS, *VARIABLES.values(), *SECTIONS) if name not in shown] == []
    assert [words for words in EXITS.values() if words not in shown] == []
    assert settings()["COP_SOCKETS"] == "live connections one process accepts at most [default: 300]"
