"""Fields of one line: titles, and the names of files."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
_UNSEEN = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")  # bidi and zero-width
_COMPOSABLE = 1_000  # composing is quadratic in a pile of accents; no field of one line takes more than this


def clean_line(value: str) -> str:
    """A title or name on one line: composed (NFC), no control characters, trimmed; empty if nothing shows."""
    line = _without_controls(_BREAKS.sub(" ", value)).strip()
    return line if any(unicodedata.category(character)[0] not in "CZ" for character in line) else ""


def clean_filename(value: str) -> str:
    """A file's own name, no folders, control or bidi characters; at most 200 characters, extension kept."""
    value = _without_controls(_UNSEEN.sub("", _BREAKS.sub(" ", value)))
    parts = (part.strip().rstrip(". ") for part in reversed(re.split(r"[/\\]", value)))
    name = next(filter(None, parts), "bestand")
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 20:
        return name[:200].rstrip()
    return stem[: 200 - len(dot + extension)].rstrip() + dot + extension


def _without_controls(value: str) -> str:
    if len(value) <= _COMPOSABLE:
        value = unicodedata.normalize("NFC", value)
    return "".join(character for character in value if unicodedata.category(character) not in ("Cc", "Cs"))
