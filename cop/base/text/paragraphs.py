"""Conversion of plain text to HTML paragraphs."""

from __future__ import annotations

import re
from html import escape

from cop.base.text.addresses import LINKS, bare_addresses, link
from cop.base.text.tags import opening

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


def paragraphs(source: str) -> str:
    """Return plain text as paragraphs, split at empty lines, with line breaks and with URLs as links."""
    parts = []
    source = source.strip()
    for words, href in bare_addresses(source, LINKS):
        words = escape(words, quote=False)
        if href:
            parts.append(f"{opening('a', link(href))}{words}</a>")
        else:
            parts.append(_PARAGRAPH.sub("</p><p>", words).replace("\n", "<br>"))
    return f"<p>{''.join(parts)}</p>" if source else ""
