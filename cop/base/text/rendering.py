"""A source in one of three formats, made into clean HTML and words."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from itertools import count

from cop.base.text.cleaners import GATE, open_bleach
from cop.base.text.commonmark import CommonMark
from cop.base.text.paragraphs import paragraphs
from cop.base.text.reading import to_plain
from cop.base.text.refusals import TooLong
from cop.base.text.tree import CONTROLS, well_formed

VERSION = 1

LIMIT = 100_000  # characters of source
BLEACH_COST = 8_000  # in entities, for some 7 µs each; a tag costs two

_SURROGATES = re.compile("[\ud800-\udfff]")
# What most people type most of the time: paragraphs of sentences, in which neither Markdown nor a cleaner finds
# anything to do. A full stop or colon with something right behind it may be an address; a digit that begins, a list.
_SENTENCES = r"""[^\W\d_](?:[^\W_]|[,;!?()'"‘’“”…–%€-]|[.:](?![^\s<])|\ (?![\ \n<]|\Z))*"""
_PROSE = re.compile(rf"{_SENTENCES}(?:\n\n{_SENTENCES})*")
_WRITTEN_PROSE = re.compile(rf"(?:<p>{_SENTENCES}</p>)+")


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody typed and what others get: `html` on a page, `plain` in search, excerpts and mail."""

    source: str
    format: str
    html: str
    plain: str


def render(source: str, format: str) -> Text:
    """The source with its HTML and its words; raises TooLong, TooDeep, or ValueError for a strange format."""
    source = _storable(source)
    html = to_html(source, format)
    return Text(source, format, html, to_plain(html))


def to_html(source: str, format: str) -> str:
    """Clean HTML of a source in `html`, `markdown` (CommonMark and tables) or `plain`; raises as `render`."""
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
            markup, cost = well_formed(_own.markdown.render(source, {"steps": count(1)}))
        case "plain":  # every tag in it is ours and every address a link: bleach would change nothing
            return GATE.clean(paragraphs(source))
        case _:
            raise ValueError(f"no such format of text: {format!r}")
    if cost <= BLEACH_COST:  # beyond it the writer would wait for seconds; then bare addresses stay text
        markup = _own.bleach.clean(markup)
    return GATE.clean(markup).strip()


class _Own(threading.local):
    """The parsers of one thread: bleach keeps state in its own, markdown-it builds its rules as it reads."""

    def __init__(self) -> None:
        self.markdown = CommonMark()
        self.bleach = open_bleach()


_own = _Own()


def _storable(value: str) -> str:
    """The text without what no database keeps: NUL, and halves of a surrogate pair (mail has them)."""
    return _SURROGATES.sub("\ufffd", value.replace("\0", ""))
