"""Conversion of clean HTML back to Markdown, for editing without JavaScript, and a check of what it loses."""

from __future__ import annotations

import re
from collections import Counter

from cop.base.text.mentions import unmention
from cop.base.text.reading import to_plain
from cop.base.text.refusals import TooDeep, TooLong
from cop.base.text.rendering import to_html
from cop.base.text.tags import TAG, name_of

_MARK = re.compile(r"[\\`\[|]|~(?=~)|<(?=[a-z])|&(?=#?\w+;)|(?<!\s)\*|\*(?!\s)|(?<!\w)_|_(?!\w)", re.I)
_LINE_MARK = re.compile(r"^ *(?:\d{1,9}(?=[.)](?:\s|$))|(?=>|[-+](?:[\s-]|$)|#{1,6}(?:\s|$)|=+\s*$))", re.M)


def to_markdown(html: str) -> str:
    """Return the HTML as Markdown, for editing without JavaScript; mentions become plain `@Name`."""
    from markdownify import MarkdownConverter  # slow to import, seldom used

    class Converter(MarkdownConverter):
        """Escapes a mark only where it would be parsed as one, because people edit the result."""

        def escape(self, text: str, parent_tags: set[str]) -> str:
            return _LINE_MARK.sub(r"\g<0>\\", _MARK.sub(r"\\\g<0>", text))

    return Converter(heading_style="atx", bullets="-").convert(unmention(html))


def editable(source: str, format: str) -> tuple[str, str | None, str]:
    """Return a text that is written on: for a plain field, as HTML for the editor, and the format of the former.

    HTML becomes Markdown for the plain field; what cannot be rendered stays as it was typed.
    """
    if format != "html" or not source:
        return source, None, format
    try:
        html = to_html(source, format)
        return to_markdown(html), unmention(html), "markdown"
    except (TooLong, TooDeep):
        return source, None, format


def loses(html: str) -> bool:
    """Return whether Markdown loses part of the HTML: underline, joined cells, lists in cells."""
    try:
        returned = to_html(to_markdown(html), "markdown")
    except (TooLong, TooDeep):
        return True
    return _outline(unmention(html)) != _outline(returned)


def _outline(html: str) -> tuple[Counter[str], list[str]]:
    """Return the tags and words, without what Markdown does not define: paragraphs in lists, the parts of a table."""
    tags = Counter(tag for tag in TAG.findall(html) if name_of(tag) not in {"p", "thead", "tbody"})
    return tags, to_plain(html).split()
