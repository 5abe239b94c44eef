"""Pictures for pages: measured before they are decoded, turned upright, made small, stripped of metadata."""

from __future__ import annotations

import io
import threading
from struct import unpack
from typing import TYPE_CHECKING, BinaryIO

from cop.base.files.reasons import Reason, Refused

if TYPE_CHECKING:
    from PIL.Image import Image

READABLE = ("image/png", "image/jpeg", "image/gif", "image/webp")
# Pixels. A JPEG is decoded at a fraction of its size; of the others each pixel costs eight bytes or more.
LARGEST_JPEG, LARGEST_OTHER = 40_000_000, 20_000_000
PORTRAIT = 256  # pixels, square
LOGO = (480, 160)  # pixels, width and height at most
WIDEST, HIGHEST = 1600, 16_000  # pixels of a picture in a text; WebP ends at 16,383

_TURNED_QUALITY = 92
_QUALITY, _METHOD = 82, 2  # method 4 takes longer and saves nothing on screenshots
_LARGEST_PROFILE = 4096  # bytes: enough to name a colour space
_MOST_SEGMENTS = 4096  # of a JPEG, before the one with its size
# A decoded picture is the largest object in this process, so there is one at a time.
_one_at_a_time = threading.Lock()


def portrait(stream: BinaryIO) -> bytes:
    """Return the middle of a picture as a square WebP of `PORTRAIT` pixels; raise `Refused` for anything else."""
    from PIL import ImageOps

    with _one_at_a_time:
        image = _decoded(stream, (PORTRAIT, PORTRAIT))
        return _webp(ImageOps.fit(image, (PORTRAIT, PORTRAIT)), lossless=False)


def logo(stream: BinaryIO) -> bytes:
    """Return a logo as PNG, which mail programs show too, within `LOGO` pixels; raise `Refused` for anything else."""
    with _one_at_a_time:
        image = _decoded(stream, LOGO)
        image.thumbnail(LOGO)
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True)
        return out.getvalue()


def inline_picture(stream: BinaryIO) -> bytes | None:
    """Return a picture for a text as WebP, at most `WIDEST` wide; None when it cannot be used.

    Of an animation the first image remains.
    """
    with _one_at_a_time:
        try:
            image = _decoded(stream, (WIDEST, WIDEST))
        except Refused:
            return None
        image.thumbnail((WIDEST, HIGHEST))
        return _smallest(image)


def copies(stream: BinaryIO, widths: list[int]) -> tuple[tuple[int, int], dict[int, bytes]]:
    """Return the upright size of a picture, and copies of it as WebP by width in pixels; raise `Refused`.

    The first copy that has the full size is the last. Of an animation the first image remains.
    """
    with _one_at_a_time:
        image = _decoded(stream, (max(widths), max(widths)))
        size: tuple[int, int] = image.info["size"]
        made: dict[int, bytes] = {}
        for width in sorted(widths):
            copy = image.copy()
            copy.info = image.info
            copy.thumbnail((width, HIGHEST))
            made[width] = _smallest(copy)
            if width >= size[0]:
                break
        return size, made


def turned(content: bytes) -> bytes | None:
    """Return a photograph turned upright, in its own format and with its colour profile, else without metadata.

    None for one that is too large to decode here, or of which turning would change the colours.
    """
    from PIL import Image, ImageOps

    with _one_at_a_time:
        try:
            size = dimensions(io.BytesIO(content))
            image: Image.Image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP"))
            if size is None or size[0] * size[1] > LARGEST_JPEG or image.mode not in ("L", "RGB", "RGBA"):
                return None
            sort, profile = str(image.format), image.info.get("icc_profile", b"")
            quality = {} if sort == "PNG" else {"quality": _TURNED_QUALITY}
            upright = ImageOps.exif_transpose(image)
            upright.info = {}
            out = io.BytesIO()
            upright.save(out, sort, icc_profile=profile, exif=b"", **quality)
            return out.getvalue()
        except Exception as error:  # hostile bytes lead to any exception
            raise Refused(Reason.DAMAGED) from error


