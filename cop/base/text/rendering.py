"""Rendering of a source in one of three formats to clean HTML and plain text."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Any

from cop.base.text.cleaners import GATE, open_bleach
from cop.base.text.commonmark import CommonMark
from cop.base.text.direction import with_direction
from cop.base.text.paragraphs import paragraphs
from cop.base.text.reading import to_plain
from cop.base.text.refusals import TooLong
from cop.base.text.tree import CONTROLS, well_formed

VERSION = 2  # 2: line breaks of Markdown stay, right-to-left blocks have a `dir`

LIMIT = 100_000  # characters of source
BLEACH_COST = 8_000  # in entities, about 7 µs each; a tag costs two

_BREAKS_FIRST = re.compile(r"(<pre[^>]*>)\n+")  # a browser drops the first one, so each reading would lose another
_SURROGATES = re.compile("[\ud800-\udfff]")
# The most common input: paragraphs of sentences without any markup, which need neither Markdown nor bleach. A full stop
# or colon followed by a character may be part of a URL; a digit at the start, a list.
_SENTENCES = r"""[^\W\d_](?:[^\W_]|[,;!?()'"‘’“”…–%€-]|[.:](?![^\s<])|\ (?![\ \n<]|\Z))*"""
_PROSE = re.compile(rf"{_SENTENCES}(?:\n\n{_SENTENCES})*")
_WRITTEN_PROSE = re.compile(rf"(?:<p>{_SENTENCES}</p>)+")


@dataclass(frozen=True, slots=True)
class Text:
    """A source as typed, and its rendering: `html` for pages, `plain` for search, excerpts and email."""

    source: str
    format: str
    html: str
    plain: str


def render(source: str, format: str) -> Text:
    """Render a source; raise TooLong, TooDeep, or ValueError for an unknown format."""
    source = _storable(source)
    html = to_html(source, format)
    return Text(source, format, html, to_plain(html))


def to_html(source: str, format: str) -> str:
    """Return clean HTML of a source in `html`, `markdown` (CommonMark and tables) or `plain`; raise as `render`."""
    return with_direction(_clean_html(source, format))


def _clean_html(source: str, format: str) -> str:
    if len(source) > LIMIT:
        raise TooLong(LIMIT)
    source = CONTROLS.sub("", _storable(source).replace("\r\n", "\n").replace("\r", "\n"))
    match format:
        case "html" if _WRITTEN_PROSE.fullmatch(source):
            return GATE.clean(source)
        case "html":
            markup, cost = well_formed(source)
        case "markdown" if _PROSE.fullmatch(source):
            return GATE.clean("<p>{}</p>".format(source.replace("\n\n", "</p>\n<p>")))
        case "markdown":
            markup, cost = well_formed(_parsers.markdown.render(source, {"steps": count(1)}))
        case "plain":  # we write every tag and link every URL: bleach would change nothing
            return GATE.clean(paragraphs(source))
        case _:
            raise ValueError(f"unknown text format: {format!r}")
    if cost <= BLEACH_COST:  # beyond it bleach takes seconds; then bare URLs stay text
        markup = _parsers.bleach.clean(markup)
    return _BREAKS_FIRST.sub(r"\1", GATE.clean(markup)).strip()


class _Parsers(threading.local):
    """The parsers of one thread: bleach keeps state, and markdown-it builds its rules while it parses.

    Each is made when a text first needs it.
    """

    @cached_property
    def markdown(self) -> CommonMark:
        return CommonMark()

    @cached_property
    def bleach(self) -> Any:
        return open_bleach()


_parsers = _Parsers()


def _storable(value: str) -> str:
    """Return the text without characters that databases do not store: NUL, and lone surrogates (email has them)."""
    return _SURROGATES.sub("\ufffd", value.replace("\0", ""))
