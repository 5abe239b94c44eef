"""Text as people typed it, made into HTML that is safe to show: the only place where that happens.

Source → well-formed markup → bleach (allow-list; bare addresses become links) → nh3 (the same allow-list once
more, the gate we trust). The result is stored with `VERSION`, so nothing is cleaned when it is read. Only
`render`, `to_html`, `clean_line` and `clean_filename` take what people typed, the others what `render` made.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from itertools import count
from typing import Any
from urllib.parse import quote

import bleach
import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

VERSION = 1

LIMIT = 100_000  # characters of source
DEPTH = 100  # elements inside one another; nh3 is quadratic in it, bleach runs out of stack
LINKS = 1_000  # what comes after stays text; a host with accents takes 45 µs to spell in punycode
MARKDOWN_DEPTH = 20  # blocks inside one another; each level makes every line and bracket dearer
MARKDOWN_STEPS = 10_000  # attempts to read a block or a mark, for some 8 µs; a report of 40 pages takes 7,000
MARKDOWN_TOKENS = 20_000  # three lines can ask for a table of 65,000 empty cells
BLEACH_COST = 8_000  # in entities, for some 7 µs each; a tag costs two


class TooLong(ValueError):
    """The source has more than `limit` characters."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the text is longer than {limit} characters")
        self.limit = limit


class TooDeep(ValueError):
    """The markup is nested too deep, or packed too densely, to be read in reasonable time."""


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
    source = _CONTROLS.sub("", _storable(source).replace("\r\n", "\n").replace("\r", "\n"))
    match format:
        case "html":
            markup, cost = _well_formed(source)
        case "markdown":
            markup, cost = _well_formed(_own.markdown.render(source, {"steps": count(1)}))
        case "plain":  # every tag in it is ours and every address a link: bleach would change nothing
            return _GATE.clean(_paragraphs(source))
        case _:
            raise ValueError(f"no such format of text: {format!r}")
    if cost <= BLEACH_COST:  # beyond it the writer would wait for seconds; then bare addresses stay text
        markup = _own.bleach.clean(markup)
    return _GATE.clean(markup).strip()


# The allow-list: one for our own reading, bleach and nh3.

_REL = "noopener nofollow ugc"
_OWN_ADDRESS = re.compile(r"/(?![/\\]).*")
_MAIL_ADDRESS = re.compile(r"mailto:([^\s@?]+@[^\s@?]+(?:\?.*)?)", re.I)
_WEB_ADDRESS = re.compile(r"(https?)://([^/?#\\@:\[\]]{1,253})(:\d{1,5})?((?:[/?#].*)?)", re.I)
_HOST = re.compile(r"[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9_][a-z0-9_-]*)*\.?")


def _address(value: str) -> str | None:
    """The link, spelled so that it reads one way only (ASCII, host in punycode), or None if not allowed."""
    value = value.strip()
    if not value.isprintable():  # control, zero-width, bidi: browsers skip some, nobody sees them
        return None
    if _OWN_ADDRESS.fullmatch(value):
        return _quoted(value)
    if mail := _MAIL_ADDRESS.fullmatch(value):
        return f"mailto:{_quoted(mail[1])}"
    if web := _WEB_ADDRESS.fullmatch(value):
        scheme, host, port, rest = web.groups(default="")
        try:
            host = host.encode("idna").decode().lower()  # a look-alike letter shows as xn--…
        except UnicodeError:
            return None
        if _HOST.fullmatch(host):
            return f"{scheme.lower()}://{host}{port}{_quoted(rest)}"
    return None


def _quoted(address: str) -> str:
    return quote(address, safe="/?#[]@!$&'()*+,;=:%~")


def _only(pattern: str) -> Callable[[str], str | None]:
    """A rule that keeps a value if all of it matches the pattern."""
    matches = re.compile(pattern, re.A).fullmatch
    return lambda value: value if matches(value) else None


_SPAN = _only(r"[2-9]|[1-9]\d")  # 1 says nothing, and editors write it in every cell
_ATTRIBUTES: Mapping[str, Mapping[str, Callable[[str], str | None]]] = {
    "a": {"href": _address, "rel": _only(_REL)},
    "img": {"src": _only(r"/files/\d{1,15}/content(?:\?[\w=&.%-]*)?"), "alt": str},
    "ol": {"start": _only(r"\d{1,9}")},
    "th": {"scope": _only(r"(?:row|col)(?:group)?"), "colspan": _SPAN, "rowspan": _SPAN},
    "td": {"colspan": _SPAN, "rowspan": _SPAN},
}
_ELEMENTS = frozenset({
    "p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em", "s", "u",
    "hr", "a", "img", "table", "thead", "tbody", "tr", "th", "td",
})  # fmt: skip
_SCHEMES = frozenset({"http", "https", "mailto"})


