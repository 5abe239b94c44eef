"""Text that people type, rendered to HTML that is safe to show. No other package does that.

Source → well-formed markup → bleach (allow-list; bare URLs become links) → nh3 (the same allow-list again, the cleaner
we trust). The result is stored with `VERSION`, so nothing is cleaned when it is read. `render`, `to_html`, `clean_line`,
`clean_filename` and `slug` take what people type; the other functions take what `render` returned.
"""

from cop.base.text.comparing import Piece, compare
from cop.base.text.lines import clean_filename, clean_line, slug
from cop.base.text.mailing import for_mail
from cop.base.text.markdown import editable, loses, to_markdown
from cop.base.text.mentions import NO_NAMES, NameIndex, as_typed, mention, mentioned, newly_mentioned, unmention
from cop.base.text.names import has_too_many_marks, is_deceptive
from cop.base.text.reading import excerpt, references, to_plain
from cop.base.text.refusals import TooDeep, TooLong
from cop.base.text.rendering import LIMIT, VERSION, Text, render, to_html

__all__ = [
    "LIMIT",
    "NO_NAMES",
    "VERSION",
    "NameIndex",
    "Piece",
    "Text",
    "TooDeep",
    "TooLong",
    "as_typed",
    "clean_filename",
    "clean_line",
    "compare",
    "editable",
    "excerpt",
    "for_mail",
    "has_too_many_marks",
    "is_deceptive",
    "loses",
    "mention",
    "mentioned",
    "newly_mentioned",
    "references",
    "render",
    "slug",
    "to_html",
    "to_markdown",
    "to_plain",
    "unmention",
]
