"""Nobody's large body is read before they are known."""

from __future__ import annotations

import io
import socket
from typing import Any

import pytest

from cop.base.web import guards
from tests.product import Product

LARGE = 100_000_000
BOUNDARY = {"Content-Type": "multipart/form-data; boundary=b"}
PATHS = ("/communities/een/files", "/settings/photo", "/communities/een/threads", "/geen/adres")


class Unread(io.RawIOBase):
    """A body that must not be read."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: Any) -> int:
        pytest.fail("the body was read")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("size", [guards.SMALL + 1, LARGE, None])
@pytest.mark.parametrize("credential", ["cookie", "token", "none"])
def test_body_of_a_stranger_is_not_read(cast: Any, path: str, size: int | None, credential: str) -> None:
    browser = cast.client(None)
    if credential == "cookie":
        browser.set_cookie("cop", "verzonnen")
    bearer = {"Authorization": "Bearer cop_verzonnen"} if credential == "token" else {}
    length = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True} if size is None else {}
    for prefix, status in (("", 303), ("/api/v1", 401)):
        answer = browser.post(
            prefix + path,
            headers={"Sec-Fetch-Site": "same-origin", **BOUNDARY, **bearer},
            environ_overrides={"wsgi.input": Unread(), "CONTENT_LENGTH": str(size or ""), **length},
        )
        assert answer.status_code == status, prefix


def test_body_of_a_member_is_read(cast: Any) -> None:
    answer = cast.client("anna").post(
        "/communities/een/files",
        data={"file": (io.BytesIO(b"a" * 300_000), "a.txt")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code in (201, 303)


def test_where_nobody_need_be_known_little_is_taken(cast: Any) -> None:
    answer = cast.client(None).post(
        "/sign-in", data={"mail": "a" * guards.LARGEST_OPEN}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 413


@pytest.mark.live
@pytest.mark.slow
@pytest.mark.parametrize("known", [b"", b"Cookie: cop=verzonnen\r\n", b"Authorization: Bearer cop_verzonnen\r\n"])
def test_stranger_with_100_mb_is_answered_before_it_is_sent(product: Product, known: bytes) -> None:
    head = (
        b"POST /communities/procesregie/files HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nSec-Fetch-Site: same-origin\r\n%s"
        b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n"
    ) % (product.port, known, LARGE)
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    with socket.create_connection(("127.0.0.1", product.port), timeout=10) as line:
        line.sendall(head + part + b"a" * 700_000)
        answer = line.recv(4096)
    assert answer.split(b" ")[1] in (b"303", b"401")
