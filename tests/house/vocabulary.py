"""The texts in the code, parsed from Python and Jinja and, roughly, from HTML and JavaScript."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
SYNTAX = Environment(extensions=["jinja2.ext.do"], trim_blocks=True, lstrip_blocks=True, autoescape=True)
FILLED = "\ufffc"  # replaces expressions in a template
SAID_BY = ("aria-label", "aria-description", "alt", "placeholder", "title")  # attributes with text for people
ATTRIBUTE = re.compile(rf'(?<![\w-])(?:{"|".join(SAID_BY)}|data-word[\w-]*)="([^"]*)"')
ADDRESS = re.compile(r"\S*/\S*")
LETTERS = re.compile(r"[^\W\d_]{2,}")
# The style guide shows invented content; whole pages exist once per language.
LANGUAGES = {"Nederlands", "English"}  # each language is called by its own name
WHOLE_PAGES = re.compile(r"shared/styleguide|/pages/[\w-]+\.(nl|en)\.html$")


@dataclass(frozen=True)
class Said:
    """A text and its location."""

    words: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.words}"


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def code() -> list[Path]:
    """Return every module of the product."""
    return sorted((ROOT / "cop").rglob("*.py"))


def templates() -> list[Path]:
    """Return every template: pages, mail, and the texts that scripts fetch."""
    return sorted(f for f in (ROOT / "templates").rglob("*") if f.suffix in (".html", ".txt", ".json"))


def scripts() -> list[Path]:
    """Return our own JavaScript modules."""
    return sorted((ROOT / "static" / "js").rglob("*.js"))


def room(file: Path) -> str:
    """Return the feature whose catalogue holds the words of a file, or base."""
    _top, *inner = file.relative_to(ROOT).parts
    if inner[0] == "mail":
        inner = inner[1:]
    return inner[0] if len(inner) > 1 and (ROOT / "cop" / inner[0]).is_dir() else "base"


@cache
def used() -> dict[str, dict[str, Said]]:
    """Return the translated words of each feature, each with a location."""
    found: dict[str, dict[str, Said]] = {}
    for file in [*code(), *templates()]:
        for said in _translated(file):
            found.setdefault(room(file), {}).setdefault(said.words, said)
    return found


def catalogues() -> dict[str, dict[str, Message]]:
    """Return the catalogue of each feature by the Dutch words."""
    found = {}
    for file in sorted((ROOT / "cop").glob("*/en.po")):
        with file.open("rb") as po:
            found[file.parent.name] = {str(m.id): m for m in read_po(po) if m.id}
    return found


def _translated(file: Path) -> Iterator[Said]:
    if file.suffix == ".py":
        for call in _calls(file):
            for given in call.args[: 2 if _called(call) == "n_" else 1]:
                if isinstance(given, ast.Constant):
                    yield Said(str(given.value), _name(file), call.lineno)
    else:
        for found in SYNTAX.parse(file.read_text()).find_all(nodes.Call):
            if isinstance(found.node, nodes.Name) and found.node.name in ("_", "n_"):
                for const in found.args[: 2 if found.node.name == "n_" else 1]:
                    assert isinstance(const, nodes.Const), f"{_name(file)}:{found.lineno}: words are literals"
                    yield Said(const.value, _name(file), found.lineno)


def _calls(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and _called(node) in ("_", "n_"):
            yield node


def _called(call: ast.Call) -> str:
    """Return the last name of a call: `errors.NotFound(…)` → `NotFound`."""
    return (
        call.func.id
        if isinstance(call.func, ast.Name)
        else call.func.attr
        if isinstance(call.func, ast.Attribute)
        else ""
    )


# Python


def not_literal() -> list[Said]:
    """Return calls of `_` and `n_` whose argument is not a literal."""
    return [
        Said(ast.unparse(call), _name(file), call.lineno)
        for file in code()
        if file.name != "words.py"
        for call in _calls(file)
        for given in call.args[: 2 if _called(call) == "n_" else 1]
        if not isinstance(given, ast.Constant)
    ]


def too_early() -> list[Said]:
    """Return calls of `_` and `n_` that run at import, before a language is known."""
    found = []
    for file in code():
        tree = ast.parse(file.read_text())
        inside = {
            id(call)
            for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            for part in (node.body if isinstance(node.body, list) else [node.body])
            for call in ast.walk(part)
        }
        found += [
            Said(ast.unparse(node), _name(file), node.lineno)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and _called(node) in ("_", "n_") and id(node) not in inside
        ]
    return found


def unspoken_refusals(kinds: set[str]) -> list[Said]:
    """Return untranslated literals passed to `say`, to a problem of `kinds` or to its `errors`."""
    found = []
    for file in code():
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and _called(call) in kinds | {"say"}:
                fields = [
                    v
                    for k in call.keywords
                    if k.arg == "errors" and isinstance(k.value, ast.Dict)
                    for v in k.value.values
                ]
                words = [k.value for k in call.keywords if k.arg == "words"]
                found += [
                    Said(ast.unparse(given), _name(file), call.lineno)
                    for given in [*call.args[:1], *words, *fields]
                    if isinstance(given, ast.JoinedStr)
                    or (isinstance(given, ast.Constant) and LETTERS.search(str(given.value)))
                ]
    return found


# Templates


class _Page(HTMLParser):
    """Parses a template without its Jinja tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style", "code", "kbd"):
            self.within.append(tag)
        self.found += [
            (self.getpos()[0], f'{name}="{value}"')
            for name, value in attrs
            if (name in SAID_BY or name.startswith("data-word")) and LETTERS.search(value or "")
        ]

    def handle_endtag(self, tag: str) -> None:
        if tag in self.within:
            self.within.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.within:
            for number, line in enumerate(data.split("\n"), self.getpos()[0]):
                # A macro may be part of a tag; then its attributes are parsed as text.
                words = line if '="' not in line else " ".join(ATTRIBUTE.findall(line))
                if LETTERS.search(words):
                    self.found.append((number, words.strip()))


