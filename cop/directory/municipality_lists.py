"""Lists of municipalities as CSV: each line is understood, or what is wrong in it is named."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from cop.base.errors import Invalid
from cop.base.forms import read_day
from cop.base.words import _
from cop.members.address_lists import decode, folded
from cop.society.regions import PROVINCES

LARGEST = 1_000_000  # bytes
MOST_ERRORS = 20  # that are named; the rest is counted
LONGEST_NAME = 200
HEADERS = {
    "code": {"code", "gemeentecode", "gmcode"},
    "name": {"naam", "gemeente", "gemeentenaam", "name"},
    "province": {"provincie", "provincienaam", "province"},
    "starts": {"van", "vanaf", "ingangsdatum", "from", "starts"},
    "until": {"tot", "totenmet", "einddatum", "until", "to"},
    "successor": {"opvolger", "opvolgercode", "successor"},
}
COLUMNS = {head: column for column, heads in HEADERS.items() for head in heads}
REQUIRED = ("code", "name", "province")
PROVINCE_CODES = {folded(word): code for code, name in PROVINCES.items() for word in (code, f"NL-{code}", name)}
PROVINCE_CODES |= {"fryslan": "fr", "nbr": "nb"}


class Line(NamedTuple):
    """A municipality on a list; `line` is the number of its line."""

    line: int
    code: str
    name: str
    province: str
    starts: date | None
    until: date | None
    successor: str | None


class Wrong(Exception):
    """What is wrong in a line, in words."""


def parse(content: bytes, known: Mapping[str, str | None]) -> list[Line]:
    """Return the municipalities on a list; raise Invalid with what is wrong, by line.

    known: those that are recorded, with the code of the successor of each.
    """
    text = decode(content)
    if text is None:
        raise Invalid(errors={"file": _("Dit is geen CSV-bestand. Kies in uw rekenprogramma Opslaan als CSV.")})
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    columns, delimiter = _heading(lines[0])
    rows: dict[str, Line] = {}
    named = set(known)  # also by lines with an error: they can be a successor
    errors: list[tuple[int, str]] = []
    reader = csv.reader(lines[1:], delimiter=delimiter)
    for cells in reader:
        number = reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        with suppress(Wrong, IndexError):
            named.add(_code(cells[columns.index("code")].strip()))
        try:
            row = _line(number, columns, cells)
            if row.code in rows:
                raise Wrong(_("%(code)s staat ook op regel %(line)s", code=row.code, line=rows[row.code].line))
            rows[row.code] = row
        except Wrong as wrong:
            errors.append((number, str(wrong)))
    errors += _wrong_successors(rows, known, named)
    if errors:
        raise Invalid(errors={"file": _said(sorted(errors))})
    if not rows:
        raise Invalid(errors={"file": _("In dit bestand staat geen gemeente.")})
    return list(rows.values())


def _heading(line: str) -> tuple[list[str], str]:
    """Return the columns that the first line names, and what separates them."""
    for delimiter in ";\t,":
        columns = [COLUMNS.get(folded(cell), "") for cell in next(csv.reader([line], delimiter=delimiter), [])]
        if all(name in columns for name in REQUIRED):
            return columns, delimiter
    raise Invalid(
        errors={"file": _("Begin met een regel met de namen van de kolommen: code;naam;provincie;van;tot;opvolger.")}
    )


def _line(number: int, columns: list[str], cells: list[str]) -> Line:
    if any(cell.strip() for cell in cells[len(columns) :]):
        raise Wrong(_("deze regel heeft meer kolommen dan de eerste regel"))
    given = {column: " ".join(cell.split()) for column, cell in zip(columns, cells, strict=False) if column}
    code, name = _code(given["code"]), given.get("name", "")
    if not name or len(name) > LONGEST_NAME:
        raise Wrong(_("vul de naam van de gemeente in"))
    province = PROVINCE_CODES.get(folded(given.get("province", "")))
    if province is None:
        raise Wrong(_("%(word)s is geen provincie", word=given.get("province") or _("Een lege cel")))
    starts, until = _day(given.get("starts", "")), _day(given.get("until", ""))
    if starts and until and until < starts:
        raise Wrong(_("de laatste dag ligt voor de eerste dag"))
    successor = _code(given["successor"]) if given.get("successor") else None
    if successor and not until:
        raise Wrong(_("een gemeente met een opvolger heeft ook een laatste dag"))
    return Line(number, code, name, province, starts, until, successor)


def _code(word: str) -> str:
    """Return a code as Statistics Netherlands writes it; the letters and leading zeros may be left out."""
    found = re.fullmatch(r"(?:GM)?(\d{1,4})", word.upper(), re.ASCII)
    if found is None:
        raise Wrong(_("%(word)s is geen gemeentecode, zoals GM0344", word=word or _("Een lege cel")))
    return f"GM{found[1].zfill(4)}"


def _day(word: str) -> date | None:
    if not word:
        return None
    found = read_day(word)
    if found is None:
        raise Wrong(_("%(word)s is geen datum; schrijf de datum zo: 31-12-2018", word=word))
    return found


def _wrong_successors(
    rows: Mapping[str, Line], known: Mapping[str, str | None], named: Collection[str]
) -> list[tuple[int, str]]:
    """Return the lines whose successor does not exist, or leads back to themselves."""
    after = {**known, **{code: row.successor for code, row in rows.items()}}
    found = []
    for row in rows.values():
        if row.successor and row.successor not in named:
            words = _("de opvolger %(code)s staat niet in dit bestand en is ook niet bekend", code=row.successor)
            found.append((row.line, words))
        elif row.successor and _returns(row.code, after):
            found.append((row.line, _("%(code)s is langs een omweg de opvolger van zichzelf", code=row.code)))
    return found


def _returns(code: str, after: Mapping[str, str | None]) -> bool:
    seen, now = set(), after.get(code)
    while now and now not in seen:
        if now == code:
            return True
        seen.add(now)
        now = after.get(now)
    return False


def _said(errors: list[tuple[int, str]]) -> str:
    """Return the errors as lines, each with its number."""
    said = [_("Regel %(line)s: %(said)s.", line=line, said=words) for line, words in errors[:MOST_ERRORS]]
    if len(errors) > MOST_ERRORS:
        said.append(_("En nog %(n)s regels met een fout.", n=len(errors) - MOST_ERRORS))
    return "\n".join(said)
