"""Pictures are scaled down, rotated upright and stripped of metadata."""

import io
import struct
import subprocess
import sys

import pytest
from PIL import Image, ImageDraw

from cop.base import files
from cop.base.files import pictures

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


def encoded(image, sort="JPEG", **options):
    out = io.BytesIO()
    image.save(out, sort, **options)
    out.seek(0)
    return out


def photo(size=(400, 200), **options):
    """Return a photograph, red on the left and blue on the right, with the metadata of a phone."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[ORIENTATION] = options.pop("orientation", 1)
    exif[MAKER] = "Telefoon van Anna"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 5.0, 30.0), 3: "E", 4: (5.0, 7.0, 12.0)})
    return encoded(image, exif=exif, comment=b"geheime plek", **options)


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def colour(image, x, y):
    """Return the strongest of red, green and blue at a relative position."""
    pixel = image.convert("RGB").getpixel((int(x * image.width), int(y * image.height)))
    return ("red", "green", "blue")[pixel.index(max(pixel))]


@pytest.mark.parametrize("sort", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("size", [(900, 500), (40, 60), (1, 1), (1, 3000)])
def test_portrait_is_a_square_webp(sort, size):
    image = opened(files.portrait(encoded(Image.new("RGB", size, "teal"), sort)))
    assert (image.format, image.size) == ("WEBP", (256, 256))


def test_portrait_is_cropped_to_the_middle():
    image = opened(files.portrait(photo((1000, 200))))
    assert (colour(image, 0.1, 0.5), colour(image, 0.9, 0.5)) == ("red", "blue")


@pytest.mark.parametrize("make", [files.portrait, files.inline_picture])
@pytest.mark.parametrize("sort", ["JPEG", "WEBP", "PNG"])
def test_camera_metadata_is_removed(make, sort):
    exif = Image.open(photo()).getexif()
    options = {} if sort == "PNG" else {"xmp": b"<x>geheime plek</x>"}
    offered = encoded(Image.open(photo()), sort, exif=exif, **options)
    assert opened(offered.getvalue()).getexif()[MAKER] == "Telefoon van Anna"
    made = make(offered)
    assert not opened(made).getexif()
    assert not {"exif", "xmp", "comment"} & opened(made).info.keys()
    for trace in (b"EXIF", b"Exif", b"XMP ", b"Telefoon", b"geheime"):
        assert trace not in made


@pytest.mark.parametrize("make", [files.portrait, files.inline_picture])
def test_picture_is_rotated_upright(make):
    image = opened(make(photo(orientation=6)))  # taken with the phone turned: left is up
    assert (colour(image, 0.5, 0.1), colour(image, 0.5, 0.9)) == ("red", "blue")


def test_picture_in_a_text_is_scaled_down_proportionally():
    assert opened(files.inline_picture(photo((4000, 2000)))).size == (1600, 800)
    assert opened(files.inline_picture(photo((800, 400)))).size == (800, 400)
    tall = opened(files.inline_picture(encoded(Image.new("L", (500, 20_000)), "PNG")))
    assert tall.size == (400, 16_000)


def test_transparency_is_kept():
    drawing = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    ImageDraw.Draw(drawing).ellipse((20, 20, 80, 80), fill=(200, 0, 0, 255))
    made = opened(files.inline_picture(encoded(drawing, "PNG")))
    assert made.getpixel((0, 0))[3] == 0
    assert made.getpixel((50, 50)) == (200, 0, 0, 255)


def test_chart_is_lossless():
    chart = Image.new("RGB", (600, 300), "white")
    for line in range(0, 600, 20):
        ImageDraw.Draw(chart).line((line, 0, 600 - line, 300), fill=(line % 256, 0, 90))
    assert opened(files.inline_picture(encoded(chart, "PNG"))).convert("RGB").tobytes() == chart.tobytes()


def test_animation_is_reduced_to_its_first_image():
    frames = [Image.new("RGB", (50, 50), colour) for colour in ("red", "blue")]
    made = opened(files.inline_picture(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])))
    assert getattr(made, "n_frames", 1) == 1
    assert colour(made, 0.5, 0.5) == "red"


def test_small_colour_profile_is_kept_and_large_one_dropped():
    assert opened(files.inline_picture(photo(icc_profile=b"p" * 600))).info.get("icc_profile") == b"p" * 600
    assert "icc_profile" not in opened(files.inline_picture(photo(icc_profile=b"p" * 60_000))).info
    grey = encoded(Image.new("L", (9, 9)), icc_profile=b"p" * 600)  # a grey profile does not describe colours
    assert "icc_profile" not in opened(files.inline_picture(grey)).info


def png_of(width, height):
    header = struct.pack(">4sIIBBBBB", b"IHDR", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + bytes(4)


def gif_that_grows(width, height):
    """Return a GIF that declares one pixel but whose first image is larger."""
    screen = b"GIF89a\x01\0\x01\0\x80\0\0" + bytes(6)
    return screen + b"," + struct.pack("<4HB", 0, 0, width, height, 0) + b"\x02\x02L\x01\0;"


def webp_of(width, height):
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0" + canvas + b"VP8L"


def jpeg_of(width, height):
    return b"\xff\xd8\xff\xff\xfe\0\x04xx\xff\xc2\0\x11\x08" + struct.pack(">HH", height, width) + b"\x03"


@pytest.mark.parametrize(
    "offered",
    [png_of(30_000, 30_000), png_of(5000, 4001), jpeg_of(8000, 5001), webp_of(16_000, 16_000)],
)
def test_decompression_bomb_is_refused_before_decoding(offered, monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *_args, **_options: pytest.fail("it was opened"))
    with pytest.raises(files.Refused) as refused:
        files.portrait(io.BytesIO(offered))
    assert refused.value.reason == "pixels"
    assert files.inline_picture(io.BytesIO(offered)) is None


@pytest.mark.parametrize(("size", "reason"), [((5000, 4001), "pixels"), ((60_000, 60_000), "damaged")])
def test_bomb_with_two_sizes_is_refused(size, reason):
    with pytest.raises(files.Refused) as refused:
        files.portrait(io.BytesIO(gif_that_grows(*size)))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "offered",
    [
        b"",
        b"hallo",
        b"<svg/>",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0",
        png_of(0, 5),
        photo().getvalue()[:300],
        png_of(9, 9),
    ],
)
def test_other_content_is_refused(offered):
    with pytest.raises(files.Refused) as refused:
        files.portrait(io.BytesIO(offered))
    assert refused.value.reason in ("picture", "damaged")
    assert files.inline_picture(io.BytesIO(offered)) is None


def test_disguised_format_is_not_decoded():
    tiff = encoded(Image.new("RGB", (9, 9)), "TIFF").getvalue()
    with pytest.raises(files.Refused):
        files.portrait(io.BytesIO(tiff))


@pytest.mark.parametrize("sort", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0", "quality": 50}])
def test_sizes_match_those_of_pillow(sort, options):
    options = options if sort == "WEBP" else {}
    assert pictures.dimensions(encoded(Image.new("RGB", (321, 123)), sort, **options)) == (321, 123)


def test_pillow_is_imported_lazily():
    code = "import sys, cop.base.files as f; f.sniff(b'x', 'x'); sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}).returncode == 0
