"""A process that runs out of file descriptors loses no socket, does not spin, and serves again at once."""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Callable

import psutil
import pytest

from cop.base import descriptors
from tests.live.conftest import SocketClient
from tests.live.test_sockets import wait
from tests.product import Product

RECOVERY = 2.0  # seconds until a page is served again
OUTAGE = 3.0


@pytest.mark.parametrize(
    ("hard", "wanted", "most"),
    [(20_000, 300, 300), (1024, 2300, 448), (1024, 300, 300), (200, 300, 64), (resource.RLIM_INFINITY, 9000, 9000)],
)
def test_connections_stay_below_the_limit(monkeypatch: pytest.MonkeyPatch, hard: int, wanted: int, most: int) -> None:
    monkeypatch.setattr(descriptors.resource, "getrlimit", lambda _which: (64, hard))
    assert descriptors.at_most(wanted) == most


@pytest.mark.live
@pytest.mark.slow
def test_recovery_after_descriptors_ran_out(
    product: Product, people: dict[str, int], connect: Callable[..., SocketClient]
) -> None:
    assert product.server
    (worker,) = psutil.Process(product.server.pid).children()
    room = product.ask(people["Karin"], "/communities/procesregie/rooms")["items"][0]["id"]
    clients = [connect(product.session(people[name])) for name in ("Karin", "Daan", "Henk")]
    for client in clients:
        assert client.join(f"room:{room}")["ok"]
    soft, hard = resource.prlimit(worker.pid, resource.RLIMIT_NOFILE)
    waiting: list[socket.socket] = []
    used = worker.cpu_times()
    resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, (10, hard))  # fewer than are open: every new one fails
    try:
        for _n in range(50):
            waiting.append(socket.create_connection(("127.0.0.1", product.port), timeout=5))
            waiting[-1].sendall(b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % product.port)
        time.sleep(OUTAGE)
        now = worker.cpu_times()
        busy = (now.user + now.system - used.user - used.system) / OUTAGE
    finally:
        resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, (soft, hard))
        back = wait(product.answers, 10)
        for one in waiting:
            one.close()
    print(f"busy for {busy:.0%} of the outage, a page {back:.2f} s after it")
    assert back <= RECOVERY
    assert busy < 0.5
    assert worker.is_running()
    assert psutil.Process(product.server.pid).children() == [worker]
    assert all(client.connected for client in clients)
    product.call(people["Daan"], "POST", f"/rooms/{room}/messages", {"body": "na de krapte"})
    for client in clients:
        wait(lambda client=client: any("na de krapte" in words for words in client.words()))
    assert connect(product.session(people["Gerrit"])).connected
