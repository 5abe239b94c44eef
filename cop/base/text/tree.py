"""Conversion of any markup to well-formed markup of allowed elements."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from html import escape, unescape

from cop.base.text.addresses import LINKS, link
from cop.base.text.allowlist import ATTRIBUTES, ELEMENTS, allowed
from cop.base.text.refusals import TooDeep
from cop.base.text.tags import CELLS, VOID, opening

DEPTH = 100  # nested elements; nh3 is quadratic in it, and bleach runs out of stack

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Possessive wherever it could backtrack, so that matching is linear. Anything but a complete tag is text. The elements
# in `mute` are dropped with their content, up to the end of the text if they are not closed.
_MARKUP = re.compile(
    r"""
    <!--(?:-?>|.*?--!?>|.*)
  | <(?:[!?]|/[^a-z])[^>]*>?
  | <(?P<mute>script|style|template|title|svg|math)(?=[\s/>]).*?(?:</(?P=mute)(?=[\s/>])[^>]*>|\Z)
  | <(?P<end>/?)(?P<name>[a-z][a-z0-9:_-]*+)(?=[\s/>])
    (?P<attributes>(?:[\s/]*+[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s"'<>`]++))?+)*+)
    [\s/]*+(?P<whole>>)?+
  | <
    """,
    re.I | re.S | re.X,
)
_NAME_AND_VALUE = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'<>`]++)))?+""")
_BLOCKS = (  # replaced by paragraphs, so that their words do not run together
    "address", "article", "aside", "caption", "center", "dd", "details", "div", "dt", "figcaption", "figure",
    "footer", "form", "header", "main", "nav", "section", "summary",
)  # fmt: skip
_ALIASES = {
    "h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "del": "s", "strike": "s", "ins": "u",
    **dict.fromkeys(_BLOCKS, "p"),
}  # fmt: skip
_NONE: frozenset[str] = frozenset()
_PARENTS = {  # elements that are allowed in certain elements only
    "li": {"ul", "ol"},
    "thead": {"table"},
    "tbody": {"table"},
    "tr": {"table", "thead", "tbody"},
    "td": {"table", "thead", "tbody", "tr"},
    "th": {"table", "thead", "tbody", "tr"},
}
_ENDED_BY = {  # open elements of the same cell that an element closes
    **{name: {"p"} for name in ("p", "ul", "ol", "blockquote", "pre", "hr")},
    **{name: {"p", "h2", "h3", "h4"} for name in ("h2", "h3", "h4")},
    "table": {"p", "table"},
    "a": {"a"},
}


class _Tree:
    """Writer of well-formed markup: allowed elements only, each closed inside its parent.

    An HTML parser repairs misnested formatting by repeating it in every later block, and compares each attribute with
    all before it: hostile text grows to megabytes in a cleaner, or takes minutes. This output needs no repair.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.open: list[str] = []
        self.links = 0
        self.cost = 0  # for bleach

    def text(self, text: str) -> None:
        """Add text, which may contain entities."""
        if "&" in text:
            text = CONTROLS.sub("", unescape(text)).replace("\r", "\n")
        if text:
            text = escape(text, quote=False)
            self.cost += text.count("&")
            self.parts.append(text)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Open an element, after closing those that cannot contain it; without its parent it becomes a paragraph."""
        if parents := _PARENTS.get(name):
            parent = self._nearest(parents, within=CELLS if name == "li" else {"table"})
            if parent is None:
                self.start("p", {})
                return
            self.close(parent + 1)
        while (ended := self._nearest(_ENDED_BY.get(name, _NONE), within=CELLS)) is not None:
            self.close(ended)
        self.cost += 2
        self.parts.append(opening(name, attributes))
        if name not in VOID:
            self.open.append(name)
            if len(self.open) > DEPTH:
                raise TooDeep

    def end(self, name: str) -> None:
        """Close the nearest open element of that name and all in it; ignore the tag if there is none."""
        within = _NONE if name == "table" else {"table"} if name in _PARENTS and name != "li" else CELLS
        if (level := self._nearest({name}, within)) is not None:
            self.close(level)

    def close(self, level: int) -> None:
        """Close elements until `level` are open."""
        while len(self.open) > level:
            name = self.open.pop()
            if name == "p" and self.parts[-1] == "<p>":
                self.parts.pop()  # usually an empty paragraph around blocks
            else:
                self.cost += 2
                self.parts.append(f"</{name}>")

    def _nearest(self, names: Collection[str], within: Collection[str]) -> int | None:
        """Return the level of the innermost open element of `names`, inside the innermost one of `within`."""
        for level in reversed(range(len(self.open))):
            if self.open[level] in names:
                return level
            if self.open[level] in within:
                return None
        return None


def well_formed(markup: str) -> tuple[str, int]:
    """Return the markup in well-formed shape, and its cost for bleach."""
    tree = _Tree()
    end = 0
    for match in _MARKUP.finditer(markup):
        if match[0] == "<" or (match["name"] and not match["whole"]):
            continue  # text
        tree.text(markup[end : match.start()])
        end = match.end()
        if match["name"]:
            _add_tag(match, tree)
    tree.text(markup[end:])
    tree.close(0)
    return "".join(tree.parts), tree.cost


def _add_tag(tag: re.Match[str], tree: _Tree) -> None:
    """Add a tag to the tree if it is allowed; a picture of another site becomes its description."""
    name = tag["name"].lower()
    name = _ALIASES.get(name, name)
    if name not in ELEMENTS:
        return
    if tag["end"]:
        tree.end(name)
        return
    if name == "a":
        tree.links += 1
        if tree.links > LINKS:
            return
    attributes = _allowed_attributes(name, tag["attributes"])
    if name == "img" and "src" not in attributes:
        tree.text(escape(attributes["alt"]))
    elif name != "a" or "href" in attributes:
        tree.start(name, attributes)


def _allowed_attributes(element: str, attributes: str) -> dict[str, str]:
    """Return the attributes of a tag that are allowed; of two with the same name the first counts."""
    if element not in ATTRIBUTES:
        return {}
    kept = {"alt": ""} if element == "img" else {}
    seen = set()
    for name, *values in _NAME_AND_VALUE.findall(attributes):
        name = name.lower()
        if name in ATTRIBUTES[element] and name not in seen:
            seen.add(name)
            value = allowed(element, name, CONTROLS.sub("", unescape("".join(values))))
            if value is not None:
                kept[name] = value
    return link(kept["href"]) if "href" in kept else kept
