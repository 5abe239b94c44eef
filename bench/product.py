"""The product as a side of the comparison, used from outside only: its commands, sign-in page and API."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.apart import ROOT
from bench.product_api import Api
from bench.product_entry import sign_in
from bench.serving import HOST, Server, free_port, start
from bench.side import BEFORE_DEEP_PAGE, LONG_TOPIC, READ_TOPIC, READER, REPLY_TOPIC, ROWS, Side
from bench.workload import COMMON, PEOPLE, RARE, topics

COP = [sys.executable, "-m", "bench.unlimited"]
SECRET_KEY = secrets.token_hex(32)


@dataclass(frozen=True)
class Installation:
    """A data folder and the settings to run with."""

    folder: Path
    settings: Mapping[str, str]

    def cop(self, *arguments: str) -> str:
        """Run a command of the product and return the last line it prints."""
        done = subprocess.run(
            [*COP, *arguments],
            cwd=ROOT,
            env={**os.environ, **self.settings},
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"cop {' '.join(arguments)}: {done.stderr[-2000:]}")
        return done.stdout.strip().rpartition("\n")[2]

    def run(self, port: int, cop: Sequence[str] = COP) -> Server:
        """Serve the product by this command; the usual one has no rate limits, and loads more for it."""
        command = [*cop, "run", "--host", HOST, "--port", str(port)]
        return start(command, port, self.settings, self.folder / "product.log")


def installation(folder: Path, port: int, **settings: str) -> Installation:
    """Return an installation for production on loopback; database settings of the environment stay in force."""
    data = folder / "product"
    own = {
        "COP_MODE": "production",
        "COP_DATA": str(data),
        "COP_SECRET_KEY": SECRET_KEY,
        "COP_BASE_URL": f"http://{HOST}:{port}",
        **settings,
    }
    return Installation(folder, own)


def serve(folder: Path, sockets: int, name: str = "ours", **settings: str) -> Side:
    """Seed the bench data into `folder` unless that was done, serve it, and sign the reader in."""
    port = free_port()
    installed = installation(folder, port, COP_SOCKETS=str(sockets), **settings)
    seeded = folder / "product-seeded"
    if not seeded.exists():
        installed.cop("migrate")
        installed.cop("seed", "bench", "--posts", "20000", "--people", str(len(PEOPLE)))
        seeded.touch()
    server = installed.run(port)
    try:
        return _side(name, installed, server)
    except BaseException:
        server.stop()
        raise


def _side(name: str, installed: Installation, server: Server) -> Side:
    api = Api(server.host, installed.cop("token", mail_of(READER)))
    threads, community = _threads_by_number(api)
    read, long, answered = threads[READ_TOPIC], threads[LONG_TOPIC], threads[REPLY_TOPIC]
    deep = api.cursor_after(f"/threads/{long}/posts", BEFORE_DEEP_PAGE)
    room = api.get(f"/communities/{community}/rooms")["items"][0]["id"]
    return Side(
        name=name,
        server=server,
        cookie=sign_in(installed.cop("people", "link", mail_of(READER))),
        paths={
            "home": "/",
            "list": f"/communities/{community}/threads?limit={ROWS}",
            "thread": f"/threads/{read}?limit={ROWS}",
            "fifty": f"/threads/{read}",
            "first": f"/threads/{long}?limit={ROWS}",
            "deep": f"/threads/{long}?after={deep}&limit={ROWS}",
            "search": f"/search?q={RARE}&limit={ROWS}",
            "common": f"/search?q={COMMON}&limit={ROWS}",
            "reply": f"/threads/{answered}/posts",
            "chat": f"/rooms/{room}",
        },
        room=room,
        tokens=lambda count: _tokens(installed, count),
        count_replies=lambda: api.count(f"/threads/{answered}/posts"),
    )


def mail_of(name: str) -> str:
    """Return the address a bench person signs in with."""
    return f"{name}@bench.example"


def _threads_by_number(api: Api) -> tuple[dict[int, int], str]:
    """Return topic number → thread id for the topics in use, and the slug of the first community."""
    wanted = {topic.title: number for number, topic in zip(range(1, REPLY_TOPIC + 1), topics(), strict=False)}
    found: dict[int, int] = {}
    first = ""
    for community in api.get("/communities")["items"]:
        for thread in api.all(f"/communities/{community['slug']}/threads"):
            if number := wanted.get(thread["title"]):
                found[number] = thread["id"]
                first = community["slug"] if number == LONG_TOPIC else first
    return found, first


def _tokens(installed: Installation, count: int) -> list[str]:
    with ThreadPoolExecutor(2) as workers:  # each is a process that loads the whole product
        return list(workers.map(lambda name: installed.cop("token", mail_of(name)), PEOPLE[:count]))
