"""Conversion of clean HTML back to Markdown, for editing without JavaScript, and a check of what it loses."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from cop.base.text.mentions import as_typed
from cop.base.text.reading import to_plain
from cop.base.text.refusals import TooDeep, TooLong
from cop.base.text.rendering import to_html
from cop.base.text.tags import TAG, name_of

_MARK = re.compile(r"[\\`\[|]|~(?=~)|<(?=[a-z])|&(?=#?\w+;)|(?<!\s)\*|\*(?!\s)|(?<!\w)_|_(?!\w)", re.I)
_PERSON = re.compile(r"/people/(\d{1,10})")
_LINE_MARK = re.compile(r"^ *(?:\d{1,9}(?=[.)](?:\s|$))|(?=>|[-+](?:[\s-]|$)|#{1,6}(?:\s|$)|=+\s*$))", re.M)


def to_markdown(html: str) -> str:
    """Return the HTML as Markdown, for editing without JavaScript; mentions become `@[Name](person:57)`."""
    from markdownify import MarkdownConverter  # slow to import, seldom used

    class Converter(MarkdownConverter):
        """Escapes a mark only where it would be parsed as one, because people edit the result."""

        def escape(self, text: str, parent_tags: set[str]) -> str:
            escaped = _LINE_MARK.sub(r"\g<0>\\", _MARK.sub(r"\\\g<0>", text))
            return escaped.replace("]", r"\]") if "a" in parent_tags else escaped  # it would end the words of the link

        def process_text(self, el: Any, parent_tags: set[str] | None = None) -> str:
            """Return the text on one line: in HTML a line end is a space, in Markdown a line break."""
            words: str = super().process_text(el, parent_tags)  # type: ignore[misc]
            if el.find_parent("pre"):
                return words
            after_break = getattr(el.previous_sibling, "name", None) == "br"
            return (words.lstrip("\n") if after_break else words).replace("\n", " ")

        def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
            """Return a mention with the id of the person, another link as usual."""
            person = _PERSON.fullmatch(el.get("href", ""))
            if person and el.get_text().startswith("@"):
                return as_typed(el.get_text().removeprefix("@"), int(person[1]))
            converted: str = super().convert_a(el, text, parent_tags)  # type: ignore[misc]
            return converted

    return Converter(heading_style="atx", bullets="-").convert(html)


def editable(source: str, format: str) -> tuple[str, str | None, str]:
    """Return a text that is written on: for a plain field, as HTML for the editor, and the format of the former.

    HTML becomes Markdown for the plain field; what cannot be rendered stays as it was typed.
    """
    if format != "html" or not source:
        return source, None, format
    try:
        html = to_html(source, format)
        return to_markdown(html), html, "markdown"
    except (TooLong, TooDeep):
        return source, None, format


def loses(html: str) -> bool:
    """Return whether Markdown loses part of the HTML: underline, joined cells, lists in cells."""
    try:
        returned = to_html(to_markdown(html), "markdown")
    except (TooLong, TooDeep):
        return True
    return _outline(html.replace(' class="mention"', "")) != _outline(returned)


def _outline(html: str) -> tuple[Counter[str], list[str]]:
    """Return the tags and words, without what Markdown does not define: paragraphs in lists, the parts of a table."""
    tags = Counter(tag for tag in TAG.findall(html) if name_of(tag) not in {"p", "thead", "tbody"})
    return tags, to_plain(html).split()
