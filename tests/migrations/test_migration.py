"""`cop migration`: makes a migration from the models, and finds the one that loses something."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner, Result

from cop.cli import cop, migrate, migration, seed
from cop.cli.migration import in_words

ROOT = Path(__file__).parents[2]

# A table, a column in a table that has rows, and a type of our own; in a process of its own, for it changes the models.
CHANGED = """
import sys
from pathlib import Path
import sqlalchemy as sa
from cop import create_app
from cop.base.db import Base, UtcDateTime
from cop.cli import main, migrate
from cop.config import Settings

folder, *arguments = sys.argv[1:]
create_app(Settings.read({}, mode="development", data=folder + "/data"))
ballot = sa.Table("ballot", Base.metadata, sa.Column("id", sa.Integer, primary_key=True))
ballot.append_column(sa.Column("thread_id", sa.ForeignKey("thread.id", ondelete="CASCADE"), index=True))
ballot.append_column(sa.Column("closes", UtcDateTime, nullable=True))
person = Base.metadata.tables["person"]
person.append_column(sa.Column("mood", sa.String(20), nullable=False, server_default="calm"))
migrate.place = lambda name: Path(folder) / name
sys.argv = ["cop", *arguments]
main()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, which the command uses; PostgreSQL is left out."""
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "place", lambda name: tmp_path / name)
    monkeypatch.setattr(migration, "_check_on_postgresql", lambda _folder: True)
    return tmp_path


@pytest.fixture
def without_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the databases without people, where the data does not matter."""
    monkeypatch.setattr(seed, "fill", lambda _app: None)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cop, ["migration", *arguments])


def write(folder: Path, name: str, up: str, down: str) -> None:
    """Puts a migration after the newest."""
    source = (ROOT / "migrations" / "script.py.mako").read_text()
    for place, words in {
        "${message}": name,
        '${imports if imports else ""}': "",
        "${repr(up_revision)}": repr(f"29991231_{name}"),
        "${repr(down_revision)}": repr(migrate.head()),
        '${upgrades if upgrades else "pass"}': up,
        '${downgrades if downgrades else "pass"}': down,
    }.items():
        source = source.replace(place, words)
    (folder / "migrations" / "versions" / f"29991231_{name}.py").write_text(source)


@pytest.mark.slow
def test_a_migration_is_made_and_checked_with_data(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHANGED, str(folder), "migration", "Add ballots"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = (folder / "migrations" / "versions").glob("*_add_ballots.py")
    assert re.fullmatch(r"20\d{6}_add_ballots\.py", made.name)
    lines = done.stdout.splitlines()
    assert lines[:4] == [
        f"Wrote {made}:",
        "  create table ballot",
        "  add index ix_ballot_thread_id on ballot",
        "  add column person.mood",
    ]
    assert re.match(r"SQLite: up, down and up again with [\d,]+ rows of the demo: in order", lines[4])
    assert re.match("PostgreSQL: ", done.stdout.splitlines()[5] if len(lines) > 5 else done.stderr)
    source = made.read_text()
    assert source.startswith(
        '"""Add ballots."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\nfrom cop.base.db'
    )
    assert "###" not in source
    assert f'down_revision = "{ScriptDirectory(str(ROOT / "migrations")).get_current_head()}"' in source
    subprocess.run([sys.executable, "-m", "ruff", "format", "--check", "--quiet", str(made)], check=True, cwd=ROOT)


def test_nothing_is_made_when_models_and_migrations_agree(folder: Path) -> None:
    before = sorted((folder / "migrations" / "versions").iterdir())
    done = run("nothing")
    assert done.exit_code == 1
    assert "agree; there is nothing to migrate" in done.output
    assert sorted((folder / "migrations" / "versions").iterdir()) == before


@pytest.mark.parametrize("arguments", [[], ["name", "--check"], ["…"]])
def test_a_name_or_a_check_is_asked(folder: Path, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.usefixtures("without_demo")
@pytest.mark.parametrize(
    ("up", "down", "words"),
    [
        (
            'op.add_column("person", sa.Column("mood", sa.String()))',
            'op.drop_column("person", "mood")',
            "the models want more than the migrations do: drop column person.mood",
        ),
        ('op.execute("SELECT 1")', 'raise NotImplementedError("no way back")', "down with the data of the demo fails"),
        ('op.execute("SELECT 1")', 'op.drop_table("reaction")', "down does not lead to the same tables: reaction"),
        ('op.execute("SELECT wrong")', "pass", "up fails: no such column: wrong"),
    ],
)
def test_a_migration_that_does_not_do_is_found(folder: Path, up: str, down: str, words: str) -> None:
    write(folder, "wrong", up, down)
    done = run("--check")
    assert done.exit_code == 1
    assert f"SQLite: {words}" in done.output
    assert "run `cop migration --check`" in done.output


@pytest.mark.slow
def test_rows_that_are_lost_are_found(folder: Path) -> None:
    write(folder, "wrong", 'op.execute("SELECT 1")', 'op.execute("DELETE FROM reaction")')
    done = run("--check")
    assert done.exit_code == 1
    assert re.search(r"changes the number of rows: reaction \(\d+ before, 0 after\)", done.output)


@pytest.mark.slow
def test_a_table_replaced_by_its_copy_keeps_the_rows_that_refer_to_it(folder: Path) -> None:
    step = 'with op.batch_alter_table("person", recreate="always"):\n        pass'
    write(folder, "copied", step, step)
    done = run("--check")
    assert done.exit_code == 0, done.output


def test_a_change_is_said_in_words() -> None:
    assert in_words([("modify_nullable", None, "thread", "title", {}, True, False)]) == (
        "change nullable of thread.title from True to False"
    )
    table: Any = type("Table", (), {"name": "ballot"})
    assert in_words(("remove_table", table)) == "drop table ballot"
