"""Removes from a picture or a film what a camera or a program added to it: place, device, time, owner, comments.

The picture itself is not encoded again: its segments are copied, those with metadata are left out or overwritten. The
colour profile stays. Not by Pillow, which would encode a JPEG anew, and which allocates the canvas of a WebP first.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from struct import pack, unpack_from
from typing import BinaryIO

from cop.base.files.reasons import Reason, Refused

FILMS = frozenset(("video/mp4", "video/quicktime"))
ORIENTATION, MAKE, MODEL, GPS = 0x0112, 0x010F, 0x0110, 0x8825  # tags of a camera


@dataclass
class Metadata:
    """The metadata of a picture: `place`, `device`, `other`; and how the camera was held, from 1 (upright) to 8."""

    found: set[str] = field(default_factory=set)
    orientation: int = 1

    def add(self, payload: bytes) -> None:
        """Note what a segment with metadata says, in any format."""
        self.found.add("other")
        if payload[:6] == b"Exif\0\0" or payload[:4] in (b"II*\0", b"MM\0*"):
            self._add_exif(payload)
        else:  # XMP and comments are text
            self.found |= {"place"} if b"GPSL" in payload or b"location" in payload else set()
            self.found |= {"device"} if b"tiff:Model" in payload or b"tiff:Make" in payload else set()

    def _add_exif(self, payload: bytes) -> None:
        from PIL import Image

        exif = Image.Exif()
        try:
            exif.load(payload)
            tags = dict(exif)
            place = bool(exif.get_ifd(GPS))
        except Exception:  # unreadable: it is removed whatever it says
            return
        self.found |= {"place"} if place else set()
        self.found |= {"device"} if MAKE in tags or MODEL in tags else set()
        if isinstance(turned := tags.get(ORIENTATION), int) and 1 <= turned <= 8:
            self.orientation = turned


def strip(content: bytes, media_type: str) -> tuple[bytes, Metadata]:
    """Return a picture without metadata, and what was found; raise `Refused` when it is damaged or cut off.

    Of a media type without a stripper the content is returned as it is.
    """
    stripper = _STRIPPERS.get(media_type)
    found = Metadata()
    if stripper is None:
        return content, found
    try:
        return stripper(content, found), found
    except Refused:
        raise
    # Hostile bytes lead to any exception; each means that the picture is unreadable.
    except Exception as error:
        raise Refused(Reason.DAMAGED) from error


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """Return a JPEG without metadata whose only one is how the camera was held; for one too large to turn."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + pack(">HHIHHI", ORIENTATION, 3, 1, orientation, 0, 0)
    return jpeg[:2] + b"\xff\xe1" + pack(">H", len(exif) + 2) + exif + jpeg[2:]


# JPEG: segments up to the first scan, scans, the end; what follows it is another picture or a film.

_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_KEPT_SEGMENTS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}


def _jpeg(content: bytes, found: Metadata) -> bytes:
    kept, at = [content[:2]], 2
    while True:
        marker = _NEXT_MARKER.search(content, at)
        if marker is None:
            raise Refused(Reason.DAMAGED)  # cut off
        code, at = content[marker.end() - 1], marker.start()
        if code == 0xD9:
            kept.append(content[at : at + 2])
            return b"".join(kept)
        (length,) = unpack_from(">H", content, at + 2)
        end = at + 2 + length
        payload = content[at + 4 : end]
        if length < 2 or end > len(content):
            raise Refused(Reason.DAMAGED)
        if code == 0xFE or (0xE0 <= code <= 0xEF and not payload.startswith(_KEPT_SEGMENTS.get(code, b"\0\0\0"))):
            found.add(payload)
        else:
            if code == 0xDA:
                scan = _NEXT_MARKER.search(content, end)
                end = scan.start() if scan else len(content)
            kept.append(content[at:end])
        at = end


# PNG: chunks with a checksum each.

_KEPT_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)


