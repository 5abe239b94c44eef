"""A served chat room full of members, and the demonstration for what needs its people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bench.crowd import Crowd
from bench.site import Site

MEMBERS = 30  # each has at most ten sockets


@dataclass
class Room:
    """A served room: `play` runs a scenario with this many members in it."""

    site: Site
    tokens: list[str]
    id: int

    def play(self, members: int, scenario: Callable[[Crowd], Coroutine[Any, Any, None]], **settings: Any) -> None:
        """Let members enter, run the scenario, and let them leave."""

        async def run() -> None:
            crowd = Crowd([self.site.port], self.id, self.tokens, **settings)
            try:
                await crowd.enter(members)
                await scenario(crowd)
            finally:
                await crowd.leave()

        asyncio.run(run())


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """Serve a room for the tests of this folder."""
    site = Site(tmp_path_factory.mktemp("faults"))
    tokens, id = site.gather(MEMBERS)
    with site:
        yield Room(site, tokens, id)
    assert "Traceback" not in site.log()
