"""Photographs and films are stored without what a camera added, unless the original is asked for."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from struct import pack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cop.base import files
from cop.base.files import metadata

SECRETS = (b"52.0871", b"Telefoon van Anna", b"geheime plek", b"Exif", b"xmpmeta", b"ADOBE")
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
XMP = b'<x:xmpmeta><rdf exif:GPSLatitude="52.0871" tiff:Model="Telefoon van Anna"/></x:xmpmeta>'


def camera(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[metadata.ORIENTATION], exif[metadata.MAKE], exif[0x9286] = orientation, "Telefoon van Anna", "geheime plek"
    exif.get_ifd(metadata.GPS).update({1: "N", 2: (52.0, 5.0, 13.6), 3: "E", 4: (5.0, 7.0, 12.0)})
    return exif


def photograph(
    sort: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", orientation: int = 1, profile: bytes = b""
) -> bytes:
    """Return a picture with the metadata of a phone, in every place where its format has room for it."""
    image = Image.linear_gradient("L").resize(size).convert(mode)
    image.putpixel((0, 0), 0)
    options: dict[str, Any] = {"exif": camera(orientation), "icc_profile": profile, "xmp": XMP}
    if sort == "JPEG":
        options |= {"comment": b"geheime plek", "quality": 90}
    if sort == "GIF":
        options = {"comment": b"geheime plek"}
    if sort == "WEBP":
        options["lossless"] = True
    if sort == "PNG":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        info.add_text("Comment", "geheime plek")
        options = {"exif": options["exif"], "icc_profile": profile, "pnginfo": info}
    out = io.BytesIO()
    image.save(out, sort, **options)
    return out.getvalue()


def decoded(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> files.Store:
    return files.open_store(f"file://{tmp_path_factory.mktemp('files')}")


def stored(store: files.Store, content: bytes, name: str = "foto", **options: Any) -> tuple[bytes, files.Spooled]:
    spooled = store.spool(io.BytesIO(content), 100_000_000, name, **options)
    return Path(spooled.path).read_bytes(), spooled


@settings(max_examples=60, deadline=None)
@given(
    sort=st.sampled_from(FORMATS),
    size=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    mode=st.sampled_from(["L", "RGB"]),
    orientation=st.integers(1, 8),
    profile=st.binary(min_size=200, max_size=400),
    trailer=st.binary(max_size=50),
)
def test_no_metadata_is_stored(
    store: files.Store,
    sort: str,
    size: tuple[int, int],
    mode: str,
    orientation: int,
    profile: bytes,
    trailer: bytes,
) -> None:
    offered = photograph(sort, size, mode, orientation, profile)
    kept, spooled = stored(store, offered + b"geheime plek" + trailer)
    assert not [secret for secret in SECRETS if secret in kept]
    assert "other" in spooled.removed
    if sort != "GIF":
        assert {"place", "device"} <= spooled.removed
    before, after = decoded(offered), decoded(kept)
    turned = sort != "GIF" and orientation >= 5
    assert after.size == spooled.pixels == (before.size[::-1] if turned else before.size)
    assert not after.getexif()
    if sort != "GIF":
        assert after.info.get("icc_profile") == profile
    if sort == "GIF" or orientation == 1 or sort == "PNG":  # not encoded again
        from PIL import ImageOps

        assert after.convert("RGB").tobytes() == ImageOps.exif_transpose(before).convert("RGB").tobytes()


@settings(max_examples=120, deadline=None)
@given(sort=st.sampled_from(FORMATS), data=st.data())
def test_damaged_picture_is_refused_or_has_no_metadata(store: files.Store, sort: str, data: st.DataObject) -> None:
    """Bytes that are changed or cut off never raise anything but a refusal."""
    offered = bytearray(photograph(sort))
    for at in data.draw(st.lists(st.integers(4, len(offered) - 1), max_size=4)):
        offered[at] = data.draw(st.integers(0, 255))
    offered = offered[: data.draw(st.integers(30, len(offered)))]
    with suppress(files.Refused):
        stored(store, bytes(offered))


def test_picture_is_turned_upright(store: files.Store) -> None:
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (20, 0, 40, 20))
    out = io.BytesIO()
    image.save(out, "JPEG", exif=camera(6), quality=95)
    kept, spooled = stored(store, out.getvalue())
    upright = decoded(kept)
    assert upright.size == spooled.pixels == (20, 40)
    assert upright.getpixel((10, 4))[0] > 200
    assert upright.getpixel((10, 36))[2] > 200


def test_picture_too_large_to_turn_keeps_only_how_it_was_held(
    store: files.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cop.base.files.pictures.LARGEST_JPEG", 100)
    kept, spooled = stored(store, photograph(orientation=6))
    assert spooled.pixels == (48, 64)
    assert dict(decoded(kept).getexif()) == {metadata.ORIENTATION: 6}
    assert not [secret for secret in SECRETS[:3] if secret in kept]


@pytest.mark.parametrize("sort", FORMATS)
def test_original_is_kept_if_asked(store: files.Store, sort: str) -> None:
    offered = photograph(sort, orientation=6)
    kept, spooled = stored(store, offered, original=True)
    assert kept == offered
    assert spooled.removed == frozenset()
    assert spooled.pixels == ((64, 48) if sort == "GIF" else (48, 64))


@pytest.mark.parametrize("sort", FORMATS)
def test_picture_without_metadata_is_stored_byte_for_byte(store: files.Store, sort: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(out, sort)
    kept, spooled = stored(store, out.getvalue())
    assert kept == out.getvalue()
    assert spooled.removed == frozenset()


@pytest.mark.parametrize("sort", ["GIF", "WEBP", "PNG"])
def test_animation_still_moves(store: files.Store, sort: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "teal")]
    out = io.BytesIO()
    options = {"comment": b"geheime plek"} if sort == "GIF" else {"exif": camera()}
    frames[0].save(out, sort, save_all=True, append_images=frames[1:], duration=100, loop=0, **options)
    kept, spooled = stored(store, out.getvalue())
    assert decoded(kept).n_frames == 3  # type: ignore[attr-defined]
    assert b"geheime" not in kept
    assert "other" in spooled.removed


@pytest.mark.parametrize("sort", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_picture_that_is_cut_off_is_refused(store: files.Store, sort: str, part: float) -> None:
    offered = photograph(sort, (300, 200))
    with pytest.raises(files.Refused) as refused:
        stored(store, offered[: int(len(offered) * part)])
    assert refused.value.reason == "damaged"


def test_copied_backup_is_not_changed(store: files.Store) -> None:
    offered = photograph()
    assert stored(store, offered, media_type="image/jpeg")[0] == offered


# Boxes: HEIC and films


def box(kind: bytes, *payload: bytes) -> bytes:
    body = b"".join(payload)
    return pack(">I", 8 + len(body)) + kind + body


def heic() -> bytes:
    """Return the skeleton of a HEIC: an item with a picture, one with Exif and one with XMP."""
    image, exif = b"picture" * 5, b"\0\0\0\x06Exif\0\0" + camera().tobytes()
    infe = lambda id, kind: box(b"infe", b"\x02\0\0\0", pack(">HH", id, 0), kind, b"\0")
    iinf = box(b"iinf", b"\0\0\0\0", pack(">H", 3), infe(1, b"hvc1"), infe(2, b"Exif"), infe(3, b"mime"))

    def with_places(start: int) -> bytes:
        places, at = b"", start
        for id, part in enumerate((image, exif, XMP), 1):
            places += pack(">HHHII", id, 0, 1, at, len(part))
            at += len(part)
        iloc = box(b"iloc", b"\0\0\0\0", b"\x44\0", pack(">H", 3), places)
        return box(b"ftyp", b"heic\0\0\0\0mif1") + box(b"meta", b"\0\0\0\0", iinf, iloc)

    head = with_places(len(with_places(0)) + 8)
    return head + box(b"mdat", image, exif, XMP)


def test_heic_loses_its_metadata_and_nothing_moves(store: files.Store) -> None:
    offered = heic()
    kept, spooled = stored(store, offered, "IMG_1.HEIC")
    assert spooled.media_type == "image/heic"
    assert len(kept) == len(offered)
    assert b"picture" * 5 in kept
    assert not [secret for secret in SECRETS[:3] if secret in kept]
    assert {"place", "device"} <= spooled.removed


@pytest.mark.parametrize("brand", [b"isom", b"qt  "])
def test_film_loses_its_place(store: files.Store, brand: bytes) -> None:
    place = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+52.0871+005.1200/"))
    device = box(b"trak", box(b"tkhd", b"x" * 20), box(b"meta", b"com.apple.quicktime.model Telefoon van Anna"))
    offered = box(b"ftyp", brand, bytes(8)) + box(b"moov", box(b"mvhd", b"y" * 30), place, device)
    offered += box(b"mdat", b"beelden" * 100)
    kept, spooled = stored(store, offered, "film.mp4")
    assert len(kept) == len(offered)
    assert b"52.0871" not in kept
    assert b"Telefoon" not in kept
    assert b"beelden" * 100 in kept
    assert {"place", "device"} <= spooled.removed


def test_film_is_not_read_into_memory(store: files.Store) -> None:
    """Only the heads of the boxes are read, however long the film is."""
    offered = box(b"ftyp", b"isom", bytes(8)) + box(b"mdat", bytes(30_000_000))
    import tracemalloc

    tracemalloc.start()
    stream = io.BytesIO(offered)
    before = tracemalloc.get_traced_memory()[0]
    store.spool(stream, 100_000_000, "film.mp4")
    assert tracemalloc.get_traced_memory()[1] - before < 5_000_000
    tracemalloc.stop()
