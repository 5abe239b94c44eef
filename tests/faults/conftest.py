"""A running server with the demonstration, whose faults are made by the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.live.conftest import SocketClient, connect, people
from tests.product import Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """Serve the demonstration for the tests of this folder."""
    with Product(tmp_path_factory.mktemp("faults")) as served:
        yield served


__all__ = ["Callable", "SocketClient", "connect", "people", "product"]
