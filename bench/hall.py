"""A kick-off in one log: a hall signs in behind one address, 500 people chat, one writes a thread; all on one process.

Usage: python -m bench.hall [--hall 200] [--clients 500] [--minutes 2] [--every 5]. The rate limits are those of
production. Exit code 1 when somebody could not sign in, or a message was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from bench.cpu import cpu_seconds
from bench.crowd import FAULTS, PATIENCE, Crowd, ask
from bench.percentile import milliseconds
from bench.serving import HOST
from bench.site import Site

PAUSE = 2.0  # seconds between two chat messages
WRITING = 4.0  # seconds between two replies in the thread


@dataclass
class Log:
    """What happened so far; durations in seconds."""

    began: float = field(default_factory=time.monotonic)
    signed_in: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    signing: list[float] = field(default_factory=list)
    chat: list[float] = field(default_factory=list)  # from the request of a message to its last reader
    replies: list[float] = field(default_factory=list)

    def line(self, crowd: Crowd, cpu: float) -> str:
        """Return one line of the log."""
        elapsed = time.monotonic() - self.began
        joined = sum(one.joined for one in crowd.members)
        return (
            f"{int(elapsed) // 60:02}:{int(elapsed) % 60:02}  signed in {self.signed_in:3}"
            f" ({_newest(self.signing)})  in the room {joined:3}  messages {len(self.chat):3}"
            f" (at the last of them {_newest(self.chat)})  replies {len(self.replies):3} ({_newest(self.replies)})"
            f"  server {cpu:.0%} of a core"
        )


def _newest(durations: list[float]) -> str:
    return f"{durations[-1] * 1000:5.0f} ms" if durations else "  –     "


async def _form(port: int, path: str, **fields: str) -> int:
    """Send a form as a browser does; return the status."""
    reader, writer = await asyncio.open_connection(HOST, port)
    body = urlencode(fields).encode()
    try:
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nSec-Fetch-Site: same-origin\r\nAccept: text/html\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        return int((await reader.read()).split(b" ", 2)[1])
    finally:
        writer.close()


async def _sign_in(site: Site, number: int, log: Log, spread: float) -> None:
    """Ask for a link, and press the button behind the one that came."""
    await asyncio.sleep(random.uniform(0, spread))
    began = time.monotonic()
    statuses = [
        await _form(site.port, "/sign-in", mail=f"lid{number:03}@proef.example"),
        await _form(site.port, f"/sign-in/{site.links[number]}"),
    ]
    log.statuses.update(statuses)
    log.signing.append(time.monotonic() - began)
    log.signed_in += all(status < 400 for status in statuses)


def _shown(crowd: Crowd, id: int) -> bool:
    """Return whether everybody in the room shows this message last."""
    return all(one.shown[-1:] == [id] for one in crowd.members if one.joined)


async def _chat(crowd: Crowd, site: Site, log: Log) -> None:
    while True:
        began = time.monotonic()
        id = await crowd.say(random.choice(crowd.tokens), site.port)
        await crowd.until(partial(_shown, crowd, id), 60)
        log.chat.append(time.monotonic() - began)
        await asyncio.sleep(PAUSE)


async def _write(site: Site, token: str, log: Log) -> None:
    """Write a thread, and a reply every few seconds."""
    started = {"title": "Wat hoorden wij vandaag?", "body": "Wij schrijven mee."}
    thread = await ask(site.port, "POST", "/api/v1/communities/een/threads", token, started)
    while True:
        began = time.monotonic()
        body = {"body": "Aan de derde tafel ging het over de eerste zes weken. " * 5}
        try:
            await asyncio.wait_for(ask(site.port, "POST", f"{thread['url']}/posts", token, body), PATIENCE)
            log.replies.append(time.monotonic() - began)
        except FAULTS as fault:
            print(f"a reply was refused: {fault}", flush=True)
        await asyncio.sleep(WRITING)


async def _evening(site: Site, tokens: list[str], room: int, chosen: argparse.Namespace) -> bool:
    crowd, log = Crowd([site.port], room, tokens), Log()
    assert site.process
    pid, seconds = site.process.pid, chosen.minutes * 60
    entering = asyncio.create_task(crowd.enter(1))
    await entering
    since = crowd.members[0].seq or 0
    hall = [asyncio.create_task(_sign_in(site, n, log, seconds * 0.8)) for n in range(chosen.hall)]
    others = [
        asyncio.create_task(one)
        for one in (crowd.enter(chosen.clients - 1), _chat(crowd, site, log), _write(site, tokens[0], log))
    ]
    used, at = cpu_seconds(pid), time.monotonic()
    while time.monotonic() - log.began < seconds:
        await asyncio.sleep(chosen.every)
        now, moment = cpu_seconds(pid), time.monotonic()
        print(log.line(crowd, (now - used) / (moment - at)), flush=True)
        used, at = now, moment
    await asyncio.gather(*hall)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    expected = await asyncio.to_thread(site.messages, tokens[0], room, since)
    known = set(expected)
    await crowd.until(lambda: all(one.seq == crowd.members[0].seq for one in crowd.members), 60)
    lost = sum(1 for one in crowd.members if one.shown != expected[len(expected) - len(one.shown) :])
    print(
        f"signed in {log.signed_in} of {chosen.hall} (statuses {dict(log.statuses)}); p95 of signing in"
        f" {milliseconds(log.signing, 95):.0f} ms, of a message at the last of {len(crowd.members)}"
        f" {milliseconds(log.chat, 95):.0f} ms, of a reply {milliseconds(log.replies, 95):.0f} ms;"
        f" {len(known)} messages, {lost} members with another list"
    )
    await crowd.leave()
    return log.signed_in == chosen.hall and not lost


def main() -> int:
    """Hold the kick-off and print its log."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hall", type=int, default=200)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--every", type=float, default=5, help="seconds between two lines")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-hall-") as name:
        site = Site(Path(name), COP_RATE_LIMITS="on")
        tokens, room = site.gather(max(chosen.hall, chosen.clients))
        with site:
            right = asyncio.run(_evening(site, tokens, room, chosen))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
