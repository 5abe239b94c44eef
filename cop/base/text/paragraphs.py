"""Plain text, written out as paragraphs."""

from __future__ import annotations

import re
from html import escape

from cop.base.text.addresses import LINKS, bare_addresses, link
from cop.base.text.tags import opening

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


def paragraphs(source: str) -> str:
    """Plain text as paragraphs, parted at empty lines, with its line breaks and its addresses as links."""
    parts = []
    source = source.strip()
    for words, href in bare_addresses(source, LINKS):
        words = escape(words, quote=False)
        if href:
            parts.append(f"{opening('a', link(href))}{words}</a>")
        else:
            parts.append(_PARAGRAPH.sub("</p><p>", words).replace("\n", "<br>"))
    return f"<p>{''.join(parts)}</p>" if source else ""