def _attribute(element: str, name: str, value: str) -> str | None:
    """The attribute's value as it may be kept, or None."""
    rule = _ATTRIBUTES.get(element, {}).get(name)
    return rule(value) if rule else None


_GATE = nh3.Cleaner(
    tags=set(_ELEMENTS),
    attributes={element: set(rules) for element, rules in _ATTRIBUTES.items()},
    attribute_filter=_attribute,
    url_schemes=set(_SCHEMES),
    link_rel=None,  # links to our own pages have none, so it is given where a link is written
)


# Any markup → well-formed markup.

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
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
_VOID = frozenset({"br", "hr", "img"})
_CELLS = frozenset({"td", "th"})
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
            text = _CONTROLS.sub("", unescape(text)).replace("\r", "\n")
        if text:
            text = escape(text, quote=False)
            self.cost += text.count("&")
            self.parts.append(text)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Opens an element, after closing what can't go on around it; an orphan becomes a paragraph."""
        if parents := _PARENTS.get(name):
            parent = self._nearest(parents, within=_CELLS if name == "li" else {"table"})
            if parent is None:
                self.start("p", {})
                return
            self.close(parent + 1)
        while (ended := self._nearest(_ENDED_BY.get(name, _NONE), within=_CELLS)) is not None:
            self.close(ended)
        self.cost += 2
        self.parts.append(_tag(name, attributes))
        if name not in _VOID:
            self.open.append(name)
            if len(self.open) > DEPTH:
                raise TooDeep

    def end(self, name: str) -> None:
        """Closes the nearest open element of that name, with all in it; passes over one that isn't open."""
        within = _NONE if name == "table" else {"table"} if name in _PARENTS and name != "li" else _CELLS
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


def _well_formed(markup: str) -> tuple[str, int]:
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
    if name not in _ELEMENTS:
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
    if element not in _ATTRIBUTES:
        return {}
    kept = {"alt": ""} if element == "img" else {}
    seen = set()
    for name, *values in _NAME_AND_VALUE.findall(attributes):
        name = name.lower()
        if name in _ATTRIBUTES[element] and name not in seen:
            seen.add(name)
            value = _attribute(element, name, _CONTROLS.sub("", unescape("".join(values))))
            if value is not None:
                kept[name] = value
    return _link(kept["href"]) if "href" in kept else kept


def _link(href: str) -> dict[str, str]:
    """The attributes of a link to an allowed address."""
    return {"href": href} if href.startswith("/") else {"href": href, "rel": _REL}


def _tag(name: str, attributes: Mapping[str, str]) -> str:
    return "".join((f"<{name}", *(f' {key}="{escape(value)}"' for key, value in attributes.items()), ">"))


# Markdown and plain text → markup.

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")


