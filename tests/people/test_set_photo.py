"""people.set_photo: a small square portrait, visible to those who may see the person."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image


def picture(size: tuple[int, int] = (640, 480), form: str = "JPEG") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "#12523c").save(out, form)
    out.seek(0)
    return out


def sent(cast: Any, who: str = "anna", file: Any = None, name: str = "ik.jpg", **more: str) -> Any:
    return cast.client(who).post(
        "/settings/photo", data={"photo": (file or picture(), name), **more}, content_type="multipart/form-data"
    )


def test_works(cast: Any, person: Any) -> None:
    assert sent(cast).location == "/settings"
    photo = cast.client("bram").get(person(cast.anna).photo_url)
    assert photo.status_code == 200
    assert photo.content_type == "image/webp"
    assert Image.open(io.BytesIO(photo.data)).size == (256, 256)
    assert photo.headers["Cache-Control"] == "private, no-cache"
    again = cast.client("bram").get(person(cast.anna).photo_url, headers={"If-None-Match": photo.headers["ETag"]})
    assert again.status_code == 304
    assert f'src="/people/{cast.anna}/photo' in cast.client("bram").get(f"/people/{cast.anna}").text


def test_works_by_api(cast: Any, person: Any) -> None:
    answer = cast.client(None).put(
        "/api/v1/settings/photo",
        headers=cast.api("anna"),
        data={"photo": (picture(), "ik.jpg")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 204
    assert person(cast.anna).photo


def test_photo_can_be_removed(cast: Any, person: Any) -> None:
    sent(cast)
    url = person(cast.anna).photo_url
    assert cast.client("anna").post("/settings/photo", data={"remove": "1"}).location == "/settings"
    assert person(cast.anna).photo is None
    assert cast.client("bram").get(url).status_code == 404


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "ik.svg"),
        (b"", "ik.jpg"),
        (b"%PDF-1.4", "ik.png"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "ik.png"),
    ],
)
def test_bad_input_names_the_field(cast: Any, person: Any, content: bytes, name: str) -> None:
    answer = sent(cast, file=io.BytesIO(content), name=name)
    assert answer.status_code == 422
    assert 'id="f-photo-error"' in answer.text
    assert person(cast.anna).photo is None


def test_bad_input_names_the_field_without_a_file(cast: Any) -> None:
    assert cast.client("anna").post("/settings/photo", data={}).status_code == 422


def test_too_large_photo_is_refused(cast: Any) -> None:
    answer = cast.client("anna").post(
        "/settings/photo",
        input_stream=io.BytesIO(b"--x"),
        environ_overrides={"CONTENT_LENGTH": str(17 * 1024**2)},
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert "te groot" in answer.text


def test_stranger_gets_404(cast: Any, person: Any) -> None:
    sent(cast)
    url = person(cast.anna).photo_url
    assert cast.client(None).get(url).status_code == 303
    assert cast.client("kees").get(url).status_code == 303
    assert cast.client("bram").get(f"/people/{cast.dina}/photo").status_code == 404


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/settings/photo", data={"remove": "1"}).location.startswith("/sign-in")


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    sent(cast)
    assert journal_entries("people.set_photo")[-1].details == {"removed": 0}
