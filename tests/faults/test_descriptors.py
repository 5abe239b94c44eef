"""A process that runs out of file descriptors loses no socket, does not spin, and serves again at once."""

from __future__ import annotations

import asyncio
import resource
import socket
import time

import psutil
import pytest

from bench.crowd import Crowd
from bench.serving import HOST
from cop.base import descriptors
from tests.faults.conftest import Room

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
def test_recovery_after_descriptors_ran_out(room: Room) -> None:
    async def scenario(crowd: Crowd) -> None:
        assert room.site.process
        # Templates are read once: that of a message, and that of the list of people, which comes a moment after they do.
        await crowd.say(crowd.tokens[0], room.site.port)
        await crowd.until(lambda: all(one.present == len(crowd.members) for one in crowd.members), 20)
        (worker,) = psutil.Process(room.site.process.pid).children()
        soft, hard = resource.prlimit(worker.pid, resource.RLIMIT_NOFILE)
        used = worker.cpu_times()
        resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, (10, hard))  # fewer than are open: every new one fails
        try:
            waiting = [socket.create_connection((HOST, room.site.port), timeout=5) for _n in range(50)]
            await asyncio.sleep(OUTAGE)
            now = worker.cpu_times()
            busy = (now.user + now.system - used.user - used.system) / OUTAGE
        finally:
            resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, (soft, hard))
        began = time.monotonic()
        last = await crowd.say(crowd.tokens[0], room.site.port)
        back = time.monotonic() - began
        for one in waiting:
            one.close()
        print(f"busy for {busy:.0%} of the outage, a message taken {back:.2f} s after it")
        assert back <= RECOVERY
        assert busy < 0.5
        assert psutil.Process(room.site.process.pid).children() == [worker]
        await crowd.until(lambda: all(one.shown[-1:] == [last] for one in crowd.members), 10)
        assert all(one.connections == 1 for one in crowd.members)

    room.play(30, scenario)
