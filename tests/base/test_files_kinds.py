"""Accepted kinds of files, and the messages that refuse the others."""

import pytest

from cop.base import files
from cop.base.files import kinds, names


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("verslag.PDF", "pdf"),
        ("verslag", ""),
        (".bashrc", "bashrc"),
        ("a.tar.gz", "gz"),
        ("virus.exe.", "exe"),
        ("virus.exe ...", "exe"),
        ("virus.exe\u00a0", "exe"),
        ("virus.exe::$DATA", "exe"),
        ("virus.e\u202exe", "exe"),
        ("virus.e\u200bxe", "exe"),
        ("virus.exe\r\n", "exe"),
        ("v1.0/leesmij", ""),
        ("c:\\map.d\\leesmij", ""),
        ("\ud800.exe", "exe"),
    ],
)
def test_hidden_extension_is_found(name, ending):
    assert files.extension(name) == ending


@pytest.mark.parametrize("media_type", files.ALLOWED)
def test_allowed_kinds_have_their_own_size_limit(media_type):
    limit = files.LIMITS[files.ALLOWED[media_type].kind]
    assert files.refusal(media_type, "bestand", 1) is None
    assert files.refusal(media_type, "bestand", limit) is None
    assert files.refusal(media_type, "bestand", limit + 1) == "too_large"
    assert limit <= files.LARGEST


@pytest.mark.parametrize("ending", ["exe", "dll", "js", "bat", "ps1", "vbs", "lnk", "msi", "jar", "hta", "scr"])
def test_programs_are_refused_by_name(ending):
    assert files.refusal(kinds.TEXT, f"Factuur.pdf.{ending.upper()}", 10) == "executable"


def test_programs_are_refused_by_content():
    assert files.refusal(kinds.PROGRAM, "vakantie.jpg", 10) == "executable"


@pytest.mark.parametrize("ending", ["docm", "xlsm", "xlsb", "pptm"])
def test_macro_formats_are_refused_by_name(ending):
    assert files.refusal(kinds.DOCX, f"model.{ending}", 10) == "macros"


@pytest.mark.parametrize("media_type", [kinds.UNKNOWN, "application/x-7z-compressed", ""])
def test_other_kinds_are_refused(media_type):
    assert files.refusal(media_type, "x.pdf", 10) == "kind"


def test_tiff_is_refused_with_the_formats_to_choose():
    assert files.refusal(kinds.TIFF, "x.pdf", 10) == "tiff"


def test_empty_file_is_refused():
    assert files.refusal(kinds.TEXT, "leeg.txt", 0) == "empty"


@pytest.mark.parametrize(
    ("media_type", "name", "misleads"),
    [
        (kinds.PDF, "verslag.pdf", False),
        (kinds.PDF, "verslag.docx", True),
        (kinds.PDF, "verslag", True),
        ("image/jpeg", "foto.JPG", False),
        (kinds.ZIP, "verslag.docx", True),
        (kinds.TEXT, "notitie.md", False),
        (kinds.TEXT, "leesmij.1e-versie", False),
        (kinds.TEXT, "LEESMIJ", False),
        (kinds.TEXT, "verslag.docx", True),
        (kinds.TEXT, "pagina.html", True),
        (kinds.CSV, "cijfers.csv", False),
        (kinds.HTML, "notitie.txt", True),
        (kinds.UNKNOWN, "iets.pdf", False),
    ],
)
def test_misleading_name_gets_a_warning(media_type, name, misleads):
    assert files.warning(media_type, name) == (files.OTHER_EXTENSION if misleads else None)


def test_allowed_and_refused_extensions_do_not_overlap():
    allowed = {ending for known in files.ALLOWED.values() for ending in known.extensions}
    assert allowed.isdisjoint(names.PROGRAMS | names.WITH_MACROS)


def test_every_kind_has_a_limit_and_a_title():
    for kind in files.Kind:
        assert files.LIMITS[kind] > 0
        assert files.title(kind)


def test_every_reason_has_its_own_message():
    sentences = {files.sentence(reason) for reason in files.Reason}
    assert len(sentences) == len(files.Reason)
    assert all(words.endswith(".") for words in sentences)


def test_too_large_message_names_the_limit():
    assert "50 MB" in files.TooLarge(50_000_000).words
    assert "500 kB" in files.TooLarge(500_000).words
