"""What a zip holds, from its directory alone: the media type, and whether it is safe to keep."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

from cop.base.files import kinds, names
from cop.base.files.reasons import Reason, Refused

MOST_ENTRIES = 10_000
LARGEST_DIRECTORY = 3 * 1024 * 1024  # bytes; ten thousand entries with long names
LARGEST_EXPANDED = 500_000_000  # bytes, all entries together, as declared
# Below a megabyte no expansion hurts, so there a well-compressed file is only that.
HIGHEST_RATIO, RATIO_COUNTS_FROM = 200, 1_000_000
PROLOG = 4096  # bytes at the start of an XML part in which a document type would stand

_PARTS = (("word/", kinds.DOCX), ("xl/", kinds.XLSX), ("ppt/", kinds.PPTX))
_MACROS = re.compile(r"(^|/)vbaproject\.bin$|^scripts/.|^basic/.*(?<!/script-l[bc])\.xml$", re.I)


class _Bounded(io.FileIO):
    """A file that refuses to be read in one large piece, as `zipfile` does with the directory of a zip."""

    def read(self, size: int | None = -1) -> bytes:
        """At most `size` bytes, or the rest."""
        if size is None or size < 0:
            size = os.fstat(self.fileno()).st_size - self.tell()
        if size > LARGEST_DIRECTORY:
            raise Refused(Reason.BOMB)
        return super().read(size)


def media_type(path: Path) -> str:
    """The media type of the zip at `path`; raises `Refused` for one that is unsafe or broken.

    The directory is read by `zipfile`, as by whoever reads the parts later, so that both see one and the
    same archive; `zipfile` also stops unpacking an entry at the size declared here.
    """
    try:
        with _Bounded(path) as file, zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check(entries, path.stat().st_size)
            found = _office(archive)
            if found != kinds.ZIP:
                _check_prologs(archive)
            return found
    except Refused:
        raise
    # A hostile archive makes zipfile raise nearly anything; all of it means that nobody can read it.
    except Exception as error:
        raise Refused(Reason.DAMAGED) from error


def _check(entries: list[zipfile.ZipInfo], size: int) -> None:
    expanded = sum(entry.file_size for entry in entries)
    ratio = expanded / size if expanded > RATIO_COUNTS_FROM else 0
    if len(entries) > MOST_ENTRIES or expanded > LARGEST_EXPANDED or ratio > HIGHEST_RATIO:
        raise Refused(Reason.BOMB)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refused(Reason.ENCRYPTED)
    endings = {names.extension(entry.filename) for entry in entries}
    if endings & names.PACKED:
        raise Refused(Reason.NESTED)
    if endings & names.PROGRAMS:
        raise Refused(Reason.EXECUTABLE)
    if endings & names.WITH_MACROS:
        raise Refused(Reason.MACROS)


def _office(archive: zipfile.ZipFile) -> str:
    """Which office format this is by the names of its parts, or a plain zip."""
    parts = archive.namelist()
    found = kinds.ZIP
    if "[Content_Types].xml" in parts:
        found = next((kind for folder, kind in _PARTS if any(p.startswith(folder) for p in parts)), kinds.ZIP)
    elif "mimetype" in parts and (entry := archive.getinfo("mimetype")).file_size < 100:
        declared = archive.read(entry).decode("ascii", "replace").strip().removesuffix("-template")
        found = declared if declared in (kinds.ODT, kinds.ODS, kinds.ODP) else kinds.ZIP
    if found != kinds.ZIP and any(_MACROS.search(part) for part in parts):
        raise Refused(Reason.MACROS)
    return found


def _check_prologs(archive: zipfile.ZipFile) -> None:
    """Refuses entity declarations, which no office program writes, before an XML parser ever meets them."""
    for entry in archive.infolist():
        # LZMA lets an entry ask for any amount of memory; office programs store or deflate.
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(Reason.DAMAGED)
        if names.extension(entry.filename) in ("xml", "rels"):
            with archive.open(entry) as part:
                refuse_entities(part.read(PROLOG))


def refuse_entities(xml: bytes) -> None:
    """Raises `Refused` when this start of an XML document, in UTF-8 or UTF-16, declares entities."""
    if b"<!ENTITY" in xml.replace(b"\0", b""):
        raise Refused(Reason.ENTITIES)
