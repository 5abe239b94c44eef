"""Two processes with Redis between them: Redis goes and comes back, and each process is restarted in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bench import redis, scenarios
from bench.crowd import Crowd
from bench.site import Site
from tests.faults.conftest import MEMBERS
from tests.faults.test_faults import start

pytestmark = [pytest.mark.live, pytest.mark.slow]

CROWD = 40


Served = tuple[redis.Redis, Site, Site, list[str], int]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve one database by two processes."""
    if redis.PROGRAM is None:
        pytest.skip("redis-server is not on this machine (apt install redis-server)")
    folder = tmp_path_factory.mktemp("two")
    with redis.Redis() as between:
        first, second = (Site(folder, COP_REDIS_URL=between.address) for _n in range(2))
        tokens, room = first.gather(MEMBERS)
        with first, second:
            yield between, first, second, tokens, room


def test_redis_goes_and_comes_back(served: Served) -> None:
    between, first, second, tokens, room = served

    async def run() -> None:
        # A page joins again every 25 s, by which it learns what Redis did not carry; here sooner.
        crowd = Crowd([first.port, second.port], room, tokens, heartbeat=3)
        try:
            await crowd.enter(CROWD)
            since = start(crowd)
            crowd.write(2, pause=0.2)
            await asyncio.sleep(2)
            between.kill()
            before = len(crowd.acknowledged)
            await asyncio.sleep(5)
            meanwhile = len(crowd.acknowledged) - before
            await asyncio.to_thread(between.start)
            await asyncio.sleep(2)
            await crowd.rest()
            found = await scenarios.outcome(crowd, first, since)
            print(f"{meanwhile} messages said without Redis; {found}")
            assert meanwhile > 3
            assert found.is_right, found
            assert all(one.connections == 1 for one in crowd.members), "nobody lost the connection"
            crowd.heartbeat = 60  # by now events travel again
            await asyncio.sleep(10)
            last = await crowd.say(tokens[0], first.port)
            await crowd.until(lambda: all(one.shown[-1:] == [last] for one in crowd.members), 5)
        finally:
            await crowd.leave()

    asyncio.run(run())


def test_rolling_restart_loses_nothing(served: Served) -> None:
    _between, first, second, tokens, room = served

    async def run() -> None:
        crowd = Crowd([first.port, second.port], room, tokens)
        try:
            await crowd.enter(CROWD)
            since = start(crowd)
            crowd.write(2, pause=0.1)
            for site in (first, second):
                await asyncio.sleep(1)
                await asyncio.to_thread(site.stop)
                await asyncio.to_thread(site.start)
            await crowd.until(lambda: all(one.joined for one in crowd.members), 30)
            await crowd.rest()
            found = await scenarios.outcome(crowd, first, since)
            print(f"{sum(one.connections for one in crowd.members)} connections; {found}")
            assert found.is_right, found
            assert found.messages > 10
            assert all(one.connections >= 2 for one in crowd.members)
        finally:
            await crowd.leave()

    asyncio.run(run())
