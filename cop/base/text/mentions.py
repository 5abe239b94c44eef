"""Mentions: names after an @, as links to people and back to the text that is typed for them.

A mention that names the id, `@[Jan de Vries](person:57)` or a link to /people/57 that begins with @, is that person. A
name typed by hand is the one reader who has it; a name of several readers stays text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape, unescape
from typing import NamedTuple
from unicodedata import normalize

from cop.base.text.folding import fold_letter, fold_name
from cop.base.text.tags import LITERAL, TAG, name_of

_NO_MENTIONS = LITERAL | {"blockquote"}  # a quote does not mention people again
_AT = re.compile(r"(?<!\w)@(?:\[(?P<name>[^\[\]\n]{1,200})\]\(person:(?P<id>\d{1,10})\))?")
_ENDS_IN_AT = re.compile(r"(?:^|[^\w])@\Z")
_CONTINUES = re.compile(r"-?\w|[\u0300-\u036f]")
_LINK = re.compile(r'<a (?:class="mention" )?href="/people/(\d{1,10})">')
_MENTION = re.compile(r'<a class="mention"[^<>]*>([^<>]*)</a>')
_WHOSE = re.compile(r'<a class="mention" href="/people/(\d+)">')
_ENTITY = re.compile(r"&#?\w{1,30};")

Names = Mapping[str, int | Sequence[int]]


class Mentions(NamedTuple):
    """HTML with its mentions as links, the ids of those people, and the names that several people have."""

    html: str
    ids: list[int]
    unclear: list[str]


def mention(html: str, names: Names | NameIndex, preferred: Collection[int] = ()) -> Mentions:
    """Return the HTML with each mention outside other links, code and quotes as a link.

    names: ids by name. preferred: ids of people whose name is theirs, though others have it as well.
    """
    if "@" not in html:
        return Mentions(html, [], [])
    search = _Search(names if isinstance(names, NameIndex) else NameIndex(names), preferred)
    parts = TAG.split(html)
    literal = 0
    unlinked: list[int] = []
    for index, part in enumerate(parts):
        if index % 2:
            name = name_of(part)
            if name in _NO_MENTIONS:
                if name == "a" and not literal and _is_mention(parts, index) and not _resolve(parts, index, search):
                    unlinked += [index, index + 2]
                literal += -1 if part[1] == "/" else 1
        elif "@" in part and not literal:
            parts[index] = "".join(_mentioned(part, search))
    for index in unlinked:
        parts[index] = ""
    return Mentions("".join(parts), list(search.ids), list(search.unclear))


def newly_mentioned(html: str, before: str) -> list[int]:
    """Return the ids of the people who are mentioned in the HTML and not in that of `before`."""
    earlier = set(mentioned(before))
    return [id for id in mentioned(html) if id not in earlier]


def mentioned(html: str) -> list[int]:
    """Return the ids of the people who are mentioned in the HTML, in order."""
    return list(dict.fromkeys(map(int, _WHOSE.findall(html))))


def unmention(html: str) -> str:
    """Return the HTML with each mention as plain text."""
    return _MENTION.sub(r"\1", html)


def as_typed(name: str, id: int) -> str:
    """Return what is typed to mention a person by id."""
    return f"@[{name.translate(_NO_BRACKETS)}](person:{id})"


_NO_BRACKETS = str.maketrans("[]\n", "() ", "*_~`<>&\\")  # the name itself is filled in when the text is stored
BEGINNING = 6  # characters of a name by which a search ends early


class NameIndex:
    """The people who can be mentioned, by name; made once for many texts."""

    def __init__(self, names: Names) -> None:
        self.names: dict[int, str] = {}
        self.people: dict[str, list[int]] = {}  # by folded name
        self.beginnings = {""}
        for name, ids in names.items():
            folded = fold_name(name)
            if not folded:
                continue
            for id in [ids] if isinstance(ids, int) else ids:
                self.names.setdefault(id, name)
                self.people.setdefault(folded, []).append(id)
            self.beginnings.update(folded[:size] for size in range(1, BEGINNING + 1))
        self.longest = max(map(len, self.people), default=0)


NO_NAMES = NameIndex({})


class _Search:
    """The search for names in one text: who can be mentioned, and who was."""

    def __init__(self, index: NameIndex, preferred: Collection[int]) -> None:
        self.ids: dict[int, None] = {}
        self.unclear: dict[str, None] = {}
        self.names, self.people = index.names, index.people
        self.beginnings, self.longest = index.beginnings, index.longest
        self.preferred = preferred

    def link(self, id: int) -> str:
        """Return the link that mentions a person."""
        self.ids[id] = None
        return f'<a class="mention" href="/people/{id}">@{escape(self.names[id], quote=False)}</a>'

    def find(self, text: str, start: int) -> tuple[int, list[int]] | None:
        """Return the end of the longest name that begins at `start`, and the ids of those who have it."""
        folded, at, found = "", start, None
        while at < len(text) and at - start <= 3 * self.longest + 10:
            character, end = _character(text, at)
            piece = fold_letter(character)
            if character == "@" or (piece == " " and not folded):
                break
            folded = folded.rstrip(" ") + piece if piece == " " else folded + piece
            if len(folded) > self.longest + 1 or folded[:BEGINNING].rstrip(" ") not in self.beginnings:
                break
            at = end
            if piece != " " and folded in self.people and not _CONTINUES.match(text, at):
                found = at, self._best(folded, text[start:at])
        return found

    def _best(self, folded: str, written: str) -> list[int]:
        """Return the ids of those with this name, of those who write it exactly so if that is one of them."""
        ids = self.people[folded]
        if taken := {self.names[id] for id in ids if id in self.preferred}:
            ids = [id for id in ids if id in self.preferred or self.names[id] not in taken]
        exact = normalize("NFC", unescape(written)).casefold().replace("\n", " ")
        same = [id for id in ids if self.names[id].casefold() == exact] if len(ids) > 1 else ids
        return same if len(same) == 1 else ids


def _character(text: str, at: int) -> tuple[str, int]:
    """Return the character at a position in HTML text, and the position after it."""
    if text[at] == "&" and (entity := _ENTITY.match(text, at)):
        return unescape(entity[0])[:1], entity.end()
    return text[at], at + 1


def _is_mention(parts: list[str], index: int) -> bool:
    """Return whether a link to a person is a mention: only text, that begins with an @ or comes after one."""
    if not _LINK.fullmatch(parts[index]) or parts[index + 2] != "</a>":
        return False
    return parts[index + 1].startswith("@") or bool(_ENDS_IN_AT.search(parts[index - 1]))


def _resolve(parts: list[str], index: int, search: _Search) -> bool:
    """Write the person's name in a link that is a mention; return whether it stays a link, as they can read this."""
    link = _LINK.fullmatch(parts[index])
    assert link is not None
    id, words, rest = int(link[1]), parts[index + 1], ""
    if not words.startswith("@"):
        parts[index - 1] = parts[index - 1][:-1]
        words = f"@{words}"
    elif (found := search.find(words, 1)) and id in found[1]:
        rest = words[found[0] :]  # typed on in the link
    parts[index + 1] = words
    if id not in search.names:
        return False
    opening, _end, name = search.link(id).partition(">")
    parts[index], parts[index + 1] = f"{opening}>", name.removesuffix("</a>")
    parts[index + 3] = rest + parts[index + 3]
    return True


def _mentioned(text: str, search: _Search) -> Iterator[str]:
    """Yield the text in pieces, with names as links."""
    done = 0
    for at in _AT.finditer(text):
        if at.start() < done:
            continue
        if at["id"]:
            yield text[done : at.start()]
            id = int(at["id"])
            yield search.link(id) if id in search.names else f"@{at['name']}"
            done = at.end()
        elif found := search.find(text, at.end()):
            end, ids = found
            yield text[done : at.start()]
            if len(ids) == 1:
                yield search.link(ids[0])
            else:
                search.unclear[search.names[ids[0]]] = None
                yield text[at.start() : end]
            done = end
    yield text[done:]