def _png(content: bytes, found: Metadata) -> bytes:
    kept, at = [content[:8]], 8
    while True:
        (length,) = unpack_from(">I", content, at)
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            raise Refused(Reason.DAMAGED)
        if kind in _KEPT_CHUNKS:
            kept.append(content[at:end])
        else:
            found.add(content[at + 8 : end - 4])
        if kind == b"IEND":
            return b"".join(kept)
        at = end


# WebP: chunks in a RIFF container; a frame of an animation holds chunks of its own.

_KEPT_WEBP = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_FLAGS = 0x08 | 0x04  # there is Exif, there is XMP


def _webp(content: bytes, found: Metadata) -> bytes:
    (size,) = unpack_from("<I", content, 4)
    if size + 8 > len(content) + 1:  # a padding byte at the end is left out by some
        raise Refused(Reason.DAMAGED)
    kept = []
    for kind, payload in _chunks(content[12 : size + 8]):
        if kind not in _KEPT_WEBP:
            found.add(payload)
            continue
        if kind == b"VP8X":
            payload = bytes([payload[0] & ~_WEBP_FLAGS & 0xFF]) + payload[1:]
        if kind == b"ANMF":
            inside = ((k, p) for k, p in _chunks(payload[16:]) if k in _KEPT_WEBP)
            payload = payload[:16] + b"".join(_chunk(k, p) for k, p in inside)
        kept.append(_chunk(kind, payload))
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + pack("<I", len(body)) + body


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(body):
        (length,) = unpack_from("<I", body, at + 4)
        if at + 8 + length > len(body):
            raise Refused(Reason.DAMAGED)
        yield body[at : at + 4], body[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _chunk(kind: bytes, payload: bytes) -> bytes:
    return kind + pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


# GIF: blocks; comments and the extensions of programs go, but for those that make it move.

_KEPT_PROGRAMS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def _gif(content: bytes, found: Metadata) -> bytes:
    at = 13 + _colours(content[10])
    kept = [content[:at]]
    while content[at] != 0x3B:
        start = at
        if content[at] == 0x2C:
            at = _end_of_blocks(content, at + 10 + _colours(content[at + 9]) + 1)
            kept.append(content[start:at])
        elif content[at] == 0x21:
            label = content[at + 1]
            at = _end_of_blocks(content, at + 2)
            program = content[start + 3 : start + 14]
            if label == 0xF9 or (label == 0xFF and program in _KEPT_PROGRAMS):
                kept.append(content[start:at])
            else:
                found.add(content[start + 3 : at])
        else:
            raise Refused(Reason.DAMAGED)
    return b"".join([*kept, b";"])


def _colours(flags: int) -> int:
    return 3 * (2 << (flags & 7)) if flags & 0x80 else 0


def _end_of_blocks(content: bytes, at: int) -> int:
    while content[at]:
        at += content[at] + 1
    return at + 1


# HEIC and MPEG-4: boxes. Offsets into the file stand in them, so metadata is overwritten and nothing is moved.

_CONTAINERS = frozenset((b"moov", b"trak"))
_OF_A_FILM = frozenset((b"udta", b"meta", b"uuid"))
_FILM_MARKS = {
    "place": (b"\xa9xyz", b"loci", b"location.ISO6709"),
    "device": (b"\xa9mak", b"\xa9mod", b"quicktime.make", b"quicktime.model"),
}
_LONGEST_LOOK = 1024 * 1024  # bytes


def _heic(content: bytes, found: Metadata) -> bytes:
    blank = bytearray(content)
    for kind, start, end in _boxes(content, 0, len(content)):
        if kind == b"meta":
            for first, last in _items(content, start + 4, end):
                found.add(content[first:last].partition(b"Exif\0\0")[2] or content[first:last])
                blank[first:last] = bytes(last - first)
        elif kind == b"uuid":
            found.add(content[start:end])
            blank[start:end] = bytes(end - start)
    found.orientation = 1  # a property of the picture says it, which stays
    return bytes(blank)


def _items(content: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where the Exif and XMP of a HEIC lie."""
    boxes = {kind: (first, last) for kind, first, last in _boxes(content, start, end)}
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return
    first, last = boxes[b"iinf"]
    counted = 6 if content[first] == 0 else 8
    metadata = set()
    for kind, at, _end in _boxes(content, first + counted, last):
        version = content[at]
        if kind != b"infe" or version < 2:
            continue
        (id,) = unpack_from(">H" if version == 2 else ">I", content, at + 4)
        if content[at + (8 if version == 2 else 10) :][:4] in (b"Exif", b"mime"):
            metadata.add(id)
    data = boxes.get(b"idat", (0, 0))[0]
    for id, in_data, place, length in _extents(content, *boxes[b"iloc"]):
        if id in metadata:
            place += data if in_data else 0
            yield place, min(place + length, len(content))


def _extents(content: bytes, at: int, end: int) -> Iterator[tuple[int, bool, int, int]]:
    """Yield for each piece of an item: its id, whether it lies in the box `idat`, its offset and length."""
    version, sizes = content[at], unpack_from(">H", content, at + 4)[0]
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    index_size = index_size if version else 0
    at += 6

    def number(size: int) -> int:
        nonlocal at
        at += size
        if at > end:
            raise Refused(Reason.DAMAGED)
        return int.from_bytes(content[at - size : at], "big")

    for _item in range(number(2 if version < 2 else 4)):
        id = number(2 if version < 2 else 4)
        in_data = bool(version and number(2) & 15 == 1)
        number(2)  # the file it lies in, always this one
        base = number(base_size)
        for _extent in range(number(2)):
            number(index_size)
            place, length = number(offset_size), number(length_size)
            yield id, in_data, base + place, length or len(content)


def strip_film(file: BinaryIO) -> Metadata:
    """Overwrite the metadata of an MPEG-4 or QuickTime film in place, and return what was found; raise `Refused`."""
    found = Metadata()
    for start, head, end in list(_boxes_of_film(file, 0, file.seek(0, io.SEEK_END))):
        file.seek(start + head)
        payload = file.read(min(end - start - head, _LONGEST_LOOK))
        found.found |= {"other"} | {said for said, marks in _FILM_MARKS.items() if any(m in payload for m in marks)}
        file.seek(start + 4)
        file.write(b"free")
        file.seek(start + head)
        for left in range(end - start - head, 0, -_LONGEST_LOOK):
            file.write(bytes(min(left, _LONGEST_LOOK)))
    return found


def _boxes_of_film(file: BinaryIO, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the boxes with metadata, of the film and of its tracks: start, length of the head, end."""
    while at + 8 <= end:
        file.seek(at)
        start = file.read(16)
        size, kind, head = unpack_from(">I", start)[0], start[4:8], 8
        if size == 1 and len(start) == 16:
            size, head = unpack_from(">Q", start, 8)[0], 16
        size = size or end - at
        if size < head or at + size > end:
            return  # cut off: no program reads what follows
        if kind in _CONTAINERS:
            yield from _boxes_of_film(file, at + head, at + size)
        elif kind in _OF_A_FILM:
            yield at, head, at + size
        at += size


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the boxes from `at` to `end`: kind, and where their payload begins and ends."""
    while at + 8 <= end:
        (size,), head = unpack_from(">I", content, at), 8
        if size == 1:
            (size,), head = unpack_from(">Q", content, at + 8), 16
        size = size or end - at
        if size < head or at + size > end:
            return  # cut off: no program reads what follows
        yield content[at + 4 : at + 8], at + head, at + size
        at += size


_STRIPPERS: dict[str, Callable[[bytes, Metadata], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
    "image/heic": _heic,
}
STRIPPED = frozenset(_STRIPPERS)