class _Markdown(MarkdownIt):
    """CommonMark with tables and strikethrough; stops rather than lose what nests too deep, or take long."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "maxNesting": MARKDOWN_DEPTH + 2})
        self.enable(["table", "strikethrough"])
        everywhere = ["paragraph", "reference", "blockquote", "list"]
        self.block.ruler.before("table", "effort", _count_block, {"alt": everywhere})
        self.inline.ruler.before("text", "effort", _count_mark)

    def normalizeLink(self, url: str) -> str:
        """The address as typed: `_address` spells it."""
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


def _paragraphs(source: str) -> str:
    """Plain text as paragraphs, parted at empty lines, with its line breaks and its addresses as links."""
    parts = []
    source = source.strip()
    for words, href in _addresses(source, LINKS):
        words = escape(words, quote=False)
        if href:
            parts.append(f"{_tag('a', _link(href))}{words}</a>")
        else:
            parts.append(_PARAGRAPH.sub("</p><p>", words).replace("\n", "<br>"))
    return f"<p>{''.join(parts)}</p>" if source else ""


# Bare addresses → links.

# Each word is read from one place only, so that reading is linear; the patterns of linkify-it and bleach take
# seconds over one long word. Without www. only top-level domains that are no Dutch word or file type count:
# people forget the space after a full stop ("wonen.de huurder").
_BARE = re.compile(
    r"""
    (?<!\w)(?P<web>https?://[^\s<>"\\^`{|}\[\]]++)
  | (?<![\w@.+/:%-])(?:
        (?P<mail>\w[\w.+-]*+@(?:[a-z0-9-]++\.)+[a-z]{2,24}+(?![\w@-]|\.\w))
      | (?P<name>
          (?:www\.(?:\w[\w-]*+\.)+[a-z]{2,24}+|(?:\w[\w-]*+\.)+(?:be|com|edu|eu|gov|info|int|net|nl|org))
          (?![\w@-]|\.\w)(?::\d{1,5}+)?+(?:[/?#][^\s<>"\\^`{|}\[\]]*+)?+)
    )
    """,
    re.I | re.X,
)
_SCHEME_OF = {"web": "", "mail": "mailto:", "name": "https://"}


def _addresses(text: str, most: int) -> Iterator[tuple[str, str | None]]:
    """The text in pieces, each with the address to link it to, if it is one; looks at the first `most`."""
    end = 0
    for _, match in zip(range(most), _BARE.finditer(text), strict=False):
        words = _without_stop(match[0])
        if href := _address(_SCHEME_OF[match.lastgroup or "web"] + words):
            yield text[end : match.start()], None
            yield words, href
            end = match.start() + len(words)
    yield text[end:], None


def _without_stop(address: str) -> str:
    """The address without the punctuation of the sentence around it; a bracket it opened itself stays."""
    end = len(address)
    unopened = address.count(")") - address.count("(")
    while end and (address[end - 1] in ".,;:!?'*_~…’”" or (address[end - 1] == ")" and unopened > 0)):
        unopened -= address[end - 1] == ")"
        end -= 1
    return address[:end]


def _linkify(source: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A filter for bleach that makes bare addresses links, outside links and code."""
    literal = 0
    left = LINKS
    for token in source:
        if token.get("name") in _LITERAL:
            literal += {"StartTag": 1, "EndTag": -1}.get(token["type"], 0)
        if token["type"] != "Characters" or literal:
            yield token
            continue
        for words, href in _addresses(token["data"], left):
            if href:
                left -= 1
                attributes = {(None, key): value for key, value in _link(href).items()}
                yield {"type": "StartTag", "name": "a", "data": attributes}
            yield {"type": "Characters", "data": words}
            if href:
                yield {"type": "EndTag", "name": "a"}


class _Own(threading.local):
    """The parsers of one thread: bleach keeps state in its own, markdown-it builds its rules as it reads."""

    def __init__(self) -> None:
        self.markdown = _Markdown()
        self.bleach = bleach.Cleaner(
            tags=_ELEMENTS,
            attributes={element: list(rules) for element, rules in _ATTRIBUTES.items()},
            protocols=_SCHEMES,
            strip=True,
            filters=[_linkify],
        )


_own = _Own()


# Clean HTML, read and added to.

_TAG = re.compile(r"(</?[a-z][^<>]*>)")
_LITERAL = frozenset({"a", "code", "pre"})
_LINES = frozenset({"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "tr"})
_SPACE = re.compile(r"[ \t\n]+")
_ALT = re.compile(r' alt="([^"]*)"')
_FILE = re.compile(r'<(?:a|img)\b[^<>]* (?:href|src)="/files/(\d{1,15})[/?#"]')
_AT = re.compile(r"(?<!\w)@")
_CONTINUES = re.compile(r"-?\w")
_MENTION = re.compile(r'<a class="mention"[^<>]*>([^<>]*)</a>')
_MARK = re.compile(r"[\\`\[|]|~(?=~)|<(?=[a-z])|&(?=#?\w+;)|(?<!\s)\*|\*(?!\s)|(?<!\w)_|_(?!\w)", re.I)
_LINE_MARK = re.compile(r"^ *(?:\d{1,9}(?=[.)](?:\s|$))|(?=>|[-+](?:[\s-]|$)|#{1,6}(?:\s|$)|=+\s*$))", re.M)


def _name(tag: str) -> str:
    return tag.strip("</>").partition(" ")[0]


def to_plain(html: str) -> str:
    """The words of the HTML: a line for each block, row or line break; pictures by their description."""
    parts = []
    literal = False
    for index, part in enumerate(_TAG.split(html)):
        if index % 2 == 0:
            parts.append(part if literal else _SPACE.sub(" ", part))
            continue
        name = _name(part)
        if name == "pre":
            literal = part[1] != "/"
        if name in _LINES:
            parts.append("\n")
        elif name in _CELLS:
            parts.append(" ")
        elif name == "img":
            parts += _ALT.findall(part)
    lines = (line.strip() for line in unescape("".join(parts)).splitlines())
    return "\n".join(filter(None, lines))


def excerpt(plain: str, length: int = 200) -> str:
    """The first words on one line, at most `length` characters, with … where something was left out."""
    words = " ".join(plain.split(None, length)[:length])
    if len(words) <= length:
        return words
    head = words[:length]
    return (head[: head.rfind(" ", length // 2) + 1] or head[:-1]).rstrip(" ,;:.-–") + "…"


def mention(html: str, names: Mapping[str, int]) -> tuple[str, list[int]]:
    """The HTML with each `@Name` outside links and code as a link to that person, and the ids, once each."""
    if "@" not in html:
        return html, []
    find = _finder(names)
    ids: dict[int, None] = {}
    parts = _TAG.split(html)
    literal = 0
    for index, part in enumerate(parts):
        if index % 2:
            if _name(part) in _LITERAL:
                literal += -1 if part[1] == "/" else 1
        elif "@" in part and not literal:
            parts[index] = "".join(_mentioned(part, find, ids))
    return "".join(parts), list(ids)


_Finder = Callable[[str, int], tuple[int, str, int] | None]


def _finder(names: Mapping[str, int]) -> _Finder:
    """A function that says whose name stands at a place in a text: where it ends, its spelling, the id.

    By the lengths of names rather than one pattern of them all, which would try 500 names at each @.
    """
    people = {(shown := escape(name, quote=False)).lower(): (shown, id) for name, id in names.items() if name}
    lengths: dict[str, set[int]] = {}
    for shown, _ in people.values():
        lengths.setdefault(shown[0].lower(), set()).add(len(shown))
    longest_first = {letter: sorted(known, reverse=True) for letter, known in lengths.items()}

    def find(text: str, start: int) -> tuple[int, str, int] | None:
        for length in longest_first.get(text[start : start + 1].lower(), ()):
            end = start + length
            person = people.get(text[start:end].replace("\n", " ").lower())
            if person and not _CONTINUES.match(text, end):
                return end, *person
        return None

    return find


def _mentioned(text: str, find: _Finder, ids: dict[int, None]) -> Iterator[str]:
    """The text in pieces, names as links; adds whom it found to `ids`."""
    done = 0
    for at in _AT.finditer(text):
        if at.start() >= done and (found := find(text, at.end())):
            end, name, id = found
            yield f'{text[done : at.start()]}<a class="mention" href="/people/{id}">@{name}</a>'
            ids[id] = None
            done = end
    yield text[done:]


def references(html: str) -> list[int]:
    """The ids of our own files that the HTML links to or shows, in order, once each."""
    return list(dict.fromkeys(map(int, _FILE.findall(html))))


def to_markdown(html: str) -> str:
    """The HTML as Markdown, to be edited without JavaScript; mentions become plain `@Name` again."""
    from markdownify import MarkdownConverter  # slow to import, seldom used

    class Converter(MarkdownConverter):
        """Puts a backslash only where a mark would be read as one: people are going to edit this."""

        def escape(self, text: str, parent_tags: set[str]) -> str:
            return _LINE_MARK.sub(r"\g<0>\\", _MARK.sub(r"\\\g<0>", text))

    return Converter(heading_style="atx", bullets="-").convert(_MENTION.sub(r"\1", html))


def loses(html: str) -> bool:
    """Whether not all of the HTML comes back from its Markdown: underline, joined cells, lists in cells."""
    try:
        returned = to_html(to_markdown(html), "markdown")
    except (TooLong, TooDeep):
        return True
    return _outline(_MENTION.sub(r"\1", html)) != _outline(returned)


def _outline(html: str) -> tuple[Counter[str], list[str]]:
    """Its tags and words, without what Markdown leaves open: paragraphs in lists, the parts of a table."""
    tags = Counter(tag for tag in _TAG.findall(html) if _name(tag) not in {"p", "thead", "tbody"})
    return tags, to_plain(html).split()


# Fields of one line, and what can be stored at all.

_SURROGATES = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+")
_UNSEEN = re.compile(r"[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")  # bidi and zero-width
_COMPOSABLE = 1_000  # composing is quadratic in a pile of accents; no field of one line takes more than this


def clean_line(value: str) -> str:
    """A title or name on one line: composed (NFC), no control characters, trimmed; empty if nothing shows."""
    line = _without_controls(_BREAKS.sub(" ", value)).strip()
    return line if any(unicodedata.category(character)[0] not in "CZ" for character in line) else ""


def clean_filename(value: str) -> str:
    """A file's own name, no folders, control or bidi characters; at most 200 characters, extension kept."""
    value = _without_controls(_UNSEEN.sub("", _BREAKS.sub(" ", value)))
    parts = (part.strip().rstrip(". ") for part in reversed(re.split(r"[/\\]", value)))
    name = next(filter(None, parts), "bestand")
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 20:
        return name[:200].rstrip()
    return stem[: 200 - len(dot + extension)].rstrip() + dot + extension


def _without_controls(value: str) -> str:
    if len(value) <= _COMPOSABLE:
        value = unicodedata.normalize("NFC", value)
    return "".join(character for character in value if unicodedata.category(character) not in ("Cc", "Cs"))


def _storable(value: str) -> str:
    """The text without what no database keeps: NUL, and halves of a surrogate pair (mail has them)."""
    return _SURROGATES.sub("\ufffd", value.replace("\0", ""))
