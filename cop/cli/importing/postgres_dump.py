"""The rows of a PostgreSQL dump in SQL, read as text: no server is needed.

pg_dump writes each table as `COPY schema.table (columns) FROM stdin;`, a line per row and a line with `\\.`. Values are
separated by tabs, NULL is `\\N`, and backslashes escape what would break a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

_COPY = re.compile(rb'COPY (?:"?\w+"?\.)?"?(\w+)"? \((.*)\) FROM stdin;\s*$')
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)", re.S)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
Row = list[str | None]


def rows(stream: IO[bytes], wanted: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Row]]:
    """Yield the rows of the wanted tables: the name of the table, and the wanted columns, None for one that it lacks."""
    lines = iter(stream)
    for line in lines:
        if line.startswith(b"COPY ") and (copy := _COPY.match(line)):
            table = copy[1].decode()
            columns = [name.strip().strip('"') for name in copy[2].decode().split(",")]
            positions = [columns.index(name) if name in columns else None for name in wanted.get(table, ())]
            for row in lines:
                if row.rstrip(b"\r\n") == b"\\.":
                    break
                if positions:
                    yield table, _values(row, positions)


def _values(line: bytes, positions: Sequence[int | None]) -> Row:
    fields = line.rstrip(b"\n").split(b"\t")
    return [None if at is None or at >= len(fields) else _value(fields[at]) for at in positions]


def _value(field: bytes) -> str | None:
    if field == b"\\N":
        return None
    value = field.decode(errors="replace")
    return _ESCAPE.sub(_unescaped, value) if "\\" in value else value


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] == "x" and len(code) > 1:
        return chr(int(code[1:], 16))
    if code[0].isdigit():
        return chr(int(code, 8))
    return _LETTERS.get(code, code)
