"""Text as people typed it, made into HTML that is safe to show: the only place where that happens.

Source → well-formed markup → bleach (allow-list; bare addresses become links) → nh3 (the same allow-list once
more, the gate we trust). The result is stored with `VERSION`, so nothing is cleaned when it is read. Only
`render`, `to_html`, `clean_line` and `clean_filename` take what people typed, the others what `render` made.
"""

from cop.base.text.lines import clean_filename, clean_line
from cop.base.text.markdown import loses, to_markdown
from cop.base.text.mentions import mention, newly_mentioned
from cop.base.text.reading import excerpt, references, to_plain
from cop.base.text.refusals import TooDeep, TooLong
from cop.base.text.rendering import LIMIT, VERSION, Text, render, to_html

__all__ = [
    "LIMIT",
    "VERSION",
    "Text",
    "TooDeep",
    "TooLong",
    "clean_filename",
    "clean_line",
    "excerpt",
    "loses",
    "mention",
    "newly_mentioned",
    "references",
    "render",
    "to_html",
    "to_markdown",
    "to_plain",
]
