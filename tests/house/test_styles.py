"""The style sheets: their format, their weight, and where they may override everything else."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from cop.base.web.assets import Assets

STATIC = Path(__file__).parents[2] / "static"
SHEETS = sorted((STATIC / "css").rglob("*.css"))
OVERRIDING = ("@media print", "@media (prefers-reduced-motion")  # where `!important` is allowed


def _lines(sheet: Path) -> Iterator[tuple[str, str, str]]:
    """Return each line with its place and the at-rules and selectors around it."""
    source = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), sheet.read_text(), flags=re.DOTALL)
    around: list[str] = []
    for number, line in enumerate(source.splitlines(), 1):
        around = around[: len(around) - line.count("}")]
        yield f"{sheet.relative_to(STATIC)}:{number}", line.strip(), " ".join(around)
        if line.endswith("{"):
            around.append(line.strip())


def _without_arguments(line: str) -> str:
    """Return the line without what is between parentheses."""
    while (shorter := re.sub(r"\([^()]*\)", "", line)) != line:
        line = shorter
    return line


def test_the_joined_sheet_stays_light() -> None:
    sent = gzip.compress(Assets(STATIC).bodies["css/app.css"], 9, mtime=0)
    assert len(sent) <= 20_000


def test_one_declaration_per_line() -> None:
    packed = re.compile(r"[;{}].*[;{}]")
    wrong = [place for sheet in SHEETS for place, line, _around in _lines(sheet) if packed.search(line)]
    assert wrong == []


def test_one_selector_per_line() -> None:
    packed = re.compile(r",[^,]*[{,]$")
    wrong = [
        place
        for sheet in SHEETS
        for place, line, _around in _lines(sheet)
        if not line.startswith("@") and packed.search(_without_arguments(line))
    ]
    assert wrong == []


def test_important_only_in_print_and_reduced_motion() -> None:
    wrong = [
        place
        for sheet in SHEETS
        for place, line, around in _lines(sheet)
        if "!important" in line and not any(rule in around for rule in OVERRIDING)
    ]
    assert wrong == []
