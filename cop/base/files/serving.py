"""The headers with which a kept file goes to a browser."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal
from urllib.parse import quote

from cop.base.files.kinds import ALLOWED, UNKNOWN, Serving

POLICY = "default-src 'none'; sandbox"  # even a file that is shown runs nothing and belongs to no origin
LONGEST_NAME = 255  # bytes of UTF-8, what file systems take

_ATTR_CHAR = "!#$&+-.^_`|~"  # RFC 8187: these stay as they are beside letters and digits
_UNSENDABLE = ("Cc", "Cs", "Zl", "Zp")  # controls, lone surrogates, line and paragraph separators
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def served_as(media_type: str, inline: bool = False) -> tuple[str, Literal["inline", "attachment"]]:
    """The content type and disposition for `media_type`; `inline` asks to show a PDF."""
    known = ALLOWED.get(media_type)
    if known is None or known.serving is Serving.OPAQUE:
        return UNKNOWN, "attachment"
    shown = known.serving is Serving.SHOWN or (inline and known.serving is Serving.SHOWN_IF_ASKED)
    return media_type, "inline" if shown else "attachment"


def headers(name: str, media_type: str, inline: bool = False) -> dict[str, str]:
    """The headers of a file called `name`, whatever that name is made of (RFC 6266, RFC 8187)."""
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
    """`name` without folders, control characters and direction marks, not hidden and not too long."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if c not in _BIDI and unicodedata.category(c) not in _UNSENDABLE)
    return _shortened(name.strip(". ")) or "bestand"


def _shortened(name: str) -> str:
    """`name` within `LONGEST_NAME`, cut before its extension."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = dot + ending if stem and len(ending.encode()) < 20 else ""
    stem = name.removesuffix(tail).encode()[: LONGEST_NAME - len(tail.encode())].decode("utf-8", "ignore")
    return (stem + tail).rstrip(". ")


def _plain(name: str) -> str:
    """`name` in ASCII for what does not read `filename*`, without the characters that quoting trips over."""
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["\\%/\x00-\x1f\x7f]', "_", ascii_).strip().rstrip(". ")
    return plain if plain and plain[0] != "." else "bestand" + plain
