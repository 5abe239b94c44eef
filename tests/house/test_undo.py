"""How long what ends or gives access can be undone: as long in every feature, said in one place."""

from __future__ import annotations

from pathlib import Path

COP = Path(__file__).parents[2] / "cop"


def test_the_time_to_undo_is_said_once() -> None:
    files = [file for file in COP.rglob("*.py") if "\nUNDO_WITHIN =" in file.read_text()]
    assert [file.relative_to(COP).as_posix() for file in files] == ["base/action.py"]
