"""The media type follows the content, and harmful content is refused."""

import contextlib
import io
import struct
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cop.base import files
from cop.base.files import archive, compound, content, kinds

PACKAGE, BODY = "[Content_Types].xml", "word/document.xml"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def store(tmp_path):
    return files.open_store(f"file://{tmp_path}/files")


def sniffed(store, offered, name="bestand"):
    """Return the media type that the store gives to this content."""
    return store.spool(io.BytesIO(offered), 100_000_000, name).media_type


def refused(store, offered, name="bestand"):
    """Return the reason for which the store refuses this content."""
    with pytest.raises(files.Refused) as refusal:
        store.spool(io.BytesIO(offered), 100_000_000, name)
    assert refusal.value.status == 422
    assert refusal.value.errors == {"file": files.sentence(refusal.value.reason)}
    return refusal.value.reason


def zipped(*names, parts=None, compression=zipfile.ZIP_DEFLATED):
    """Return a zip with a short text under each of `names`, and the given `parts`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, part in {**dict.fromkeys(names, b"<x/>"), **(parts or {})}.items():
            packed.writestr(name, part)
    return out.getvalue()


def directory(count, name=b"a.txt", expanded=4):
    """Return a zip that is only a directory of `count` entries, each declaring `expanded` bytes."""
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, 4, expanded, len(name), 0, 0, 0, 0, 0, 0)
    entries = (entry + name) * count
    shown = min(count, 0xFFFF)
    front = b"PK\3\4" + b"\0" * 26
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, shown, shown, len(entries), len(front), 0)
    return front + entries + end


def ole(*names, root_class=bytes(16), first=1):
    """Return an OLE file with these names in its directory, which begins at sector `first`."""

    def entry(name, kind, class_id=bytes(16)):
        raw = name.encode("utf-16-le")
        tail = struct.pack("<HBB12x", len(raw) + 2, kind, 1) + class_id
        return (raw.ljust(64, b"\0") + tail).ljust(128, b"\0")

    entries = [entry("Root Entry", 5, root_class)] + [entry(name, 2) for name in names]
    entries += [bytes(128)] * (-len(entries) % 4)
    count = len(entries) // 4
    table, place = divmod(first, 128)
    fat = [0xFFFFFFFF] * 128
    for turn in range(count):
        fat[place + turn] = first + turn + 1 if turn < count - 1 else 0xFFFFFFFE
    in_header, lists = [0xFFFFFFFF] * 109, b""
    if table < 109:
        in_header[table] = 0
    else:  # the list in sector 1 names the sector of the table
        lists = struct.pack("<128I", *[0 if n == table - 109 else 0xFFFFFFFF for n in range(127)], 0xFFFFFFFE)
    header = compound.MAGIC + bytes(16) + struct.pack("<5H6x3I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, first)
    header += struct.pack("<6I", 0, 4096, 0xFFFFFFFE, 0, 1, 1) + struct.pack("<109I", *in_header)
    front = header + struct.pack("<128I", *fat) + lists
    return front.ljust((first + 1) * 512, b"\0") + b"".join(entries)


def picture(size=(8, 6), sort="PNG", **options):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, sort, **options)
    return out.getvalue()


def png_of(width, height):
    """Return a PNG of a few dozen bytes that declares this size."""
    return PNG + struct.pack(">I4sIIBBBBBI", 13, b"IHDR", width, height, 8, 2, 0, 0, 0, 0)


KNOWN = {
    "docx": (zipped(PACKAGE, BODY), kinds.DOCX),
    "docx of the web": (zipped(PACKAGE, "word/document2.xml"), kinds.DOCX),
    "xlsx": (zipped(PACKAGE, "xl/workbook.xml"), kinds.XLSX),
    "pptx": (zipped(PACKAGE, "ppt/presentation.xml"), kinds.PPTX),
    "odt": (zipped(parts={"mimetype": kinds.ODT, "content.xml": "<x/>"}), kinds.ODT),
    "ods": (zipped(parts={"mimetype": kinds.ODS}), kinds.ODS),
    "odp": (zipped(parts={"mimetype": kinds.ODP}), kinds.ODP),
    "odt template": (zipped(parts={"mimetype": kinds.ODT + "-template"}), kinds.ODT),
    "epub": (zipped(parts={"mimetype": "application/epub+zip"}), kinds.ZIP),
    "zip": (zipped("foto.jpg", "map/verslag.docx"), kinds.ZIP),
    "zip of a folder that ends like a program": (zipped("www.voorbeeld.com/leesmij.txt"), kinds.ZIP),
    "empty zip": (zipped(), kinds.ZIP),
    "doc": (ole("WordDocument", "1Table"), kinds.DOC),
    "xls": (ole("Workbook"), kinds.XLS),
    "xls of 1995": (ole("Book"), kinds.XLS),
    "ppt": (ole("Pictures", "Current User", "PowerPoint Document"), kinds.PPT),
    "doc of 7 MB": (ole("A", "B", "C", "D", "E", "WordDocument", first=109 * 128 + 5), kinds.DOC),
    "msi": (ole("x", root_class=bytes.fromhex("84100c0000000000c000000000000046")), kinds.PROGRAM),
    "mail of Outlook": (ole("__properties_version1.0"), kinds.UNKNOWN),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", kinds.PDF),
    "pdf after a mark": (b"\xef\xbb\xbf\n%PDF-1.4\n", kinds.PDF),
    "rtf": (b"{\\rtf1\\ansi Beste}", kinds.RTF),
    "png": (picture(), "image/png"),
    "jpeg": (picture(sort="JPEG"), "image/jpeg"),
    "progressive jpeg": (picture(sort="JPEG", progressive=True, comment=b"x" * 60_000), "image/jpeg"),
    "jpeg that holds a page": (picture(sort="JPEG", comment=b"<html><script>1</script>"), "image/jpeg"),
    "gif": (picture(sort="GIF"), "image/gif"),
    "webp": (picture(sort="WEBP"), "image/webp"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
    "mp4": (b"\0\0\0\x18ftypisom\0\0\0\0", "video/mp4"),
    "mov": (b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
    "m4a": (b"\0\0\0\x18ftypM4A \0\0\0\0", "audio/mp4"),
    "webm": (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "video/webm"),
    "mkv": (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", kinds.UNKNOWN),
    "mp3": (b"ID3\x04\0\0\0\0\0\0", "audio/mpeg"),
    "mp3 without a tag": (b"\xff\xfb\x90\x64" + bytes(99), "audio/mpeg"),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    "avi": (b"RIFF\x24\0\0\0AVI LIST", kinds.UNKNOWN),
    "ogg": (b"OggS\0\x02", "audio/ogg"),
    "text": ("Eén regel — met een streep".encode(), kinds.TEXT),
    "text that begins with MZ": (b"MZ is geen afkorting hier", kinds.TEXT),
    "text of Windows": ("Eén".encode("utf-16"), kinds.TEXT),
    "text about tags": (b"Gebruik <b> voor vet.", kinds.TEXT),
    "page": (b"\n <!DOCTYPE HTML><title>x</title>", kinds.HTML),
    "page without a head": (b"<script>alert(1)</script>", kinds.HTML),
    "page after a comment": (b"<!-- x --><svg onload=alert(1)>", kinds.HTML),
    "page in UTF-16": ("<html><script>1</script>".encode("utf-16"), kinds.HTML),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', kinds.SVG),
    "svg with a declaration": (b'<?xml version="1.0"?><!-- x --><svg/><svg >', kinds.SVG),
    "xhtml": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', kinds.XHTML),
    "xml": (b'<?xml version="1.0"?><rapport/>', kinds.XML),
    "xml without a declaration": (b"<!DOCTYPE rapport><rapport/>", kinds.XML),
    "docx in capitals": (zipped(PACKAGE.upper(), BODY.upper()), kinds.DOCX),
    "odt of an odd packer": (zipped(parts={"mimetype": kinds.ODT}, compression=zipfile.ZIP_LZMA), kinds.ZIP),
    "windows program": (b"MZ\x90\0\x03" + bytes(100), kinds.PROGRAM),
    "linux program": (b"\x7fELF\x02\x01\x01", kinds.PROGRAM),
    "shell script": (b"#!/bin/sh\nrm -rf ~\n", kinds.PROGRAM),
    "shortcut": (b"L\0\0\0\x01\x14\x02\0" + bytes(12), kinds.PROGRAM),
    "java class": (b"\xca\xfe\xba\xbe\0\0\0\x34", kinds.PROGRAM),
    "gzip": (b"\x1f\x8b\x08\0\0\0\0\0", kinds.UNKNOWN),
    "noise": (bytes(range(256)), kinds.UNKNOWN),
}


@pytest.mark.parametrize("case", KNOWN)
def test_media_type_follows_content(store, case):
    offered, media_type = KNOWN[case]
    assert sniffed(store, offered) == media_type
    assert sniffed(store, offered, "vermomd.png") == media_type


@pytest.mark.parametrize("name", ["cijfers.csv", "CIJFERS.TSV"])
def test_csv_is_recognised_by_name(store, name):
    assert sniffed(store, b"naam;aantal\nUtrecht;12\n", name) == kinds.CSV
    assert sniffed(store, "één;twee\n".encode("cp1252"), name) == kinds.CSV
    assert sniffed(store, b"<html><script>1</script>", name) == kinds.HTML
    assert sniffed(store, b"a;b\0\n", name) == kinds.UNKNOWN


def test_legacy_encoding_needs_a_text_extension(store):
    assert sniffed(store, "één".encode("cp1252"), "brief.txt") == kinds.TEXT
    assert sniffed(store, "één".encode("cp1252"), "brief") == kinds.UNKNOWN


@pytest.mark.parametrize("shift", range(4))
def test_text_sample_may_end_inside_a_character(store, shift):
    assert sniffed(store, b"x" * shift + "€".encode() * content.HEAD) == kinds.TEXT


def test_container_is_not_opened_without_a_path():
    assert files.sniff(zipped(PACKAGE, BODY), "x.docx") == kinds.ZIP
    assert files.sniff(ole("WordDocument"), "x.doc") == kinds.UNKNOWN


REFUSED = {
    "macros in docx": (zipped(PACKAGE, BODY, "word/vbaProject.bin"), "macros"),
    "macros in odt": (zipped("Basic/Standard/Module1.xml", parts={"mimetype": kinds.ODT}), "macros"),
    "macros in doc": (ole("WordDocument", "Macros", "VBA"), "macros"),
    "macros in xls": (ole("Workbook", "_VBA_PROJECT_CUR"), "macros"),
    "macros of a doc of 7 MB": (ole(*"ABCDEFGH", "Macros", first=109 * 128 + 5), "macros"),
    "macros in capitals": (zipped(PACKAGE, BODY, "WORD/VBAPROJECT.BIN"), "macros"),
    "docm in a zip": (zipped("brief.docm"), "macros"),
    "program in a zip": (zipped("leesmij.txt", "map/Factuur.PDF.exe"), "executable"),
    "hidden program in a zip": (zipped("factuur.e\u202exe."), "executable"),
    "zip in a zip": (zipped("nog een.zip"), "nested"),
    "rar in a zip": (zipped("map/x.RAR"), "nested"),
    "password on docx": (ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    "entities in docx": (
        zipped(PACKAGE, parts={BODY: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>'}),
        "entities",
    ),
    "entities in docx, in UTF-16": (
        zipped(PACKAGE, parts={BODY: '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]>'.encode("utf-16")}),
        "entities",
    ),
    "entities in odt": (
        zipped(parts={"mimetype": kinds.ODT, "content.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///x">]>'}),
        "entities",
    ),
    "entities in svg": (b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "a">]><svg>&a;</svg>', "entities"),
    "entities in xml": (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % a SYSTEM "http://x/">]>', "entities"),
    "entities in xml without a declaration": (b'<!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>', "entities"),
    "entities in a page": (b'<!DOCTYPE html [<!ENTITY a "aaa">]><html>&a;</html>', "entities"),
    "office parts packed as no office program does": (
        zipped(PACKAGE, BODY, compression=zipfile.ZIP_LZMA),
        "damaged",
    ),
    "half a zip": (zipped(PACKAGE, BODY)[:-30], "damaged"),
    "zip in name only": (b"PK\x03\x04" + b"x" * 500, "damaged"),
    "half a compound file": (ole("WordDocument")[:1200], "damaged"),
    "compound file that turns in circles": (
        ole("WordDocument").replace(struct.pack("<I", 0xFFFFFFFE), struct.pack("<I", 1)),
        "damaged",
    ),
    "compound file whose table is listed too far away": (
        ole("WordDocument").replace(struct.pack("<I", 0xFFFFFFFE), struct.pack("<I", 0x7FFFFFFF)),
        "damaged",
    ),
    "compound file without a header": (compound.MAGIC, "damaged"),
    "picture of 900 megapixels": (png_of(30_000, 30_000), "pixels"),
    "png without a size": (PNG + b"hallo", "damaged"),
    "jpeg without a size": (b"\xff\xd8\xff\xe0" + b"\0\x02\xff\xfe" * 50_000, "damaged"),
    "ten thousand entries and one": (directory(archive.MOST_ENTRIES + 1), "bomb"),
    "65 thousand entries": (directory(65_000), "bomb"),
    "a million entries": (directory(1_000_000, name=b""), "bomb"),
    "500 MB declared in 4 MB": (
        b"PK\3\4" + bytes(4_000_000) + directory(1, expanded=500_000_001),
        "bomb",
    ),
    "4 GB declared": (directory(1, expanded=0xFFFFFFF0), "bomb"),
    "thinner than two hundred to one": (zipped(parts={"nul.txt": bytes(2_000_000)}), "bomb"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_harmful_content_is_refused(store, case):
    offered, reason = REFUSED[case]
    assert refused(store, offered) == reason


def test_encrypted_zip_is_refused(store):
    packed = bytearray(zipped("geheim.txt"))
    packed[packed.index(b"PK\1\2") + 8] |= 1
    assert refused(store, bytes(packed)) == "encrypted"


def test_zip_of_ten_thousand_entries_is_accepted(store):
    assert sniffed(store, zipped(*(f"{n}.txt" for n in range(archive.MOST_ENTRIES)))) == kinds.ZIP


def test_small_file_may_compress_well(store):
    assert sniffed(store, zipped(parts={"nul.txt": bytes(900_000)})) == kinds.ZIP


def test_empty_macro_folder_is_allowed(store):
    offered = zipped("Basic/script-lc.xml", "Basic/Standard/script-lb.xml", parts={"mimetype": kinds.ODT})
    assert sniffed(store, offered) == kinds.ODT


def test_large_photo_is_accepted(store):
    rest = b"".join(bytes(4) + kind + bytes(4) for kind in (b"IDAT", b"IEND"))
    assert sniffed(store, png_of(9000, 6000) + rest) == "image/png"


def test_office_file_limit_is_checked_before_opening_parts(store):
    heavy = zipped(PACKAGE, BODY, parts={"word/media/x.bin": bytes(50_000_000)}, compression=zipfile.ZIP_STORED)
    with pytest.raises(files.TooLarge):
        store.spool(io.BytesIO(heavy), 100_000_000)


MEASURE = """
import io, sys, time
from pathlib import Path
from cop.base import files
store = files.open_store("file://" + sys.argv[1])
store.spool(io.BytesIO(b"PK"), 9)
def peak():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
before, start = peak(), time.process_time()
try:
    store.spool(open(sys.argv[2], "rb"), 100_000_000)
