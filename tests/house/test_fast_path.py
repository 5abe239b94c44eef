"""SQLAlchemy's internals are used in cop/base/fast alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAST = ROOT / "cop" / "base" / "fast"
OTHERS = [file for file in sorted((ROOT / "cop").rglob("*.py")) if not file.is_relative_to(FAST)]


@pytest.mark.parametrize(
    "internal",
    [
        r"sqlalchemy\.orm\.attributes",
        r"sqlalchemy\.orm\.state",
        "class_manager",
        "instance_state",
        "identity_key",
        "identity_map",
        "make_transient",
        "set_committed_value",
        "exported_columns",
        r"\.cursor\(",
        "__dict__",
    ],
)
def test_only_the_fast_path_uses(internal: str) -> None:
    found = [file.relative_to(ROOT).as_posix() for file in OTHERS if re.search(internal, file.read_text())]
    assert found == []


def test_output_models_read_no_column_that_their_row_may_lack() -> None:
    """`getattr(row, name, default)` would hide a column that a query forgot."""
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in OTHERS
        if file.name == "forms.py" or file.parent.name == "forms"
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if re.search(r"getattr\([^()]*,[^()]*,", line)
    ]
    assert found == []


def test_the_fast_path_explains_itself_on_one_page() -> None:
    import cop.base.fast

    lines = (cop.base.fast.__doc__ or "").splitlines()
    assert 20 < len(lines) <= 45
    assert all(f"`{file.stem}`" in cop.base.fast.__doc__ for file in FAST.glob("*.py") if file.stem != "__init__")
