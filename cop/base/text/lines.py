"""Cleaning of single-line fields: titles and file names."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
_INVISIBLE = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")  # bidi and zero-width
_COMPOSABLE = 1_000  # composing is quadratic in stacked accents; no single-line field is longer than this


def clean_line(value: str) -> str:
    """Return a title or name on one line: composed (NFC), trimmed, without control characters; "" if nothing is visible."""
    line = _without_controls(_BREAKS.sub(" ", value)).strip()
    return line if any(unicodedata.category(character)[0] not in "CZ" for character in line) else ""


def clean_filename(value: str) -> str:
    """Return a file name without folders, control and bidi characters; at most 200 characters, with its extension."""
    value = _without_controls(_INVISIBLE.sub("", _BREAKS.sub(" ", value)))
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
