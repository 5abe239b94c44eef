"""Markdown as people type it, read into markup by markdown-it."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from cop.base.text.refusals import TooDeep

MARKDOWN_DEPTH = 20  # blocks inside one another; each level makes every line and bracket dearer
MARKDOWN_STEPS = 10_000  # attempts to read a block or a mark, for some 8 µs; a report of 40 pages takes 7,000
MARKDOWN_TOKENS = 20_000  # three lines can ask for a table of 65,000 empty cells


class CommonMark(MarkdownIt):
    """CommonMark with tables and strikethrough; stops rather than lose what nests too deep, or take long."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "maxNesting": MARKDOWN_DEPTH + 2})
        self.enable(["table", "strikethrough"])
        everywhere = ["paragraph", "reference", "blockquote", "list"]
        self.block.ruler.before("table", "effort", _count_block, {"alt": everywhere})
        self.inline.ruler.before("text", "effort", _count_mark)

    def normalizeLink(self, url: str) -> str:
        """The address as typed: `spelled` spells it."""
        return url

    def normalizeLinkText(self, link: str) -> str:
        """The address as typed."""
        return link


def _count_block(state: StateBlock, line: int, last: int, silent: bool) -> bool:
    """A rule that never matches, but counts how often the parser looks for a match, and how deep."""
    if state.level >= MARKDOWN_DEPTH:  # deeper down the parser would drop words
        raise TooDeep
    return _count_mark(state, silent)


def _count_mark(state: StateBlock | StateInline, silent: bool) -> bool:
    if next(state.env["steps"]) > MARKDOWN_STEPS or len(state.tokens) > MARKDOWN_TOKENS:
        raise TooDeep
    return False
