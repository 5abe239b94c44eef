"""Archives and office files that reach outside themselves are refused, or lose what reaches."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cop.base import files
from cop.base.files import kinds

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
REMOTE = ["http://ander.example/x", "HTTPS://ander.example/x", "file://server/map/x.dotm", r"\\server\map\x.dotm"]
XLINK = "http://www.w3.org/1999/xlink"
DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> files.Store:
    return files.open_store(f"file://{tmp_path_factory.mktemp('files')}")


def zipped(parts: dict[str, bytes | str], links: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
        for name in links:
            link = zipfile.ZipInfo(name)
            link.external_attr = 0o120777 << 16
            packed.writestr(link, "/etc/passwd")
    return out.getvalue()


def office(kind: str, target: str, mode: str = "External", folder: str = "word") -> bytes:
    """Return an office file with one relationship of this kind."""
    link = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target={quoteattr(target)} TargetMode="{mode}"/>'
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            f"{folder}/document.xml": "<document>Verslag</document>",
            f"{folder}/_rels/settings.xml.rels": f'<Relationships xmlns="{PACKAGE}">{link}</Relationships>',
        }
    )


def refused(store: files.Store, content: bytes, name: str = "a.zip") -> str:
    try:
        spooled = store.spool(io.BytesIO(content), 100_000_000, name)
    except files.Refused as problem:
        return str(problem.reason)
    store.discard(spooled)
    return files.refusal(spooled.media_type, name, spooled.size) or ""


def kept(store: files.Store, content: bytes, name: str) -> tuple[bytes, files.Spooled]:
    spooled = store.spool(io.BytesIO(content), 100_000_000, name)
    return spooled.path.read_bytes(), spooled


@pytest.mark.parametrize("target", REMOTE)
@pytest.mark.parametrize("kind", ["oleObject", "frame", "image", "subDocument"])
@pytest.mark.parametrize("folder", ["word", "xl", "ppt"])
def test_office_file_that_fetches_from_elsewhere_is_refused(
    store: files.Store, kind: str, target: str, folder: str
) -> None:
    assert refused(store, office(kind, target, folder=folder)) == "outside"


@pytest.mark.parametrize("target", REMOTE)
def test_template_from_elsewhere_is_detached(store: files.Store, target: str) -> None:
    content, spooled = kept(store, office("attachedTemplate", target), "a.docx")
    assert (spooled.media_type, spooled.removed) == (kinds.DOCX, {"template"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        rels = archive.read("word/_rels/settings.xml.rels").decode()
        assert archive.read("word/document.xml") == b"<document>Verslag</document>"
    assert "ander.example" not in rels
    assert "server" not in rels
    assert 'Target="Normal.dotm"' in rels
    assert kept(store, content, "a.docx")[1].removed == frozenset()  # once is enough


@pytest.mark.parametrize(
    ("kind", "target", "mode"),
    [
        ("hyperlink", "https://ander.example/x", "External"),  # needs a click
        ("image", "media/image1.png", "Internal"),
        ("attachedTemplate", "file:///C:/Sjablonen/Brief.dotm", "External"),  # on the reader's own computer
        ("image", "media/http.png", "Internal"),
    ],
)
def test_ordinary_links_are_kept_byte_for_byte(store: files.Store, kind: str, target: str, mode: str) -> None:
    offered = office(kind, target, mode)
    assert kept(store, offered, "a.docx")[0] == offered


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_hidden_address_is_found(store: files.Store, encoding: str) -> None:
    """Character references, another prefix and another encoding do not hide a link."""
    rels = (
        f'<?xml version="1.0" encoding="{encoding}"?><p:Relationships xmlns:p="{PACKAGE}"><p:Relationship Id="a>b" '
        f'Type=\'{OFFICE}/oleObject\' TargetMode="&#69;xternal" Target="&#104;ttp://ander.example/"/></p:Relationships>'
    )
    parts: dict[str, Any] = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>"}
    assert refused(store, zipped({**parts, "word/_rels/d.xml.rels": rels.encode(encoding)})) == "outside"


@pytest.mark.parametrize("element", ["image", "object", "object-ole", "floating-frame", "plugin"])
@pytest.mark.parametrize(("address", "reason"), [*((a, "outside") for a in REMOTE), ("Pictures/1.png", "")])
def test_opendocument_that_fetches_from_elsewhere_is_refused(
    store: files.Store, element: str, address: str, reason: str
) -> None:
    content = f'<d:{element} xmlns:d="{DRAW}" xmlns:x="{XLINK}" x:href={quoteattr(address)}/>'
    assert refused(store, zipped({"mimetype": kinds.ODT, "content.xml": content}), "a.odt") == reason


def test_entities_after_a_long_comment_are_refused(store: files.Store) -> None:
    bomb = f'<!--{"x" * 9000}--><!DOCTYPE r [<!ENTITY a "aaa">]><Relationships xmlns="{PACKAGE}">&a;</Relationships>'
    parts = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>", "word/_rels/d.xml.rels": bomb}
    assert refused(store, zipped(parts)) == "entities"


safe = st.text("abc é-_", min_size=1, max_size=8).filter(lambda name: name.strip())


@settings(max_examples=80, deadline=None)
@given(
    before=st.lists(safe, max_size=3),
    evil=st.sampled_from(["..", "C:", "", "\\\\server", "c:\\map", "..\\.."]),
    after=st.lists(safe, min_size=1, max_size=3),
    slash=st.sampled_from(["/", "\\"]),
)
def test_path_that_leads_outside_is_refused(
    store: files.Store, before: list[str], evil: str, after: list[str], slash: str
) -> None:
    first = evil in ("", "C:", "\\\\server", "c:\\map")
    name = slash.join([*([] if first else before), evil, *after]) + ".txt"
    assert refused(store, zipped({name: "x"})) == "paths"
    assert refused(store, zipped({slash.join([*before, *after]) + ".txt": "x"})) == ""


def test_link_in_a_zip_is_refused(store: files.Store) -> None:
    assert refused(store, zipped({"a.txt": "x"}, links=("b.txt",))) == "paths"


def test_zip_in_a_zip_under_another_name_is_refused(store: files.Store) -> None:
    inner = zipped({"a.txt": "x"})
    for name in ("a.dat", "a.jpg", "a", "a.docx"):
        assert refused(store, zipped({name: inner})) == "nested", name
    assert refused(store, zipped({"a.docx": office("hyperlink", "https://ander.example/")})) == ""
    assert refused(store, zipped({"a.docx": office("oleObject", "https://ander.example/")})) == "outside"
    assert (
        refused(store, zipped({"a.docx": zipped({"[Content_Types].xml": "", "word/vbaProject.bin": ""})})) == "macros"
    )


def test_tiff_is_refused_with_what_to_do(store: files.Store) -> None:
    for head in (b"II*\0", b"MM\0*"):
        assert refused(store, head + bytes(50), "scan.tif") == "tiff"


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        (r"{\*\template http://ander.example/x.dotm}", "outside"),
        (r"{\*\template \\\\server\\map\\x.dotm}", "outside"),
        (r"{\*\template \'68\'74tp://ander.example/x.dotm}", "outside"),
        (r'{\field{\*\fldinst INCLUDEPICTURE "http://ander.example/x.png"}}', "outside"),
        (r"{\*\template C:\\Sjablonen\\Brief.dotm}", ""),
        (r'{\field{\*\fldinst HYPERLINK "http://ander.example/"}}', ""),
    ],
)
def test_rtf_that_fetches_from_elsewhere_is_refused(store: files.Store, field: str, reason: str) -> None:
    assert refused(store, (r"{\rtf1\ansi " + "tekst " * 60_000 + field + "}").encode(), "a.rtf") == reason