def dimensions(file: BinaryIO) -> tuple[int, int] | None:
    """Return width and height in pixels of a PNG, GIF, WebP or JPEG by its header; None when that has no size.

    Not by Pillow, which allocates the whole canvas of a WebP before it gives the size.
    """
    file.seek(0)
    head = file.read(30)
    size = None
    if head[:8] == b"\x89PNG\r\n\x1a\n" and head[12:16] == b"IHDR" and len(head) >= 24:
        size = unpack(">II", head[16:24])
    elif head[:4] == b"GIF8" and len(head) >= 10:
        size = unpack("<HH", head[6:10])
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP" and len(head) == 30:
        size = _webp_dimensions(head)
    elif head[:2] == b"\xff\xd8":
        size = _jpeg_dimensions(file)
    return size if size and all(size) else None


def _webp_dimensions(head: bytes) -> tuple[int, int] | None:
    """Return the size by the first chunk: extended, lossless or lossy."""
    if head[12:16] == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if head[12:16] == b"VP8 ":
        width, height = unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_dimensions(file: BinaryIO) -> tuple[int, int] | None:
    """Return the size by the first start-of-frame segment."""
    file.seek(2)
    for _turn in range(_MOST_SEGMENTS):
        mark = file.read(4)
        if len(mark) < 4 or mark[0] != 0xFF:
            return None
        if mark[1] == 0xFF:  # a fill byte
            file.seek(-3, io.SEEK_CUR)
            continue
        if 0xC0 <= mark[1] <= 0xCF and mark[1] not in (0xC4, 0xC8, 0xCC):
            frame = file.read(5)
            height, width = unpack(">HH", frame[1:]) if len(frame) == 5 else (0, 0)
            return width, height
        file.seek(int.from_bytes(mark[2:], "big") - 2, io.SEEK_CUR)
    return None


def _decoded(stream: BinaryIO, least: tuple[int, int]) -> Image:
    """Decode the first image of `stream`, upright, in RGB(A), of about `least` pixels or larger; raise `Refused`.

    Its `info` keeps only the colour profile, the full size, and whether it was a photograph.
    """
    from PIL import Image, ImageOps

    size = dimensions(stream)
    if size is None:
        raise Refused(Reason.PICTURE)
    stream.seek(0)
    photo = stream.read(2) == b"\xff\xd8"
    most = LARGEST_JPEG if photo else LARGEST_OTHER
    _check(size, most)
    stream.seek(0)
    try:
        image: Image.Image = Image.open(stream, formats=("PNG", "JPEG", "GIF", "WEBP"))
        _check(image.size, most)  # a GIF or a PNG can give one size first and another later
        profile = image.info.get("icc_profile", b"")
        image.draft("RGB", least)  # a large JPEG is decoded at a fraction of its size
        rgb = image.mode in ("RGB", "RGBA")
        image.load()
        drawn = image.size
        ImageOps.exif_transpose(image, in_place=True)
        mode = "RGBA" if image.has_transparency_data else "RGB"
        image = image if image.mode == mode else image.convert(mode)
    except Refused:
        raise
    # Hostile bytes make decoders raise nearly any exception; to the person they are all the same.
    except Exception as error:
        raise Refused(Reason.DAMAGED) from error
    if (image.width > image.height) != (drawn[0] > drawn[1]) and image.width != image.height:
        size = size[::-1]  # it was turned
    image.info = {
        "photo": photo,
        "size": size,
        "icc_profile": profile if rgb and len(profile) <= _LARGEST_PROFILE else b"",
    }
    return image


def _check(size: tuple[int, int], most: int) -> None:
    if size[0] * size[1] > most:
        raise Refused(Reason.PIXELS)


def _smallest(image: Image) -> bytes:
    """Return `image` as lossy WebP, or as lossless where that is smaller: of screenshots and charts, not of photographs."""
    lossy = _webp(image, lossless=False)
    return lossy if image.info["photo"] else min(lossy, _webp(image, lossless=True), key=len)


def _webp(image: Image, lossless: bool) -> bytes:
    """Return `image` as WebP, with its colour profile and no other metadata."""
    out = io.BytesIO()
    profile = image.info["icc_profile"]
    image.save(out, "WEBP", quality=_QUALITY, method=_METHOD, lossless=lossless, icc_profile=profile)
    return out.getvalue()
