"""The headers with which a stored file is served."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal
from urllib.parse import quote

from cop.base.files.kinds import ALLOWED, UNKNOWN, Serving

POLICY = "default-src 'none'; sandbox"  # a file that is shown runs nothing and has no origin
LONGEST_NAME = 255  # bytes of UTF-8, the limit of file systems

_ATTR_CHAR = "!#$&+-.^_`|~"  # not encoded, beside letters and digits (RFC 8187)
_UNSENDABLE = ("Cc", "Cs", "Zl", "Zp")  # controls, lone surrogates, line and paragraph separators
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def served_as(media_type: str, inline: bool = False) -> tuple[str, Literal["inline", "attachment"]]:
    """Return the content type and disposition for `media_type`; `inline` asks to show a PDF."""
    known = ALLOWED.get(media_type)
    if known is None or known.serving is Serving.OPAQUE:
        return UNKNOWN, "attachment"
    shown = known.serving is Serving.SHOWN or (inline and known.serving is Serving.SHOWN_IF_ASKED)
    return media_type, "inline" if shown else "attachment"


def headers(name: str, media_type: str, inline: bool = False) -> dict[str, str]:
    """Return the headers for a file of any name (RFC 6266, RFC 8187)."""
    content_type, disposition = served_as(media_type, inline)
    name = _sendable(name)
    names = f"filename=\"{_plain(name)}\"; filename*=UTF-8''{quote(name, _ATTR_CHAR)}"
    return {
        "Content-Type": content_type,
        "Content-Disposition": f"{disposition}; {names}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _sendable(name: str) -> str:
    """Return `name` without folders, control characters, direction marks and leading dots, shortened."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if c not in _BIDI and unicodedata.category(c) not in _UNSENDABLE)
    return _shortened(name.strip(". ")) or "bestand"


def _shortened(name: str) -> str:
    """Return `name` within `LONGEST_NAME`, cut before its extension."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = dot + ending if stem and len(ending.encode()) < 20 else ""
    stem = name.removesuffix(tail).encode()[: LONGEST_NAME - len(tail.encode())].decode("utf-8", "ignore")
    return (stem + tail).rstrip(". ")


def _plain(name: str) -> str:
    """Return `name` in ASCII for clients without `filename*`, without characters that are hard to quote."""
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%/\x00-\x1f\x7f]', "_", ascii_).strip().rstrip(". ")
    return plain if plain and plain[0] != "." else "bestand" + plain
