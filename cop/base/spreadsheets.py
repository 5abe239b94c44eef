"""Tables as XLSX files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL = 32_767  # characters that a cell holds; a longer text goes on in the next column
COLUMNS, WIDTH = 50, 24  # columns that are made wide enough for a name, in characters
Cell = str | float | int | None


def as_xlsx(lines: Iterable[Sequence[Cell]], title: str, *, frozen: int = 1) -> IO[bytes]:
    """Return an XLSX file with one sheet, written row by row; the first row and `frozen` columns stay in view.

    Strings are strings, never formulas or links, and a long one goes on in further columns.
    """
    import xlsxwriter  # large, and needed by few requests

    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the response that reads it
    with xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, frozen)
        sheet.set_column(0, COLUMNS, WIDTH)
        for number, line in enumerate(lines):
            column = 0
            for cell in line:
                column = _write(sheet, number, column, cell)
    file.seek(0)
    return file


def _write(sheet: Any, row: int, column: int, cell: Cell) -> int:
    """Write a cell and return the next column; only a text that is too long takes more than one."""
    if isinstance(cell, (int, float)):
        sheet.write_number(row, column, cell)
        return column + 1
    text = cell or ""
    for start in range(0, max(1, len(text)), CELL):
        if part := text[start : start + CELL]:
            sheet.write_string(row, column, part)
        column += 1
    return column
