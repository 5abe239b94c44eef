"""Two processes on one database with Redis: events reach clients of either process."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tests.live.conftest import SocketClient
from tests.product import Product

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def two_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Product]]:
    """Start two servers of one platform."""
    redis = os.environ.get("COP_TEST_REDIS_URL")
    if not redis:
        pytest.skip("no Redis: COP_TEST_REDIS_URL is not set (bin/test starts one)")
    folder = tmp_path_factory.mktemp("two")
    with Product(folder, COP_REDIS_URL=redis) as first, Product(folder, COP_REDIS_URL=redis) as second:
        yield first, second


def test_events_reach_clients_of_another_process(two_servers: tuple[Product, Product]) -> None:
    first, second = two_servers
    people = {name.split()[0]: id for name, id in first.cast().items()}
    room = first.ask(people["Daan"], "/communities/procesregie/rooms")["items"][0]["id"]
    client = SocketClient()
    client.connect(
        second.address, transports=["websocket"], headers={"Cookie": f"cop={second.session(people['Karin'])}"}
    )
    try:
        assert client.join(f"room:{room}")["ok"]
        first.call(people["Daan"], "POST", f"/rooms/{room}/messages", {"body": "van het ene naar het andere"})
        end = time.monotonic() + 5
        while not any("van het ene naar het andere" in words for words in client.words()):
            assert time.monotonic() < end, "the event did not arrive"
            time.sleep(0.02)
        first.call(people["Marijke"], "DELETE", f"/communities/procesregie/members/{people['Karin']}")
        while ("gone", {"place": f"room:{room}"}) not in client.received:
            assert time.monotonic() < end + 2, "who is removed stays in the other process"
            time.sleep(0.02)
    finally:
        client.disconnect()
