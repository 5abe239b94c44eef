"""Mails as they are found in archives: headers in any encoding, bodies in several parts, dates that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import NamedTuple

from bs4 import BeautifulSoup

from cop.base import clock, text
from cop.cli.importing import mail_text

DEEPEST = 4  # forwarded mails inside each other that are read
FIRST_YEAR = 1985
SIGNED = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/ms-tnef",
}
SMALLEST_PICTURE = 5_000  # bytes; smaller ones inside a mail are logos and smileys of signatures
FORWARDED = "Doorgestuurd bericht"
_TAILS = (
    *("div.gmail_quote", "div.gmail_signature", "div.moz-signature", "div.moz-cite-prefix", "blockquote[type=cite]"),
    *("#divRplyFwdMsg", "#Signature", "#appendonsend", "div.yahoo_quoted", "style", "script", "head", "title"),
)


class Attached(NamedTuple):
    """A file of a mail."""

    name: str
    content: bytes


def header(message: Message, name: str) -> str:
    """Return a header in characters, on one line."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return " ".join(_decoded(str(value)).split())
    return ""


def _decoded(value: str) -> str:
    """Return a header value decoded; what is not encoded as it should be is read as UTF-8, else as Windows-1252."""
    raw = value.encode("utf-8", "surrogateescape")
    value = characters(raw, None)
    try:
        parts = decode_header(re.sub(r"\?=\s+=\?", "?==?", value.replace("\n", " ").replace("\r", "")))
    except Exception:  # the module raises what its parts raise
        return value
    return "".join(part if isinstance(part, str) else characters(part, charset) for part, charset in parts)


def characters(raw: bytes, charset: str | None) -> str:
    """Return bytes as characters: in the charset that they claim, else as UTF-8 or Windows-1252.

    What claims to be Latin-1 is Windows-1252, as in browsers: mail programs wrote € and curly quotes in it.
    """
    claimed = "cp1252" if (charset or "").lower().replace("_", "-") in ("iso-8859-1", "latin-1", "latin1") else charset
    for name in (claimed, charset, "utf-8"):
        try:
            if name:
                return raw.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def author(message: Message) -> tuple[str, str]:
    """Return mail address and name of who wrote a mail; lists that write in the name of others say who that is."""
    sender = _address(message, "From")
    listed = {_address(message, name)[0] for name in ("List-Post", "Sender")} | {_posted(message)}
    if sender[0] in listed or " via " in sender[1]:
        for name in ("X-Original-From", "Reply-To"):
            other = _address(message, name)
            if other[0] and other[0] not in listed:
                return other[0], other[1] or re.sub(r"\s+via\s.*", "", sender[1]).strip(" '\"")
    return sender


def _address(message: Message, name: str) -> tuple[str, str]:
    for shown, mail in getaddresses([header(message, name)]):
        if "@" in mail:
            return mail.strip().lower(), shown.strip(" '\"")
    return "", header(message, name).strip(" '\"<>")


def _posted(message: Message) -> str:
    found = re.search(r"mailto:([^>?\s]+)", header(message, "List-Post"))
    return found[1].lower() if found else ""


def date(message: Message, envelope: str) -> datetime | None:
    """Return when a mail was sent: as it says, else when it was received; None where neither can be true."""
    received = [value for key, value in message.raw_items() if key.lower() == "received"]
    stamps = [header(message, "Date"), *(str(one).rpartition(";")[2] for one in received), envelope.partition(" ")[2]]
    for stamp in stamps:
        if (moment := _moment(" ".join(stamp.split()))) is not None:
            return moment
    return None


