"""Any markup, written out again as markup that is well formed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from html import escape, unescape

from cop.base.text.addresses import LINKS, link
from cop.base.text.allowlist import ATTRIBUTES, ELEMENTS, allowed
from cop.base.text.refusals import TooDeep
from cop.base.text.tags import CELLS, VOID, opening

DEPTH = 100  # elements inside one another; nh3 is quadratic in it, bleach runs out of stack

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Possessive wherever it could turn back, so that reading is linear. What is not one whole tag is text. Of the
# elements in `mute` nobody reads the content: it goes with them, to the very end if they are not closed.
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
_BLOCKS = (  # not kept, but words that stood apart must not run together
    "address", "article", "aside", "caption", "center", "dd", "details", "div", "dt", "figcaption", "figure",
    "footer", "form", "header", "main", "nav", "section", "summary",
)  # fmt: skip
_ALIASES = {
    "h1": "h2", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "del": "s", "strike": "s", "ins": "u",
    **dict.fromkeys(_BLOCKS, "p"),
}  # fmt: skip
_NONE: frozenset[str] = frozenset()
_PARENTS = {  # what stands only in certain elements
    "li": {"ul", "ol"},
    "thead": {"table"},
    "tbody": {"table"},
    "tr": {"table", "thead", "tbody"},
    "td": {"table", "thead", "tbody", "tr"},
    "th": {"table", "thead", "tbody", "tr"},
}
_ENDED_BY = {  # what of the same cell ends where another element starts
    **{name: {"p"} for name in ("p", "ul", "ol", "blockquote", "pre", "hr")},
    **{name: {"p", "h2", "h3", "h4"} for name in ("h2", "h3", "h4")},
    "table": {"p", "table"},
    "a": {"a"},
}


class _Tree:
    """Markup as it is written out: only allowed elements, each closed inside the one it was opened in.

    A parser mends misnested formatting by repeating it in each block that follows, and it compares each
    attribute with all before it: a text made for that grows to megabytes in a cleaner, or takes minutes.
    Nothing that comes from here has to be mended.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.open: list[str] = []
        self.links = 0
        self.cost = 0  # for bleach

    def text(self, text: str) -> None:
        """Adds text, in which entities may stand."""
        if "&" in text:
            text = CONTROLS.sub("", unescape(text)).replace("\r", "\n")
        if text:
            text = escape(text, quote=False)
            self.cost += text.count("&")
            self.parts.append(text)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Opens an element, after closing what can't go on around it; an orphan becomes a paragraph."""
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
        """Closes the nearest open element of that name, with all in it; passes over one that isn't open."""
        within = _NONE if name == "table" else {"table"} if name in _PARENTS and name != "li" else CELLS
        if (level := self._nearest({name}, within)) is not None:
            self.close(level)

    def close(self, level: int) -> None:
        """Closes elements until so many are open."""
        while len(self.open) > level:
            name = self.open.pop()
            if name == "p" and self.parts[-1] == "<p>":
                self.parts.pop()  # most often it stood around blocks
            else:
                self.cost += 2
                self.parts.append(f"</{name}>")

    def _nearest(self, names: Collection[str], within: Collection[str]) -> int | None:
        """The level of the innermost open element of these names, within the innermost of those."""
        for level in reversed(range(len(self.open))):
            if self.open[level] in names:
                return level
            if self.open[level] in within:
                return None
        return None


def well_formed(markup: str) -> tuple[str, int]:
    """The markup as `_Tree` writes it, and what that will cost bleach."""
    tree = _Tree()
    end = 0
    for match in _MARKUP.finditer(markup):
        if match[0] == "<" or (match["name"] and not match["whole"]):
            continue  # text
        tree.text(markup[end : match.start()])
        end = match.end()
        if match["name"]:
            _read(match, tree)
    tree.text(markup[end:])
    tree.close(0)
    return "".join(tree.parts), tree.cost


def _read(tag: re.Match[str], tree: _Tree) -> None:
    """Adds one tag to the tree, as far as it is allowed; a picture from elsewhere becomes its description."""
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
    attributes = _kept(name, tag["attributes"])
    if name == "img" and "src" not in attributes:
        tree.text(escape(attributes["alt"]))
    elif name != "a" or "href" in attributes:
        tree.start(name, attributes)


def _kept(element: str, attributes: str) -> dict[str, str]:
    """What an element may have of the attributes in its tag; of two with the same name the first counts."""
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
