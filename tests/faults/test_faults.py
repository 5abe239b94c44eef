"""Kills, cuts, restarts and absences under load: nothing acknowledged is lost, nothing is shown twice."""

from __future__ import annotations

import asyncio

import pytest

from bench import scenarios
from bench.cpu import cpu_seconds
from bench.crowd import Crowd
from tests.faults.conftest import Room

pytestmark = [pytest.mark.live, pytest.mark.slow]


def start(crowd: Crowd) -> int:
    """Return the last change that everybody shows before the fault."""
    found = {one.seq for one in crowd.members}
    assert len(found) == 1
    (seq,) = found
    assert seq is not None
    return seq


def test_kills_lose_nothing(room: Room) -> None:
    async def scenario(crowd: Crowd) -> None:
        since = start(crowd)
        crowd.write(3, pause=0.02)
        starts = await scenarios.kills(room.site, 3)
        await asyncio.sleep(1)
        await crowd.rest()
        found = await scenarios.outcome(crowd, room.site, since)
        print(f"up after {max(starts):.1f} s; {found}")
        assert found.messages > 3
        assert found.retries
        assert found.is_right, found

    room.play(30, scenario)


def test_cuts_lose_nothing(room: Room) -> None:
    async def scenario(crowd: Crowd) -> None:
        since = start(crowd)
        crowd.write(2, pause=0.1)
        await scenarios.cuts(crowd, 12)
        await crowd.rest()
        found = await scenarios.outcome(crowd, room.site, since)
        print(f"{sum(one.connections for one in crowd.members)} connections; {found}")
        assert sum(one.connections for one in crowd.members) >= 2.5 * len(crowd.members)
        assert found.retries
        assert found.is_right, found

    room.play(100, scenario)


def test_members_come_back_after_a_restart(room: Room) -> None:
    async def scenario(crowd: Crowd) -> None:
        since = start(crowd)
        up, back = await scenarios.restart(crowd, room.site)
        assert room.site.process
        used = cpu_seconds(room.site.process.pid)
        found = await scenarios.outcome(crowd, room.site, since)
        print(f"served after {up:.1f} s, {len(crowd.members)} back {back:.1f} s later; {used:.1f} s of CPU; {found}")
        assert found.is_right, found
        assert found.gaps >= len(crowd.members) / 2
        assert back <= 10

    room.play(200, scenario)


def test_long_absence_is_made_up(room: Room) -> None:
    async def scenario(crowd: Crowd) -> None:
        since = start(crowd)
        back = await scenarios.absence(crowd, room.site.port, 230)
        found = await scenarios.outcome(crowd, room.site, since)
        print(f"230 messages made up in {back:.1f} s; {found}")
        assert found.messages == 230
        assert found.is_right, found

    room.play(20, scenario)
