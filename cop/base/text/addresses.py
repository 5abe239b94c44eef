"""Addresses: spelled so that they read one way only, found where they stand bare, made into links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

LINKS = 1_000  # what comes after stays text; a host with accents takes 45 µs to spell in punycode

REL = "noopener nofollow ugc"
_OWN_ADDRESS = re.compile(r"/(?![/\\]).*")
_MAIL_ADDRESS = re.compile(r"mailto:([^\s@?]+@[^\s@?]+(?:\?.*)?)", re.I)
_WEB_ADDRESS = re.compile(r"(https?)://([^/?#\\@:\[\]]{1,253})(:\d{1,5})?((?:[/?#].*)?)", re.I)
_HOST = re.compile(r"[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9_][a-z0-9_-]*)*\.?")


def spelled(value: str) -> str | None:
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


def link(href: str) -> dict[str, str]:
    """The attributes of a link to an allowed address."""
    return {"href": href} if href.startswith("/") else {"href": href, "rel": REL}


# Each word is read from one place only, so that reading is linear; the patterns of linkify-it and bleach take
# seconds over one long word. Without www. only top-level domains that are no Dutch word or file type count:
# people forget the space after a full stop ("wonen.de huurder"). An address right after it is one of its own
# ("a.nl.https://b.nl"): what is a link once must not become two when the text is read again.
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
    """The text in pieces, each with the address to link it to, if it is one; looks at the first `most`."""
    end = 0
    for _, match in zip(range(most), _BARE.finditer(text), strict=False):
        words = _without_stop(match[0])
        if href := spelled(_SCHEME_OF[match.lastgroup or "web"] + words):
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
