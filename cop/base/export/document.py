"""A document to export, and the request for the program that makes a file of it."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import importlib.util
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal, NamedTuple
from uuid import UUID

from cop.base import clock
from cop.base.words import _, language

Format = Literal["pdf", "docx", "odt", "epub"]
LARGEST = 200_000  # characters of HTML, about 70 pages
LARGEST_PICTURES = 30_000_000  # bytes of all pictures of a document
RENDERER = 1  # raise it with a change here that gives the same document another file: it is part of the ETag

_OWN_ADDRESS = re.compile(r'(<a\b[^<>]* href=")(?=/)')
_PICTURE = re.compile(r"<img\b[^<>]*>")
_SRC = re.compile(r' src="/files/(\d{1,15})/content[?"]')
_ALT = re.compile(r' alt="([^"]*)"')
_STYLE = (Path(__file__).parent / "document.css").read_text()


class Kind(NamedTuple):
    """A format as it is offered: its name for people and its media type."""

    name: str
    media_type: str


FORMATS: dict[Format, Kind] = {
    "pdf": Kind("PDF", "application/pdf"),
    "docx": Kind("Word (DOCX)", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "odt": Kind("OpenDocument (ODT)", "application/vnd.oasis.opendocument.text"),
    "epub": Kind("EPUB", "application/epub+zip"),
}


@dataclass(frozen=True)
class Document:
    """A text with its title and what stands around it.

    html: cleaned, with headings from h2 down. pictures: the bytes of its pictures by the id of their file; one that is not
    among them appears as its words. made: when this text was made, the date of the file. base_url: of this site, for its
    addresses in the text. facts: lines under the title.
    """

    title: str
    html: str
    made: datetime
    base_url: str
    programme: str = ""
    facts: tuple[str, ...] = ()
    language: str = "nl"
    pictures: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The ETag of its files, without making them."""
        parts = [
            RENDERER,
            *_versions(),
            self.title,
            self.html,
            self.made.isoformat(),
            self.base_url,
            self.programme,
            *self.facts,
        ]
        pictures = [f"{id}:{hashlib.sha256(content).hexdigest()}" for id, content in sorted(self.pictures.items())]
        return hashlib.sha256(json.dumps([*parts, self.language, *pictures]).encode()).hexdigest()

    def request(self, format: Format) -> dict[str, Any]:
        """Return what the program is asked for, with our own words in the language of the document."""
        of_reader = language.set(self.language)
        try:
            return self._request(format)
        finally:
            language.reset(of_reader)

    def _request(self, format: Format) -> dict[str, Any]:
        facts = self.facts if format == "pdf" else (self.programme, *self.facts)  # which has it above each page
        body = "".join(f'<p class="fact">{escape(fact)}</p>' for fact in facts if fact)
        body += _PICTURE.sub(self._picture, self._with_whole_addresses())
        return {
            "format": format,
            "title": self.title,
            "language": self.language,
            "moment": clock.rfc3339(self.made),
            "identifier": str(UUID(self.tag[:32])),
            "html": self._page(body) if format == "pdf" else body,
            "css": self._margins() + _STYLE,
            "pictures": {str(id): base64.b64encode(content).decode() for id, content in self.pictures.items()},
        }

    def _with_whole_addresses(self) -> str:
        return _OWN_ADDRESS.sub(lambda found: found[1] + escape(self.base_url), self.html)

    def _picture(self, tag: re.Match[str]) -> str:
        """Return a picture under the address that the program gives it; its words where it has not got it.

        A picture without words says that it is one: in PDF/UA each needs words.
        """
        file, words = _SRC.search(tag[0]), "".join(_ALT.findall(tag[0])[:1])
        if file is None or int(file[1]) not in self.pictures:
            return words
        return f'<img src="picture:{int(file[1])}" alt="{words or escape(_("Afbeelding"))}">'

    def _page(self, body: str) -> str:
        """Return the document as a page of its own."""
        moment = clock.rfc3339(self.made)
        return (
            f'<!doctype html><html lang="{escape(self.language)}"><head><meta charset="utf-8">'
            f"<title>{escape(self.title)}</title>"
            f'<meta name="dcterms.created" content="{moment}"><meta name="dcterms.modified" content="{moment}"></head>'
            f"<body><h1>{escape(self.title)}</h1>{body}</body></html>"
        )

    def _margins(self) -> str:
        """Return the rules for what stands above and below each page."""
        counted = _("Bladzijde %(page)s van %(pages)s", page='" counter(page) "', pages='" counter(pages) "')
        numbers = f'"{counted}"'
        return (
            f"@page {{ @top-left {{ content: {_string(self.programme)} }} "
            f"@top-right {{ content: {_string(self.title)} }} @bottom-right {{ content: {numbers} }} }}\n"
        )


def pictures_in(html: str) -> list[int]:
    """Return the ids of the files that a text shows as pictures, in order, without duplicates."""
    found = (_SRC.search(tag) for tag in _PICTURE.findall(html))
    return list(dict.fromkeys(int(one[1]) for one in found if one))


@cache
def _versions() -> tuple[str, ...]:
    """Return the versions of the libraries that make the files."""
    return tuple(
        importlib.metadata.version(name)
        for name in ("weasyprint", "pypandoc-binary")
        if importlib.util.find_spec(name.partition("-")[0])
    )


def _string(text: str) -> str:
    """Return a text as a string of CSS."""
    return '"' + "".join(one if one.isalnum() or one == " " else f"\\{ord(one):06x}" for one in text) + '"'
