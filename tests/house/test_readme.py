"""The README documents every setting as config.py does."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from cop.config import Settings

README = Path(__file__).parents[2] / "README.md"


def rows() -> list[str]:
    """Return the rows of the table, made from the settings."""
    return [
        f"| `{f.metadata['env']}` | {f.metadata['doc'].replace('|', '/')} | {f'`{f.default}`' if f.default else ''} |"
        for f in fields(Settings)
    ]


def test_every_setting_is_documented() -> None:
    text = README.read_text()
    assert [row for row in rows() if row not in text] == []