except files.Refused as refused:
    print(refused.reason, time.process_time() - start, (peak() - before) / 1024)
"""


def docx_bomb():
    """Return a document of 200 MB in 199 kB."""
    return zipped(PACKAGE, parts={BODY: bytes(200_000_000)})


def overlapping_bomb():
    """Return a document whose many parts share the same long deflate stream, which unpacks to nothing."""
    empty = b"\0\0\0\xff\xff" * 800_000
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(empty), 5000, len(PACKAGE), 0)
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(empty), 5000, len(PACKAGE), *[0] * 6)
    names = [PACKAGE.encode()] * 900 + [b"word/document.xml"[: len(PACKAGE)]]
    front = local + PACKAGE.encode() + empty
    entries = b"".join(entry + name for name in names)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(names), len(names), len(entries), len(front), 0)
    return front + entries + end


def office_of_many_parts():
    """Return a document with the maximum number of parts, of which the last declares entities."""
    parts = {f"word/{n}.xml": b"<x/>" for n in range(archive.MOST_ENTRIES - 2)}
    return zipped(PACKAGE, parts={**parts, "word/z.xml": b"<!ENTITY"}, compression=zipfile.ZIP_STORED)


def long_directory():
    """Return the longest accepted directory of the shortest entries."""
    return directory(archive.LARGEST_DIRECTORY // 46, name=b"")


def longer_directory():
    """Return a directory that is too long to be read."""
    return directory(1_000_000, name=b"")


def jpeg_of_segments():
    """Return a JPEG with many segments before its size."""
    return b"\xff\xd8" + b"\xff\xe0\0\x02" * 8_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("bomb", "reason"),
    [
        (docx_bomb, "bomb"),
        (overlapping_bomb, "bomb"),
        (office_of_many_parts, "entities"),
        (long_directory, "bomb"),
        (longer_directory, "bomb"),
        (jpeg_of_segments, "damaged"),
    ],
)
def test_bomb_takes_little_time_and_memory(tmp_path, bomb, reason):
    (tmp_path / "bomb").write_bytes(bomb())
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path / "files", tmp_path / "bomb"],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    refused_for, seconds, megabytes = measured.stdout.split()
    assert refused_for == reason
    assert float(seconds) < 2
    assert float(megabytes) < 50


@settings(max_examples=150)
@given(case=st.sampled_from(sorted(KNOWN)), data=st.data())
def test_damaged_files_never_raise_unexpected_errors(store, case, data):
    offered = bytearray(KNOWN[case][0][:20_000])
    for _turn in range(data.draw(st.integers(1, 4))):
        offered[data.draw(st.integers(0, len(offered) - 1))] = data.draw(st.integers(0, 255))
    del offered[data.draw(st.integers(1, len(offered))) :]
    with contextlib.suppress(files.Refused):
        assert "/" in sniffed(store, bytes(offered))
