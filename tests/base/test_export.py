"""Exports of a document: what a screen reader finds in each format, what hostile markup reaches, and limits."""

from __future__ import annotations

import io
import re
import socket
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image

from cop.base.errors import TooLarge
from cop.base.export import Document, Failed, Format, document, export, missing, running

MADE = datetime(2017, 6, 15, 14, 30, tzinfo=UTC)
LONG = "w" * 1000
RICH = f"""<h2>Aanwezigen</h2><ul><li>Anna Adem</li><li><p>שָׁלוֹם אברהם</p><ol><li>Bram</li></ol></li></ul>
<h2>Cijfers</h2><h3>Per kwartaal</h3>
<table><thead><tr><th></th><th>Woningen</th></tr></thead><tbody><tr><th scope="row">Q1</th><td>12 😀</td></tr></tbody></table>
<table><tbody><tr><th>alleen</th><th>koppen</th></tr></tbody></table>
<p>Zie <a href="/outcomes/3" rel="nofollow">het besluit</a> en <a href="https://example.org/a">https://example.org/a</a>.</p>
<p><img src="/files/7/content" alt="Een &quot;rode&quot; plattegrond"><img src="/files/8/content" alt="Niet voor u"><img src="/files/7/content?version=2" alt=""></p>
<p>{LONG} <a id="r1" href="#n1" role="doc-noteref"><sup>1</sup></a></p>
<section role="doc-endnotes"><ol><li id="n1"><p>Een noot.</p></li></ol></section>"""


def picture(mode: str = "RGB", size: tuple[int, int] = (60, 40), format: str = "WEBP") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, format)
    return out.getvalue()


def made_of(html: str, **given: Any) -> Document:
    return Document(
        **{"title": "Verslag", "made": MADE, "base_url": "https://weerthuis.example", "html": html, **given}
    )


def needs(format: Format) -> None:
    if absent := missing(format):
        pytest.skip(f"{format} cannot be made here: {absent}")


@pytest.fixture(scope="module")
def rich() -> Document:
    return made_of(
        RICH,
        title="Verslag van Themabijeenkomst 2 & “meer”",
        programme="Magic ‘Mix’",
        facts=("15 juni 2017",),
        pictures={7: picture()},
    )


@pytest.fixture(scope="module")
def files(rich: Document) -> dict[Format, bytes]:
    """The document in the formats that can be made here."""
    return {format: export(rich, format) for format in running.available()}


def texts(files: dict[Format, bytes], format: Format, *names: str) -> list[str]:
    needs(format)
    with zipfile.ZipFile(io.BytesIO(files[format])) as opened:
        return [opened.read(name).decode() for name in names]


def elements(node: Any) -> Iterator[Any]:
    """Yield the elements of the tree of a tagged PDF in their order."""
    node = node.get_object()
    if not isinstance(node, dict):
        return
    if "/S" in node:
        yield node
    inside = node.get("/K", [])
    for child in inside if isinstance(inside, list) else [inside]:
        yield from elements(child)


def test_pdf_is_tagged(files: dict[Format, bytes], rich: Document) -> None:
    needs("pdf")
    read = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    root = read.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata is not None
    assert read.metadata.title == rich.title
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    found = [*elements(root["/StructTreeRoot"])]
    kinds = [one["/S"] for one in found]
    for kind, times in {"/H1": 1, "/H2": 2, "/H3": 1, "/L": 3, "/LI": 4, "/Table": 2, "/TH": 2, "/Figure": 2}.items():
        assert kinds.count(kind) == times, kind
    assert kinds.count("/TD") == 4  # the empty corner, the cell, and the two that head nothing
    assert [one["/Alt"] for one in found if one["/S"] == "/Figure"] == [
        'Een "rode" plattegrond',
        "Afbeelding",
    ]
    text = "".join(page.extract_text() for page in read.pages)
    for part in ("Magic ‘Mix’", "Bladzijde 1 van", "(https://weerthuis.example/outcomes/3)", "Niet voor u"):
        assert part in text, part
    assert text.count("https://example.org/a") == 1


