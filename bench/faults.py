"""The long versions of tests/faults: kills, cuts, a restart and an absence. Exit code 1 when a message was lost.

Usage: python -m bench.faults [--kills 20] [--seconds 60] [--clients 500] [--away 30]
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from bench import scenarios
from bench.cpu import cpu_seconds
from bench.crowd import Crowd
from bench.site import Site

MEMBERS = 60  # each has at most ten sockets
BACK = 10.0  # seconds until everybody is back with what they missed


def _play(
    site: Site, tokens: list[str], room: int, count: int, what: Callable[[Crowd], Coroutine[Any, Any, str]]
) -> bool:
    """Let members enter, run one scenario, print what came of it, and return whether it is right."""

    async def run() -> bool:
        crowd = Crowd([site.port], room, tokens)
        try:
            await crowd.enter(count)
            since = max(one.seq or 0 for one in crowd.members)
            said = await what(crowd)
            await crowd.rest()
            found = await scenarios.outcome(crowd, site, since)
            print(f"{said}: {found} {'ok' if found.is_right else 'WRONG'}", flush=True)
            return found.is_right
        finally:
            await crowd.leave()

    return asyncio.run(run())


def main() -> int:
    """Run the scenarios one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60, help="of cuts, with 100 clients")
    parser.add_argument("--clients", type=int, default=500, help="at the restart")
    parser.add_argument("--away", type=float, default=30, help="seconds of absence, with 1,000 messages meanwhile")
    chosen = parser.parse_args()

    async def kills(crowd: Crowd) -> str:
        crowd.write(3, pause=0.02)
        starts = await scenarios.kills(site, chosen.kills)
        return f"{chosen.kills} kills, up after at most {max(starts):.1f} s"

    async def cuts(crowd: Crowd) -> str:
        crowd.write(2, pause=0.1)
        await scenarios.cuts(crowd, chosen.seconds)
        return f"cuts for {chosen.seconds:.0f} s, {sum(one.connections for one in crowd.members)} connections"

    async def restart(crowd: Crowd) -> str:
        up, back = await scenarios.restart(crowd, site)
        assert site.process
        used = cpu_seconds(site.process.pid)
        verdict = "ok" if back <= BACK else "over"
        return (
            f"restart: served after {up:.1f} s, {len(crowd.members)} back with what they missed {back:.1f} s later"
            f" (bar {BACK:.0f}) {verdict}, {used:.1f} s of CPU since the start"
        )

    async def absence(crowd: Crowd) -> str:
        back = await scenarios.absence(crowd, site.port, 1000, chosen.away)
        return f"absence of {chosen.away:.0f} s and 1,000 messages, made up in {back:.1f} s"

    with tempfile.TemporaryDirectory(prefix="bench-faults-") as name:
        site = Site(Path(name))
        tokens, room = site.gather(MEMBERS)
        with site:
            right = [
                _play(site, tokens, room, count, what)
                for count, what in ((60, kills), (100, cuts), (chosen.clients, restart), (50, absence))
            ]
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