def bare() -> list[Said]:
    """Return words in templates outside `_()` and `n_()`: in text, in attributes and in expressions."""
    found = []
    for file in templates():
        if file.suffix != ".json" and not WHOLE_PAGES.search(_name(file)):
            source = file.read_text()
            parts = _page_words(source) if file.suffix == ".html" else _text_words(source)
            found += [
                Said(words.replace(FILLED, "…"), _name(file), line) for line, words in [*parts, *_filled_words(source)]
            ]
    return found


def _without_jinja(source: str) -> str:
    """Return the text of a template without Jinja, on the same lines."""
    parts: list[str] = []
    inside = ""
    for _line, kind, value in SYNTAX.lex(source):
        if kind in ("variable_begin", "block_begin", "comment_begin", "raw_begin"):
            inside = kind
            parts.append(FILLED if kind == "variable_begin" else "")
        if kind == "data" and not inside:
            parts.append(value)
        else:
            parts.append("\n" * value.count("\n"))
        if kind.endswith("_end"):
            inside = ""
    return "".join(parts)


def _page_words(source: str) -> list[tuple[int, str]]:
    page = _Page()
    page.feed(_without_jinja(source))
    page.close()
    return page.found


def _text_words(source: str) -> list[tuple[int, str]]:
    lines = enumerate((ADDRESS.sub("", line) for line in _without_jinja(source).split("\n")), 1)
    return [(n, line.strip()) for n, line in lines if LETTERS.search(line)]


def _filled_words(source: str) -> Iterator[tuple[int, str]]:
    """Return capitalised literals in expressions, as in `button('Plaatsen')`; identifiers are lower case."""
    tree = SYNTAX.parse(source)
    spoken = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "n_")
        for const in call.args
    }
    for const in tree.find_all(nodes.Const):
        said = const.value if isinstance(const.value, str) and id(const) not in spoken else ""
        if re.match(r"[A-ZÀ-Ý][a-zà-ÿ]+", said) and said not in LANGUAGES:
            yield const.lineno, const.value


# JavaScript

SINKS = re.compile(
    r"textContent|innerText|replaceChildren|append|ariaLabel|placeholder|\.title\b|\.alt\b|alert\(|confirm\("
    r"|\bsay\(|setAttribute\(\s*[\"'](?:aria-label|title|placeholder|alt)"
)
LITERAL = re.compile(r"\"((?:\\.|[^\"\\\n])*)\"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`")
WORD = re.compile(r"^[A-ZÀ-Ý][a-zà-ÿ]+[.!?…]?$")
SENTENCE = re.compile(r"^[A-ZÀ-Ý][\w’'-]+( [\wà-ÿ’'-]+)+[.!?…]?$|^[\wà-ÿ’'-]+( [\wà-ÿ’'-]+){2,}[.!?…]$")


def bare_in_scripts() -> list[Said]:
    """Return literals that look like text for people, on lines that show them."""
    found = []
    for file in scripts():
        for n, line in enumerate(file.read_text().splitlines(), 1):
            line = re.sub(r"(^|\s)//.*", "", line)
            for literal in LITERAL.finditer(line):
                words = re.sub(r"\$\{[^}]*\}", "x", next(group for group in literal.groups() if group is not None))
                sink = SINKS.search(line[: literal.start()])
                if sink and (
                    SENTENCE.match(words) or (WORD.match(words) and "(" not in line[sink.end() : literal.start() - 1])
                ):
                    found.append(Said(words, _name(file), n))
    return found
