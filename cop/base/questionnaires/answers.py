"""The values of answers: cleaned when they are saved, checked for completeness when they are sent in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypedDict

from pydantic import TypeAdapter, ValidationError

from cop.base.forms import UNUSABLE, Day
from cop.base.questionnaires.counting import count_words, normalized
from cop.base.questionnaires.definition import Block, Definition, active_blocks
from cop.base.words import _, n_

LONGEST = 40_000  # characters of one text
ROWS = 20  # organisations or people in one answer, where no limit is given
NOT_A_DATE = "not a date"
_DAY: TypeAdapter[Any] = TypeAdapter(Day)
COLUMNS = {"organisations": ("name", "kind", "municipality"), "people": ("name", "function", "mail")}


class Criterion(TypedDict):
    """The answer to a criterion."""

    ticked: bool
    text: str


def cleaned(block: Block | None, value: Any) -> Any:
    """Return a value as it is stored, by the kind of its block (None: a criterion); raise ValueError when it is none.

    A text over its limit, or a date that cannot be read, is kept as it was typed: only sending in refuses it.
    """
    if block is None:
        given = value if isinstance(value, dict) else {}
        return {"ticked": bool(given.get("ticked")), "text": _text(given.get("text", ""))}
    match block.kind:
        case "short":
            return " ".join(_text(value).split("\n"))
        case "long" | "number":
            return _text(value)
        case "date":
            return _date(_text(value))
        case "choice":
            keys = [value] if isinstance(value, str) and value else value or []
            known = {option.key for option in block.options}
            return [key for key in keys if key in known][: None if block.several else 1]
        case "agreement":
            return bool(value)
        case "organisations" | "people":
            return _rows(value or [], COLUMNS[block.kind], block.limit or ROWS)
    raise ValueError("files are attached")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        raise ValueError("a text")
    text = str(value)
    if UNUSABLE.search(text) or len(text) > LONGEST:
        raise ValueError("a text that can be stored")
    return normalized(text)


def _date(value: str) -> str:
    try:
        return str(_DAY.validate_python(value).isoformat()) if value else ""
    except ValidationError:
        return value


def _rows(value: Any, columns: tuple[str, ...], most: int) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise ValueError("a list of rows")
    rows = [{name: _text(row.get(name, ""))[:200] for name in columns} for row in value[: most + 10]]
    return [row for row in rows if any(row[name] for name in columns if name != "kind")][:most]


def is_empty(value: Any) -> bool:
    """Return whether nothing was answered."""
    return value in (None, "", [], False) or (isinstance(value, dict) and not value.get("ticked") and not value["text"])


def problems(definition: Definition, answers: Mapping[str, Any], files: Mapping[str, int]) -> dict[str, str]:
    """Return what keeps the answers from being sent in, in words by key; `files` counts the attachments by block."""
    found: dict[str, str] = {}
    for block in active_blocks(definition, answers):
        value = files.get(block.key, 0) if block.kind == "file" else answers.get(block.key)
        if block.kind == "file" and not value:
            value = None
        if words := _problem(block, value):
            found[block.key] = words
    for criterion in definition.criteria:
        value = answers.get(criterion.key) or {"ticked": False, "text": ""}
        if value["ticked"] and not value["text"]:
            found[criterion.key] = _("Licht toe hoe u hieraan voldoet.")
    return found


def _problem(block: Block, value: Any) -> str:
    if is_empty(value):
        if not block.required:
            return ""
        return _("Vink dit aan om verder te kunnen.") if block.kind == "agreement" else _("Vul dit in.")
    match block.kind:
        case "short" | "long" if block.limit and (words := count_words(value)) > block.limit:
            return n_(
                "Dit zijn %(n)s woorden. Hoogstens %(most)s.",
                "Dit zijn %(n)s woorden. Hoogstens %(most)s.",
                words,
                most=block.limit,
            )
        case "number" if not _is_number(value):
            return _("Dit is geen geldig getal.")
        case "date" if not _is_date(value):
            return _("Dit is geen datum. Schrijf de datum zo: 4 mei 2026 of 04-05-2026.")
        case "organisations" if any(not row["name"] or not row["kind"] for row in value):
            return _("Vul van elke organisatie de naam en de soort in.")
        case "people" if any(not row["name"] for row in value):
            return _("Vul van iedereen de naam in.")
    return ""


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value.replace(".", "").replace(",", ".") if "," in value else value))
    except ValueError:
        return False


def _is_date(value: str) -> bool:
    try:
        _DAY.validate_python(value)
    except ValidationError:
        return False
    return True
