"""Hundreds of strangers who hold connections: members' pages stay as fast as without them (DESIGN §5)."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from tests.attacks.conftest import ATTACKERS, Attackers, page_times
from tests.product import Product

pytestmark = [pytest.mark.live, pytest.mark.slow]

HANDSHAKE = (
    b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\n"
    b"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\n%s\r\n"
)
POST = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nSec-Fetch-Site: same-origin\r\nCookie: cop=verzonnen\r\n%s\r\n\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def attacks(port: int) -> dict[str, Callable[[int], bytes]]:
    """Return what the strangers of each kind send first."""
    return {
        "handshakes without a session": lambda _n: HANDSHAKE % (port, b""),
        "handshakes with an invented cookie": lambda n: HANDSHAKE % (port, b"Cookie: cop=geen%d\r\n" % n),
        "nothing": lambda _n: b"",
        "half a request line": lambda _n: b"GET /sign-in HTT",
        "headers without an end": lambda n: b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-%d: " % n,
        "half a form": lambda _n: POST % (b"/sign-in", port, FORM + b"Content-Length: 60000") + b"mail=",
        "a large form": lambda _n: POST % (b"/sign-in", port, FORM + b"Content-Length: 9000000") + b"mail=",
        "a form in pieces": lambda _n: POST % (b"/sign-in", port, FORM + b"Transfer-Encoding: chunked") + b"5\r\nmail=",
        "an upload": lambda _n: (
            POST
            % (
                b"/communities/procesregie/files",
                port,
                b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000000",
            )
        ),
        "a body that is waited for": lambda _n: (
            POST % (b"/sign-in", port, FORM + b"Expect: 100-continue\r\nContent-Length: 1000")
        ),
    }


@pytest.mark.parametrize("kind", list(attacks(0)))
def test_strangers_do_not_slow_pages(product: Product, kind: str) -> None:
    secret = product.session(product.cast()["Iris Sleutel"])
    path = "/communities/procesregie/threads"
    page_times(product, path, secret, 10)
    quiet = page_times(product, path, secret)
    with Attackers(product.port, attacks(product.port)[kind]) as strangers:
        assert strangers.opened >= ATTACKERS * 0.9
        attacked = page_times(product, path, secret)
    p95 = int(len(quiet) * 0.95) - 1
    print(
        f"{kind}: p95 {quiet[p95] * 1000:.0f} ms without, {attacked[p95] * 1000:.0f} ms with {strangers.opened} strangers"
    )
    assert attacked[p95] <= max(2 * quiet[p95], 0.25)


def test_handshake_is_refused_with_the_security_headers(product: Product) -> None:
    for cookie, status in (
        (b"", b"401"),
        (b"Cookie: cop=geen\r\n", b"401"),
        (b"Origin: https://evil.example\r\n", b"403"),
    ):
        with socket.create_connection(("127.0.0.1", product.port), timeout=5) as line:
            line.sendall(HANDSHAKE % (product.port, cookie))
            answer = line.recv(4096)
        assert answer.split(b" ")[1] == status
        assert b"x-content-type-options: nosniff" in answer.lower()