def test_docx_keeps_structure(files: dict[Format, bytes]) -> None:
    body, styles, core, links = texts(
        files, "docx", "word/document.xml", "word/styles.xml", "docProps/core.xml", "word/_rels/document.xml.rels"
    )
    assert re.findall(r'pStyle w:val="(Title|Heading\d)"', body) == ["Title", "Heading1", "Heading1", "Heading2"]
    assert "<w:tblHeader" in body
    assert "<w:numPr>" in body
    assert "<w:footnoteReference" in body
    assert 'descr="Een &quot;rode&quot; plattegrond"' in body
    assert "Niet voor u" in body
    assert LONG in body
    assert 'w:val="nl"' in styles
    assert "<dc:title>Verslag van Themabijeenkomst 2 &amp; “meer”</dc:title>" in core
    assert "2017-06-15T14:30:00.000Z" in core
    assert "https://weerthuis.example/outcomes/3" in links


def test_odt_keeps_structure(files: dict[Format, bytes]) -> None:
    body, styles, meta = texts(files, "odt", "content.xml", "styles.xml", "meta.xml")
    assert re.findall(r'text:outline-level="(\d)"', body) == ["1", "1", "2"]
    assert "<table:table-header-rows>" in body
    assert body.count("<text:list-item>") >= 3
    assert "<svg:desc>Een &quot;rode&quot; plattegrond</svg:desc>" in body
    assert 'fo:language="nl"' in styles
    assert "<dc:title>Verslag van Themabijeenkomst 2 &amp; “meer”</dc:title>" in meta
    assert "2017-06-15T14:30:00.000Z" in meta


def test_epub_keeps_structure(files: dict[Format, bytes]) -> None:
    needs("epub")
    with zipfile.ZipFile(io.BytesIO(files["epub"])) as opened:
        assert opened.infolist()[0].filename == "mimetype"
        assert opened.infolist()[0].compress_type == zipfile.ZIP_STORED
        chapters = "".join(opened.read(name).decode() for name in opened.namelist() if "/text/ch" in name)
        package = opened.read("EPUB/content.opf").decode()
    assert re.findall(r"<h(\d)", chapters) == ["1", "1", "1", "2"]  # the title is that of the first chapter
    for part in ("<ul>", "<ol>", "<th", "<td", 'alt="Een &quot;rode&quot; plattegrond"', 'lang="nl"', "שָׁלוֹם", LONG):
        assert part in chapters, part
    assert "<dc:language>nl</dc:language>" in package
    assert "2017-06-15T14:30:00.000Z" in package


def test_equal_documents_are_equal_to_the_byte(files: dict[Format, bytes], rich: Document) -> None:
    for format, content in files.items():
        assert export(rich, format) == content, format
    assert made_of("<p>a</p>").tag == made_of("<p>a</p>").tag
    assert made_of("<p>a</p>").tag != made_of("<p>a</p>", pictures={7: picture()}).tag != made_of("<p>b</p>").tag


SECRET = "geheim-van-deze-machine"
HOSTILE = """<link rel="attachment" href="{0}"><link rel="stylesheet" href="{0}"><style>@import "{0}"; @font-face {{ font-family: x;
src: url("{0}") }} p {{ background: url("{0}"); font-family: x }} li {{ list-style-image: url({0}) }}</style>
<p>Tekst <img src="{0}" alt="kwaad"><img src='{0}'><a rel="attachment" href="{0}">a</a></p><ul><li>x</li></ul>
<object data="{0}"></object><embed src="{0}"><iframe src="{0}"></iframe><svg><image href="{0}"/></svg><video src="{0}"></video>
<script>fetch("{0}")</script><base href="{0}"><include src="{0}"></include>"""


