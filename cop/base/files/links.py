"""Links of office files to content that is fetched when they are opened: a template, an object, a frame or a picture.

Whoever opens such a file tells the other server so, and Windows sends it the reader's password hash. Links that a reader
has to click are fine. A template is detached: documents made from that of an office name it on every computer.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from cop.base.files.reasons import Reason, Refused

# The last part of the type of a relationship that an office program follows by itself.
_FETCHED = frozenset(
    {
        "oleObject",
        "frame",
        "image",
        "subDocument",
        "attachedTemplate",
        "package",
        "aFChunk",
        "control",
        "video",
        "audio",
        "media",
    }
)
_TEMPLATE = "attachedTemplate"
_FETCHING = re.compile(  # elements of OpenDocument with an address that is followed without a click
    r" (image|object|object-ole|plugin|applet|floating-frame|section-source|table-source|background-image|fill-image)$"
)
_REMOTE = re.compile(r"\s*(https?|ftp|file|smb|webdavs?):|\s*[\\/]{2}", re.I)
_LOCAL = re.compile(r"\s*file:/{3}[A-Za-z]:|\s*[A-Za-z]:", re.I)
_PARTS_OF_ODF = ("content.xml", "styles.xml")
_CHUNK = 256 * 1024
_LONGEST = 100_000_000  # bytes of XML, unpacked

# The address may be written with escapes such as \'68, so any escape at its start counts as one elsewhere.
_RTF_FETCHED = re.compile(
    rb"\\template[\s{}]*(https?:|ftp:|\\'[0-9a-f]{2}|\\u-?\d|file:|[\\]{4}|//)"
    rb"|INCLUDEPICTURE[\s\x22{}]*(https?:|file://[^/]|[\\]{4})",
    re.I,
)

Attributes = dict[str, str]


def refuse_outside(archive: zipfile.ZipFile) -> None:
    """Raise `Refused` when the office file fetches anything but a template from elsewhere."""

    def relationship(name: str, attributes: Attributes) -> None:
        if _is_fetched(name, attributes) and not attributes.get("Type", "").endswith(f"/{_TEMPLATE}"):
            raise Refused(Reason.OUTSIDE)

    def element(name: str, attributes: Attributes) -> None:
        address = next((value for key, value in attributes.items() if key.endswith(" href")), "")
        if _FETCHING.search(name) and _is_remote(address):
            raise Refused(Reason.OUTSIDE)

    for entry in archive.infolist():
        if entry.filename.lower().endswith(".rels"):
            _read(archive, entry, relationship)
        elif entry.filename.rpartition("/")[2].lower() in _PARTS_OF_ODF:
            _read(archive, entry, element)


def refuse_outside_rtf(path: Path) -> None:
    """Raise `Refused` when the RTF file at `path` names a template or a picture elsewhere."""
    rest = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if _RTF_FETCHED.search(rest + chunk):
                raise Refused(Reason.OUTSIDE)
            rest = chunk[-500:]


def detach_template(file: BinaryIO) -> bool:
    """Rewrite a Word file so that it fetches no template from elsewhere; return whether it did."""
    with zipfile.ZipFile(file) as archive:
        entries = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".rels")]
        changed = {entry.filename: kept for entry in entries if (kept := _without_template(archive, entry))}
        if not changed:
            return False
        with tempfile.TemporaryFile() as written:
            with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as out:
                for entry in archive.infolist():
                    out.writestr(entry, changed.get(entry.filename) or archive.read(entry))
            written.seek(0)
            file.seek(0)
            file.truncate()
            shutil.copyfileobj(written, file)
    return True


def _without_template(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """Return the relationships with the template of the computer instead of one elsewhere; None when there is none."""
    found: list[tuple[str, Attributes]] = []
    _read(archive, entry, lambda name, attributes: found.append((name.rpartition(" ")[2], attributes)))
    if not any(_is_fetched(name, attributes) for name, attributes in found):
        return None
    lines = []
    for name, attributes in found:
        if name == "Relationship":
            given = {**attributes, "Target": "Normal.dotm"} if _is_fetched(name, attributes) else attributes
            lines.append("<Relationship" + "".join(f" {key}={quoteattr(value)}" for key, value in given.items()) + "/>")
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{head}<Relationships xmlns="{package}">{"".join(lines)}</Relationships>'.encode()


def _is_fetched(name: str, attributes: Attributes) -> bool:
    external = attributes.get("TargetMode", "").lower() == "external"
    kind = attributes.get("Type", "").rpartition("/")[2]
    return (
        name.rpartition(" ")[2] == "Relationship"
        and external
        and kind in _FETCHED
        and _is_remote(attributes.get("Target", ""))
    )


def _is_remote(address: str) -> bool:
    """Return whether the address leads to another computer; a drive of this one does not."""
    return bool(_REMOTE.match(address)) and not _LOCAL.match(address)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, start: Callable[[str, Attributes], None]) -> None:
    """Call `start` with the name and attributes of each element; raise `Refused` for declared entities."""
    if entry.file_size > _LONGEST:
        raise Refused(Reason.BOMB)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start

    def entity(*_declaration: object) -> None:
        raise Refused(Reason.ENTITIES)

    parser.EntityDeclHandler = entity
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
