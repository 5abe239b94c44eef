"""URLs and email addresses in text: normalised, found without markup, made into links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

LINKS = 1_000  # the rest stays text; a host with accents takes 45 µs to convert to punycode

REL = "noopener nofollow ugc"
_OWN_ADDRESS = re.compile(r"/(?![/\\]).*")
_PERSON = re.compile(r"person:(\d{1,10})")  # as mentions are typed
_MAIL_ADDRESS = re.compile(r"mailto:([^\s@?]+@[^\s@?]+(?:\?.*)?)", re.I)
_WEB_ADDRESS = re.compile(r"(https?)://([^/?#\\@:\[\]]{1,253})(:\d{1,5})?((?:[/?#].*)?)", re.I)
_HOST = re.compile(r"[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9_][a-z0-9_-]*)*\.?")


def normalised(value: str) -> str | None:
    """Return the URL in one unambiguous spelling (ASCII, host in punycode), or None if it is not allowed."""
    value = value.strip()
    if not value.isprintable():  # control, zero-width and bidi characters are invisible, and browsers skip some
        return None
    if person := _PERSON.fullmatch(value):
        return f"/people/{person[1]}"
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


def link(href: str) -> dict[str, str]:
    """Return the attributes of a link to an allowed URL."""
    return {"href": href} if href.startswith("/") else {"href": href, "rel": REL}


# Every word is matched from one position only, so that matching is linear; the patterns of linkify-it and bleach take
# seconds for one long word. Without www. only top-level domains count that are not a Dutch word or file extension:
# people forget the space after a full stop ("wonen.de huurder"). A URL right after a full stop is a separate one
# ("a.nl.https://b.nl"): one link must not become two when the text is rendered again.
_BARE = re.compile(
    r"""
    (?<!\w)(?P<web>https?://[^\s<>"\\^`{|}\[\]]++)
  | (?<![\w@.+/:%-])(?:
        (?P<mail>\w[\w.+-]*+@(?:[a-z0-9-]++\.)+[a-z]{2,24}+(?![\w@-]|\.(?!https?://)\w))
      | (?P<name>
          (?:www\.(?:\w[\w-]*+\.)+[a-z]{2,24}+|(?:\w[\w-]*+\.)+(?:be|com|edu|eu|gov|info|int|net|nl|org))
          (?![\w@-]|\.(?!https?://)\w)(?::\d{1,5}+(?!\w))?+(?:[/?#][^\s<>"\\^`{|}\[\]]*+)?+)
    )
    """,
    re.I | re.X,
)
_SCHEME_OF = {"web": "", "mail": "mailto:", "name": "https://"}


def bare_addresses(text: str, most: int) -> Iterator[tuple[str, str | None]]:
    """Yield the text in pieces, each with the URL to link it to or None; link at most `most` addresses."""
    end = 0
    for _, match in zip(range(most), _BARE.finditer(text), strict=False):
        words = _without_punctuation(match[0])
        if href := normalised(_SCHEME_OF[match.lastgroup or "web"] + words):
            yield text[end : match.start()], None
            yield words, href
            end = match.start() + len(words)
    yield text[end:], None


def _without_punctuation(address: str) -> str:
    """Return the address without the punctuation of its sentence; a bracket that it opens itself stays."""
    end = len(address)
    unopened = address.count(")") - address.count("(")
    while end and (address[end - 1] in ".,;:!?'*_~…’”" or (address[end - 1] == ")" and unopened > 0)):
        unopened -= address[end - 1] == ")"
        end -= 1
    return address[:end]