def _moment(stamp: str) -> datetime | None:
    moment = None
    try:
        moment = parsedate_to_datetime(stamp)
    except (ValueError, TypeError, IndexError, OverflowError):
        try:
            moment = datetime.strptime(stamp, "%a %b %d %H:%M:%S %Y")
        except ValueError:
            return None
    try:
        moment = (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if moment.year >= FIRST_YEAR and moment <= clock.now() + timedelta(days=1) else None


def html_of(message: Message) -> str:
    """Return what the author of a mail wrote, as HTML that is not clean yet."""
    return "".join(_bodies(message, 0))


def _bodies(message: Message, depth: int) -> Iterator[str]:
    kind = message.get_content_type()
    if kind == "message/rfc822" or (kind == "multipart/digest"):
        if depth < DEEPEST:
            for inside in _parts(message):
                yield _forwarded(inside, depth)
    elif kind == "multipart/alternative":
        parts = _parts(message)
        plain = [one for one in parts if one.get_content_type() == "text/plain" and _payload(one).strip()]
        rich = [one for one in parts if one.get_content_type() != "text/plain"]
        for one in plain[:1] or rich[-1:]:
            yield from _bodies(one, depth)
    elif message.is_multipart():
        for part in _parts(message):
            yield from _bodies(part, depth)
    elif _is_file(message):
        return
    elif kind == "text/html":
        yield _own_html(_payload(message))
    elif kind == "text/plain":
        yield _own_text(message)


def _parts(message: Message) -> list[Message]:
    found = message.get_payload()
    return [one for one in found if isinstance(one, Message)] if isinstance(found, list) else []


def _forwarded(message: Message, depth: int) -> str:
    inside = "".join(_bodies(message, depth + 1))
    subject = header(message, "Subject")
    heading = mail_text.as_html([f"{FORWARDED}: {subject}" if subject else FORWARDED])
    return f"<blockquote>{heading}{inside}</blockquote>"


def _payload(message: Message) -> str:
    raw = message.get_payload(decode=True)
    charset = message.get_content_charset()
    said = characters(raw if isinstance(raw, bytes) else b"", None if charset in ("us-ascii", "ascii") else charset)
    return said.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _own_text(message: Message) -> str:
    said = re.sub(r"^>(>*From )", r"\1", _payload(message), flags=re.M)
    flowed = str(message.get_param("format", "")).lower() == "flowed"
    lines = mail_text.unflowed(said) if flowed else said.split("\n")
    return mail_text.as_html(mail_text.own_lines(lines))


def _own_html(source: str) -> str:
    """Return the HTML of a mail without what is quoted and signed below it; where only that is there, all of it."""
    if len(source) > 3 * text.LIMIT:
        return mail_text.as_html(mail_text.own_lines(_lines(BeautifulSoup(source, "html.parser"))))
    tree = BeautifulSoup(source, "html.parser")
    whole = str(tree)
    for selector in _TAILS:
        for found in tree.select(selector):
            if selector in ("#divRplyFwdMsg", "#appendonsend"):
                for after in list(found.next_siblings):
                    after.extract()
            found.extract()
    said = _lines(tree)
    if not any(line.strip() for line in said):
        return whole
    own = mail_text.own_lines(said)
    if len(own) < len([line for line in said if line.strip()]):  # a tail without a mark of its own: the words decide
        return mail_text.as_html(own)
    return str(tree)


def _lines(tree: BeautifulSoup) -> list[str]:
    for found in tree.find_all(["style", "script", "head", "title"]):
        found.extract()
    for line_break in tree.find_all("br"):
        line_break.replace_with("\n")
    for block in tree.find_all(["p", "div", "li", "tr", "blockquote"]):
        block.append("\n")
    return [" ".join(line.split()) for line in tree.get_text().split("\n") if line.strip()]


def files_of(message: Message) -> list[Attached]:
    """Return the files of a mail, also those of mails that it forwards."""
    found: list[Attached] = []
    for part in message.walk():
        if part.is_multipart() or not _is_file(part):
            continue
        raw = part.get_payload(decode=True)
        content = raw if isinstance(raw, bytes) else b""
        picture = part.get_content_maintype() == "image"
        if not content or (picture and part.get("Content-ID") and len(content) < SMALLEST_PICTURE):
            continue
        name = text.clean_filename(_decoded(part.get_filename() or "") or _nameless(part))
        if Attached(name, content) not in found:
            found.append(Attached(name, content))
    return found


def _is_file(part: Message) -> bool:
    kind = part.get_content_type()
    if kind in SIGNED or part.get_content_maintype() in ("multipart", "message"):
        return False
    named = bool(part.get_filename()) or part.get_content_disposition() == "attachment"
    return named or part.get_content_maintype() != "text"


def _nameless(part: Message) -> str:
    kind = part.get_content_subtype()
    endings = {"jpeg": "jpg", "plain": "txt", "calendar": "ics", "html": "html"}
    return f"{'afbeelding' if part.get_content_maintype() == 'image' else 'bijlage'}.{endings.get(kind, kind)[:10]}"
