"""What goes wrong while members chat: each scenario returns the seconds that matter; `outcome` says what was lost."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass

from bench.crowd import Crowd, Member
from bench.site import Site


@dataclass(frozen=True)
class Outcome:
    """Over all members: messages lost, shown twice, lists in another order; and what the server acknowledged."""

    messages: int
    lost: int
    twice: int
    disorder: int
    unacknowledged: int  # messages in the database whose sender never heard so
    forgotten: int  # acknowledged messages that are not in the database
    retries: int
    gaps: int

    @property
    def is_right(self) -> bool:
        """Whether nothing was lost, and nothing shown twice."""
        return not (self.lost or self.twice or self.disorder or self.forgotten)


async def outcome(crowd: Crowd, site: Site, start: int, within: float = 60) -> Outcome:
    """Wait until everybody shows what the server has after the change `start`, and compare."""
    expected = await asyncio.to_thread(site.messages, crowd.tokens[0], crowd.room, start)
    with suppress(TimeoutError):  # what is missing is counted
        await crowd.settle(expected, within)
    lost, twice, disorder = crowd.faults(expected)
    known = set(crowd.acknowledged.values())
    return Outcome(
        messages=len(expected),
        lost=lost,
        twice=twice,
        disorder=disorder,
        unacknowledged=len(set(expected) - known),
        forgotten=len(known - set(expected)),
        retries=crowd.retries,
        gaps=sum(one.gaps for one in crowd.members),
    )


async def kills(site: Site, times: int) -> list[float]:
    """Kill the server this many times while members write; return the seconds of each start."""
    found = []
    for _n in range(times):
        await asyncio.sleep(random.uniform(0.3, 1.0))
        site.kill()
        found.append(await asyncio.to_thread(site.start))
    return found


async def cuts(crowd: Crowd, seconds: float) -> None:
    """Cut every connection each one to five seconds, for this long."""

    async def cutting(member: Member) -> None:
        while crowd.cutting:
            await asyncio.sleep(random.uniform(1, 5))
            member.cut()

    crowd.cutting = True
    tasks = [asyncio.create_task(cutting(member)) for member in crowd.members]
    await asyncio.sleep(seconds)
    crowd.cutting = False
    await asyncio.gather(*tasks)


async def restart(crowd: Crowd, site: Site, messages: int = 5) -> tuple[float, float]:
    """Restart the server; return the seconds until it serves, and from then until everybody shows what was said since."""
    shown = [len(one.shown) for one in crowd.members]
    await asyncio.to_thread(site.stop)
    for member in crowd.members:
        member.joined = False
    started = await asyncio.to_thread(site.start)
    said = [await crowd.say(crowd.tokens[n], site.port) for n in range(messages)]

    def back() -> bool:
        return all(one.joined and one.shown[before:] == said for one, before in zip(crowd.members, shown, strict=True))

    return started, await crowd.until(back, 120)


async def absence(crowd: Crowd, port: int, messages: int, seconds: float = 0) -> float:
    """Half of the members leave while much is said; return the seconds in which they catch up."""
    leaving = crowd.members[::2]
    for member in leaving:
        member.away = True
        member.cut()
    await crowd.until(lambda: not any(one.joined for one in leaving), 60)
    for n in range(messages):
        await crowd.say(crowd.tokens[n % 5], port)
    await asyncio.sleep(seconds)
    for member in leaving:
        member.away = False
    return await crowd.until(lambda: all(one.joined for one in leaving), 60)
