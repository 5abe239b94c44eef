"""Cleaning of single-line fields: titles and file names."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
# Controls of direction, zero-width characters, blank letters and tags. The joiners of emoji and of Persian stay.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_JOINERS = re.compile(
    "(?<![^\\W\\d_a-zA-Z\u00c0-\u024f])[\u200c\u200d](?![\u2600-\u27bf\U0001f000-\U0001faff])"
)  # that join nothing
_COMPOSABLE = 1_000  # composing is quadratic in stacked accents; no single-line field is longer than this


def clean_line(value: str) -> str:
    """Return a title or name on one line: composed (NFC), trimmed, without controls and invisible characters.

    Return "" if nothing is visible.
    """
    line = _JOINERS.sub("", _without_controls(_INVISIBLE.sub("", _BREAKS.sub(" ", value)))).strip()
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


def slug(name: str, length: int = 56) -> str:
    """Return the part of an address that is made from a name: "Zachte landing" gives zachte-landing; "" if it has no
    letters that an address can show."""
    plain = unicodedata.normalize("NFKD", name[:_COMPOSABLE]).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:length].strip("-")
    return made if len(made) > 1 else ""


def _without_controls(value: str) -> str:
    if len(value) <= _COMPOSABLE:
        value = unicodedata.normalize("NFC", value)
    return "".join(character for character in value if unicodedata.category(character) not in ("Cc", "Cs"))
