"""Stored files are served so that neither name nor content can do harm."""

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers
from werkzeug.http import parse_options_header

from cop.base import files, text
from cop.base.files import kinds
from cop.base.files.serving import LONGEST_NAME

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
SHOWN = {"image/png", "image/jpeg", "image/gif", "image/webp"}


def sent_name(name, media_type=kinds.PDF):
    """Return the file name that a browser reads from the header (RFC 6266)."""
    disposition = files.headers(name, media_type)["Content-Disposition"]
    return unquote(disposition.rpartition("filename*=UTF-8''")[2], errors="strict")


@pytest.mark.parametrize("media_type", files.ALLOWED)
def test_only_pictures_are_shown_inline(media_type):
    content_type, disposition = files.served_as(media_type)
    assert disposition == ("inline" if media_type in SHOWN else "attachment")
    _, asked = files.served_as(media_type, inline=True)
    assert asked == ("inline" if media_type in {*SHOWN, kinds.PDF} else "attachment")
    assert content_type in (media_type, kinds.UNKNOWN)


@pytest.mark.parametrize(
    "media_type",
    [
        kinds.HTML,
        kinds.XHTML,
        kinds.XML,
        kinds.SVG,
        kinds.PROGRAM,
        kinds.UNKNOWN,
        "text/javascript",
        "x\r\ny",
        "",
    ],
)
def test_active_content_is_a_plain_download(media_type):
    assert files.served_as(media_type, inline=True) == ("application/octet-stream", "attachment")


@pytest.mark.parametrize("media_type", [*files.ALLOWED, kinds.UNKNOWN])
def test_every_file_is_sandboxed(media_type):
    sent = files.headers("x", media_type, inline=True)
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert sent["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert sent["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Verslag intervisie.pdf", "Verslag intervisie.pdf"),
        ("Financiële afspraken – één jaar.pdf", "Financiële afspraken – één jaar.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\map\\x.pdf", "x.pdf"),
        ("..", "bestand"),
        ("", "bestand"),
        ("map/", "bestand"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x=1\r\n\r\n<html>.pdf", "aSet-Cookie: x=1<html>.pdf"),
        ('"; filename="evil.exe', '"; filename="evil.exe'),
        ("100%25.pdf", "100%25.pdf"),
        ("👩‍💻 aan het werk 🏠.pdf", "👩‍💻 aan het werk 🏠.pdf"),
        ("factuur\u202efdp.exe", "factuurfdp.exe"),
        ("a\u2028b\u0085c\x00d.pdf", "abcd.pdf"),
        ("half\ud83d.pdf", "half.pdf"),
    ],
)
def test_file_names_are_sent_safely(name, sent):
    assert sent_name(name) == sent


def test_long_name_keeps_its_extension():
    assert sent_name("x" * 300 + ".pdf") == "x" * 251 + ".pdf"
    assert sent_name("é" * 150 + ".docx") == "é" * 125 + ".docx"
    assert sent_name("x" * 300) == "x" * 255
    assert sent_name("x." + "y" * 300) == "x." + "y" * 253


def test_ascii_fallback_name():
    disposition = files.headers('Eén "plan" 100%.pdf', kinds.PDF)["Content-Disposition"]
    assert disposition.startswith('attachment; filename="Een _plan_ 100_.pdf"; filename*=')
    disposition = files.headers("计划.pdf", kinds.PDF)["Content-Disposition"]
    assert disposition.startswith('attachment; filename="bestand.pdf"; filename*=')


@given(st.text() | st.text(alphabet=st.characters(), min_size=200, max_size=400))
@example('a"\r\n\\;%0d%0a' + BIDI + "\x00\ud800👩‍💻/../x")
def test_name_cannot_break_out_of_the_header(name):
    disposition = files.headers(name, kinds.PDF)["Content-Disposition"]
    plain, encoded = r'[^"\\%\x00-\x1f\x7f-\U0010ffff]+', r"[A-Za-z0-9!#$&+\-.^_`|~%]+"
    assert re.fullmatch(f"attachment; filename=\"{plain}\"; filename\\*=UTF-8''{encoded}", disposition)
    Headers().set("Content-Disposition", disposition)
    sent = sent_name(name)
    assert parse_options_header(disposition) == ("attachment", {"filename": sent})
    assert sent.strip(". ") == sent != ""
    assert len(sent.encode()) <= LONGEST_NAME
    assert not re.search(r"[/\\]", sent)
    assert not any(c in BIDI or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in sent)
    assert sent_name(sent) == sent


@given(st.text())
def test_stored_name_is_sent_unchanged(name):
    stored = text.clean_filename(name)
    assume(len(stored.encode()) <= LONGEST_NAME)
    assert sent_name(stored) == (stored.strip(". ") or "bestand")