def test_hostile_markup_reads_and_asks_nothing(tmp_path: Path) -> None:
    """The cleaner lets none of this through; the program does not depend on it."""
    secret = tmp_path / "secret.css"
    secret.write_text(f"/* {SECRET} */ p {{ color: red }}")
    shown = tmp_path / "secret.png"
    shown.write_bytes(picture("RGB", (777, 333), "PNG"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        there = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        addresses = [f"file://{secret}", f"file://{shown}", str(shown), "file:///etc/passwd", there, "picture:9"]
        html = "".join(HOSTILE.format(address) for address in addresses)
        for format in running.available():
            try:
                made = export(made_of(html), format)
            except Failed:
                continue  # nothing came of it
            for part in [made] if format == "pdf" else _entries(made):
                assert SECRET.encode() not in part, format
                assert b"root:x:0:0" not in part, format
                assert b"\x00\x00\x03\x09\x00\x00\x01\x4d" not in part, format  # the size of the picture
            if format == "pdf":
                read = pypdf.PdfReader(io.BytesIO(made))
                assert not read.attachments
                assert not [image for page in read.pages for image in page.images]
                assert "Tekst" in read.pages[0].extract_text()
        with pytest.raises(BlockingIOError):
            server.accept()


def _entries(made: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        return [opened.read(name) for name in opened.namelist()]


def test_a_broken_picture_becomes_its_words() -> None:
    for format in running.available():
        made = export(
            made_of('<p><img src="/files/7/content" alt="Kapot">Tekst</p>', pictures={7: b"geen plaatje"}), format
        )
        assert made, format


def left_behind() -> list[str]:
    """Return the programs of exports that still run."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            line = (process / "cmdline").read_bytes().decode(errors="replace") if process.name.isdecimal() else ""
        except OSError:
            continue
        if "export/child.py" in line or ("pandoc" in line and "--sandbox" in line):
            found.append(line)
    return found


@pytest.fixture
def nothing_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Check afterwards that no program still runs, and that no file of one stays."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    yield
    assert not left_behind()
    assert not [*tmp_path.iterdir()]


def test_too_much_memory_ends_it(monkeypatch: pytest.MonkeyPatch, nothing_stays: None, caplog: Any) -> None:
    needs("pdf")
    monkeypatch.setattr(running, "MEMORY", 70)
    monkeypatch.setattr(running, "LARGEST", 5_000_000)
    bomb = "<table><tr><td>" * 50 + "<p>x</p>" + "</td></tr></table>" * 50
    with pytest.raises(Failed, match="kon niet worden gemaakt"):
        export(made_of(bomb * (2_000_000 // len(bomb))), "pdf")
    assert "more than 70" in caplog.text


@pytest.mark.parametrize("format", ["pdf", "docx"])
def test_too_long_ends_it(format: Format, monkeypatch: pytest.MonkeyPatch, nothing_stays: None, caplog: Any) -> None:
    needs(format)
    monkeypatch.setattr(running, "SECONDS", 0)
    started = time.monotonic()
    with pytest.raises(Failed):
        export(made_of("<p>tekst</p>" * 5000), format)
    assert time.monotonic() - started < 5
    assert "took more than 0 s" in caplog.text or "status" in caplog.text


def test_a_crash_is_told_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: Any) -> None:
    needs("pdf")
    broken = tmp_path / "child.py"
    broken.write_text("import sys; sys.stdin.read(3); print('kapot', file=sys.stderr); sys.exit(7)")
    monkeypatch.setattr(running, "PROGRAM", broken)
    with pytest.raises(Failed) as failed:
        export(made_of("<p>x</p>" * 20_000), "pdf")
    assert "Druk de pagina af met uw browser" in failed.value.words
    assert "status 7: kapot" in caplog.text


def test_two_at_once_and_the_next_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    needs("pdf")
    monkeypatch.setattr(running, "WAITS", 0.05)
    for _time in range(running.AT_ONCE):
        assert running._free.acquire(blocking=False)
    try:
        with pytest.raises(Failed, match="Probeer het over een minuut opnieuw") as busy:
            export(made_of("<p>x</p>"), "pdf")
        assert busy.value.extra == {"retry_after": 60}
    finally:
        for _time in range(running.AT_ONCE):
            running._free.release()
    assert export(made_of("<p>x</p>"), "pdf").startswith(b"%PDF")


def test_what_is_too_long_is_refused_at_once() -> None:
    with pytest.raises(TooLarge, match="Druk hem af"):
        export(made_of("a" * (document.LARGEST + 1)), "pdf")
    with pytest.raises(TooLarge):
        export(made_of("<p>x</p>", pictures={1: b"x" * (document.LARGEST_PICTURES + 1)}), "pdf")


def test_what_is_not_installed_is_not_offered(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.setattr(running, "_LIBRARIES", ("libnergens.so.0",))
    monkeypatch.setattr(running, "pandoc", lambda: "")
    for check in (running._without_pdf, running._without_pandoc):
        check.cache_clear()
    try:
        assert running.available() == []
        assert "libpango" in missing("pdf")
        assert "cop[office]" in missing("odt")
        assert "libnergens" in caplog.text
        with pytest.raises(Failed, match="kan op dit platform niet"):
            export(made_of("<p>x</p>"), "odt")
    finally:
        for check in (running._without_pdf, running._without_pandoc):
            check.cache_clear()


def test_the_program_gets_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COP_SECRET_KEY", SECRET)
    assert SECRET not in str(running._environment())


def test_page_numbers_are_in_the_language_of_the_document() -> None:
    english = made_of("<p>x</p>", language="en", programme='a"b\\').request("pdf")
    assert '"Page " counter(page) " of " counter(pages) ""' in english["css"]
    assert '"a\\000022b\\00005c"' in english["css"]
