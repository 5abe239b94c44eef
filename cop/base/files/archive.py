"""Examines a zip by its directory: its media type, and whether it is safe to store."""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from pathlib import Path

from cop.base.files import kinds, links, names
from cop.base.files.reasons import Reason, Refused, TooLarge

MOST_ENTRIES = 10_000
LARGEST_DIRECTORY = 3 * 1024 * 1024  # bytes; ten thousand entries with long names
LARGEST_EXPANDED = 500_000_000  # bytes, all entries together, as their headers say
# Below a megabyte no expansion does harm, so a high ratio is allowed there.
HIGHEST_RATIO, RATIO_COUNTS_FROM = 200, 1_000_000
_OFFICE_EXTENSIONS = frozenset().union(
    *(kinds.ALLOWED[t].extensions for t in (kinds.DOCX, kinds.XLSX, kinds.PPTX, kinds.ODT, kinds.ODS, kinds.ODP))
)
_LARGEST_INSIDE = 50_000_000  # bytes of an office file in a zip, unpacked
PROLOG = 4096  # bytes at the start of an XML part that can hold a document type

_PARTS = (("word/", kinds.DOCX), ("xl/", kinds.XLSX), ("ppt/", kinds.PPTX))
_MACROS = re.compile(r"(^|/)vbaproject\.bin$|^scripts/.|^basic/.*(?<!/script-l[bc])\.xml$")
# An LZMA entry can ask for any amount of memory. Office programs store or deflate, so only such entries are opened.
_OPENED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _Bounded(io.FileIO):
    """A file that refuses to be read in one large piece, as `zipfile` reads the directory of a zip."""

    def read(self, size: int | None = -1) -> bytes:
        """Read at most `size` bytes, or the rest; raise `Refused` when that is too much."""
        if size is None or size < 0:
            size = os.fstat(self.fileno()).st_size - self.tell()
        if size > LARGEST_DIRECTORY:
            raise Refused(Reason.BOMB)
        return super().read(size)


def media_type(path: Path) -> str:
    """Return the media type of the zip at `path`; raise `Refused` for an unsafe or broken one.

    `zipfile` reads the directory here as it does when the parts are read later, so that both see the same archive. It
    also stops unpacking an entry at the size that is checked here.
    """
    try:
        with _Bounded(path) as file, zipfile.ZipFile(file) as archive:
            size = path.stat().st_size
            return _examined(archive, size)
    except Refused:
        raise
    # A hostile archive makes zipfile raise nearly any exception; each means that the archive is unreadable.
    except Exception as error:
        raise Refused(Reason.DAMAGED) from error


def _examined(archive: zipfile.ZipFile, size: int) -> str:
    """Return the media type of an archive of `size` bytes, after all its checks."""
    _check(archive.infolist(), size)
    found = _office(archive)
    if found == kinds.ZIP:
        _check_inside(archive)
    else:
        _check_office(archive, size, kinds.LIMITS[kinds.ALLOWED[found].kind])
        links.refuse_outside(archive)
    return found


def _check_inside(archive: zipfile.ZipFile) -> None:
    """Raise `Refused` for an archive in the archive under another name, and for an unsafe office file."""
    for entry in archive.infolist():
        if entry.compress_type not in _OPENED or entry.is_dir():
            continue
        with archive.open(entry) as part:
            if part.read(4) != b"PK\x03\x04":
                continue
            if names.extension(entry.filename) not in _OFFICE_EXTENSIONS:
                raise Refused(Reason.NESTED)
            if entry.file_size > _LARGEST_INSIDE:
                raise Refused(Reason.BOMB)
        inside = archive.read(entry)
        with zipfile.ZipFile(io.BytesIO(inside)) as office:
            if _examined(office, len(inside)) == kinds.ZIP:
                raise Refused(Reason.NESTED)


def _check(entries: list[zipfile.ZipInfo], size: int) -> None:
    packed = sum(entry.compress_size for entry in entries)
    expanded = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or expanded > LARGEST_EXPANDED:
        raise Refused(Reason.BOMB)
    # Entries that share their bytes are larger together than the file, and each would be unpacked.
    if packed > size or (expanded > RATIO_COUNTS_FROM and expanded / size > HIGHEST_RATIO):
        raise Refused(Reason.BOMB)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refused(Reason.ENCRYPTED)
    if any(_leads_elsewhere(entry) for entry in entries):
        raise Refused(Reason.PATHS)
    endings = {names.extension(entry.filename) for entry in entries}
    if endings & names.PACKED:
        raise Refused(Reason.NESTED)
    if endings & names.PROGRAMS:
        raise Refused(Reason.EXECUTABLE)
    if endings & names.WITH_MACROS:
        raise Refused(Reason.MACROS)


def _leads_elsewhere(entry: zipfile.ZipInfo) -> bool:
    """Return whether unpacking the entry would write outside the folder, or make a link."""
    parts = re.split(r"[/\\]", entry.orig_filename)
    outside = ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", parts[0])
    return bool(outside) or stat.S_ISLNK(entry.external_attr >> 16)


def _office(archive: zipfile.ZipFile) -> str:
    """Return the office format by the names of the parts, or a plain zip."""
    parts = [name.lower() for name in archive.namelist()]
    if "[content_types].xml" in parts:
        return next((kind for folder, kind in _PARTS if any(p.startswith(folder) for p in parts)), kinds.ZIP)
    if "mimetype" in archive.NameToInfo:
        entry = archive.getinfo("mimetype")
        if entry.file_size < 100 and entry.compress_type in _OPENED:
            declared = archive.read(entry).decode("ascii", "replace").strip().removesuffix("-template")
            return declared if declared in (kinds.ODT, kinds.ODS, kinds.ODP) else kinds.ZIP
    return kinds.ZIP


def _check_office(archive: zipfile.ZipFile, size: int, limit: int) -> None:
    """Raise `Refused` for macros, and for entity declarations before an XML parser reads them; no office writes those."""
    if size > limit:  # this also limits the time spent here
        raise TooLarge(limit)
    if any(_MACROS.search(name.lower()) for name in archive.namelist()):
        raise Refused(Reason.MACROS)
    for entry in archive.infolist():
        if entry.compress_type not in _OPENED:
            raise Refused(Reason.DAMAGED)
        if names.extension(entry.filename) in ("xml", "rels"):
            with archive.open(entry) as part:
                refuse_entities(part.read(PROLOG))


def refuse_entities(xml: bytes) -> None:
    """Raise `Refused` when the start of an XML document, in UTF-8 or UTF-16, declares entities."""
    if b"<!ENTITY" in xml.replace(b"\0", b""):
        raise Refused(Reason.ENTITIES)
