"""Mentions: names after an @, as links to people and back to plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape

from cop.base.text.tags import LITERAL, TAG, name_of

_NO_MENTIONS = LITERAL | {"blockquote"}  # a quote does not mention people again
_AT = re.compile(r"(?<!\w)@")
_CONTINUES = re.compile(r"-?\w")
_MENTION = re.compile(r'<a class="mention"[^<>]*>([^<>]*)</a>')
_WHOSE = re.compile(r'<a class="mention" href="/people/(\d+)">')


def mention(html: str, names: Mapping[str, int]) -> tuple[str, list[int]]:
    """Return the HTML with each `@Name` outside links, code and quotes as a link, and the ids of those people."""
    if "@" not in html:
        return html, []
    find = _finder(names)
    ids: dict[int, None] = {}
    parts = TAG.split(html)
    literal = 0
    for index, part in enumerate(parts):
        if index % 2:
            if name_of(part) in _NO_MENTIONS:
                literal += -1 if part[1] == "/" else 1
        elif "@" in part and not literal:
            parts[index] = "".join(_mentioned(part, find, ids))
    return "".join(parts), list(ids)


def newly_mentioned(html: str, before: str) -> list[int]:
    """Return the ids of the people who are mentioned in the HTML and not in that of `before`."""
    ids = dict.fromkeys(map(int, _WHOSE.findall(html)))
    return [id for id in ids if id not in set(map(int, _WHOSE.findall(before)))]


def unmention(html: str) -> str:
    """Return the HTML with each mention as plain text, as it was typed."""
    return _MENTION.sub(r"\1", html)


BEGINNING = 6  # characters of a name by which it is looked up first
_Finder = Callable[[str, int], tuple[int, str, int] | None]


def _finder(names: Mapping[str, int]) -> _Finder:
    """Return a function that finds a name at a position in a text: its end, its spelling, the id.

    It looks names up by length; one pattern of all names would try 500 of them at each @.
    """
    people = {(shown := escape(name, quote=False)).lower(): (shown, id) for name, id in names.items() if name}
    lengths: dict[str, set[int]] = {}  # by the beginning of the name
    for shown, _ in people.values():
        lengths.setdefault(shown[:BEGINNING].lower(), set()).add(len(shown))
    longest_first = {beginning: sorted(known, reverse=True) for beginning, known in lengths.items()}
    sizes = sorted({min(len(shown), BEGINNING) for shown, _ in people.values()}, reverse=True)

    def find(text: str, start: int) -> tuple[int, str, int] | None:
        for size in sizes:
            beginning = text[start : start + size].replace("\n", " ").lower()
            for length in longest_first.get(beginning, ()):
                end = start + length
                person = people.get(text[start:end].replace("\n", " ").lower())
                if person and not _CONTINUES.match(text, end):
                    return end, *person
        return None

    return find


def _mentioned(text: str, find: _Finder, ids: dict[int, None]) -> Iterator[str]:
    """Yield the text in pieces, with names as links; add the people found to `ids`."""
    done = 0
    for at in _AT.finditer(text):
        if at.start() >= done and (found := find(text, at.end())):
            end, name, id = found
            yield f'{text[done : at.start()]}<a class="mention" href="/people/{id}">@{name}</a>'
            ids[id] = None
            done = end
    yield text[done:]
