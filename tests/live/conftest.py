"""A running server with the demonstration, and sockets to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import socketio

from tests.product import Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Serve the demonstration for the whole run."""
    with Product(tmp_path_factory.mktemp("live")) as served:
        yield served


@pytest.fixture(scope="session")
def people(product: Product) -> dict[str, int]:
    """Return the ids of the people of the demonstration by first name."""
    return {name.split()[0]: id for name, id in product.cast().items()}


class SocketClient(socketio.Client):
    """A Socket.IO client that records the events it receives, as (event, data)."""

    def __init__(self) -> None:
        super().__init__(reconnection=False)
        self.received: list[tuple[str, object]] = []
        self.on("*", lambda event, *data: self.received.append((event, data[0] if data else None)))

    def join(self, place: str) -> dict[str, object]:
        """Join a place and return the acknowledgement."""
        answer = self.call("join", {"place": place}, timeout=10)
        assert isinstance(answer, dict)
        return answer

    def words(self) -> list[str]:
        """Return the HTML of all `told` events."""
        return [str(data["html"]) for event, data in self.received if event == "told" and isinstance(data, dict)]


@pytest.fixture
def connect(product: Product) -> Iterator[Callable[..., SocketClient]]:
    """Return a function that opens a socket with a session cookie: `connect(secret)`."""
    opened: list[SocketClient] = []

    def connecting(secret: str, token: str = "", **options: object) -> SocketClient:
        opened.append(client := SocketClient())
        known = {"Authorization": f"Bearer {token}"} if token else {"Cookie": f"cop={secret}"}
        client.connect(product.address, transports=["websocket"], headers=known, **options)
        return client

    yield connecting
    for client in opened:
        client.disconnect()
        if client.eio.ws is not None:  # the client leaves the socket open when the server closes it
            client.eio.ws.shutdown()
