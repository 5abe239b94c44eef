"""What a zip holds, from its directory: the media type, and whether it is safe to keep."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

from cop.base.files import kinds, names
from cop.base.files.reasons import Reason, Refused, TooLarge

MOST_ENTRIES = 10_000
LARGEST_DIRECTORY = 3 * 1024 * 1024  # bytes; ten thousand entries with long names
LARGEST_EXPANDED = 500_000_000  # bytes, all entries together, as declared
# Below a megabyte no expansion hurts, so there a well-compressed file is only that.
HIGHEST_RATIO, RATIO_COUNTS_FROM = 200, 1_000_000
PROLOG = 4096  # bytes at the start of an XML part in which a document type would stand

_PARTS = (("word/", kinds.DOCX), ("xl/", kinds.XLSX), ("ppt/", kinds.PPTX))
_MACROS = re.compile(r"(^|/)vbaproject\.bin$|^scripts/.|^basic/.*(?<!/script-l[bc])\.xml$")
# LZMA lets an entry ask for any amount of memory; what is opened here is stored or deflated, as offices do.
_OPENED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


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
            size = path.stat().st_size
            _check(archive.infolist(), size)
            found = _office(archive)
            if found != kinds.ZIP:
                _check_office(archive, size, kinds.LIMITS[kinds.ALLOWED[found].kind])
            return found
    except Refused:
        raise
    # A hostile archive makes zipfile raise nearly anything; all of it means that nobody can read it.
    except Exception as error:
        raise Refused(Reason.DAMAGED) from error


def _check(entries: list[zipfile.ZipInfo], size: int) -> None:
    packed = sum(entry.compress_size for entry in entries)
    expanded = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or expanded > LARGEST_EXPANDED:
        raise Refused(Reason.BOMB)
    # Entries that share their bytes weigh more together than the file does, and each would cost its own.
    if packed > size or (expanded > RATIO_COUNTS_FROM and expanded / size > HIGHEST_RATIO):
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
    """Refuses macros, and entity declarations (no office writes them) before an XML parser meets them."""
    if size > limit:  # also bounds the time this takes
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
    """Raises `Refused` when this start of an XML document, in UTF-8 or UTF-16, declares entities."""
    if b"<!ENTITY" in xml.replace(b"\0", b""):
        raise Refused(Reason.ENTITIES)
