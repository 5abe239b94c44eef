"""Markdown, converted to markup by markdown-it."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from cop.base.text.refusals import TooDeep

MARKDOWN_DEPTH = 20  # nested blocks; each level makes every line and bracket slower
MARKDOWN_STEPS = 10_000  # attempts to match a block or a mark, about 8 µs each; a report of 40 pages takes 7,000
MARKDOWN_TOKENS = 20_000  # three lines can make a table of 65,000 empty cells


class CommonMark(MarkdownIt):
    """CommonMark with tables and strikethrough, in which a line break stays one.

    Raises TooDeep rather than lose text that is nested too deep, or take long.
    """

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "breaks": True, "maxNesting": MARKDOWN_DEPTH + 2})
        self.enable(["table", "strikethrough"])
        everywhere = ["paragraph", "reference", "blockquote", "list"]
        self.block.ruler.before("table", "effort", _count_block, {"alt": everywhere})
        self.inline.ruler.before("text", "effort", _count_mark)

    def normalizeLink(self, url: str) -> str:
        """Return the URL as typed; `addresses.normalised` normalises it later."""
        return url

    def normalizeLinkText(self, link: str) -> str:
        """Return the URL as typed."""
        return link


def _count_block(state: StateBlock, line: int, last: int, silent: bool) -> bool:
    """Count a match attempt and check the depth; a rule that never matches."""
    if state.level >= MARKDOWN_DEPTH:  # below this depth the parser would drop text
        raise TooDeep
    return _count_mark(state, silent)


def _count_mark(state: StateBlock | StateInline, silent: bool) -> bool:
    if next(state.env["steps"]) > MARKDOWN_STEPS or len(state.tokens) > MARKDOWN_TOKENS:
        raise TooDeep
    return False
