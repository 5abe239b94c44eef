"""A running server with the demonstration, and attackers on it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType

import pytest

from tests.product import Product

ATTACKERS = 500


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Serve the demonstration for the attacks of a module."""
    with Product(tmp_path_factory.mktemp("attacked")) as served:
        yield served


class Attackers:
    """Connections that send their bytes, then one byte each in turn, and open anew when they are closed."""

    def __init__(self, port: int, first: Callable[[int], bytes], drip: bytes = b"x", count: int = ATTACKERS):
        self.port, self.first, self.drip, self.count = port, first, drip, count
        self.sockets: dict[int, socket.socket] = {}
        self.opened = 0
        self.received: list[bytes] = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Attackers:
        self.thread.start()
        end = time.monotonic() + 20
        while self.opened < self.count and time.monotonic() < end:
            time.sleep(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        self.thread.join()
        for one in self.sockets.values():
            one.close()

    def _open(self, n: int) -> None:
        one = socket.socket()
        one.settimeout(5)
        try:
            one.bind(("127.0.0.2", 0))  # another address than that of the members
            one.connect(("127.0.0.1", self.port))
            one.sendall(self.first(n))
        except OSError:
            one.close()
            return
        one.setblocking(False)
        self.sockets[n] = one
        self.opened += 1

    def _run(self) -> None:
        n = 0
        while not self.ended.is_set():
            n = (n + 1) % self.count
            one = self.sockets.get(n)
            if one is None:
                self._open(n)
                continue
            try:
                if self.opened >= self.count:
                    one.send(self.drip)
                    time.sleep(0.005)
                got = one.recv(4096)
            except BlockingIOError:
                continue
            except OSError:
                got = b""
            if got:
                self.received.append(got)
            else:
                one.close()
                del self.sockets[n]


def page_times(product: Product, path: str, secret: str, count: int = 40) -> list[float]:
    """Return the sorted seconds that a member waits for a page; each must answer 200."""
    times = []
    for _n in range(count):
        began = time.monotonic()
        status, _headers, _body = product.request("GET", path, Cookie=f"cop={secret}", Accept="text/html")
        times.append(time.monotonic() - began)
        assert status == 200
    return sorted(times)


__all__ = ["ATTACKERS", "Attackers", "page_times", "product"]
