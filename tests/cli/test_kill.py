"""A platform that is killed during posts loses nothing acknowledged, duplicates nothing, and restarts at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.cli.test_run import free_port
from tests.conftest import SECRET

ROOT = Path(__file__).parents[2]
KILLS = 20 if "COP_TEST_EXPLORE" in os.environ else 10
WRITERS = 3

pytestmark = [pytest.mark.live, pytest.mark.slow]


class Served:
    """A platform with a small set of bench data, served by `cop run`, that can be killed and restarted."""

    def __init__(self, folder: Path):
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("COP_")}
        self.env = clean | {
            "COP_DATA": str(folder),
            "COP_MODE": "development",
            "COP_SECRET_KEY": SECRET,
            "COP_BASE_URL": self.base,
            "COP_RATE_LIMITS": "off",
        }

    def cop(self, *arguments: str) -> str:
        """Run a command and return its output."""
        done = subprocess.run(
            [sys.executable, "-m", "cop.cli", *arguments],
            cwd=ROOT,
            env=self.env,
            text=True,
            capture_output=True,
            check=True,
        )
        return done.stdout.strip()

    def start(self) -> float:
        """Start the server in its own process group; return the seconds until it responds."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cop.cli", "run", "--port", str(self.port)],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        while time.monotonic() < began + 60:
            try:
                with urlopen(f"{self.base}/healthz", timeout=2):
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.02)
        raise AssertionError("it does not start")

    def kill(self) -> None:
        """Kill the whole process group."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, path: str, token: str, method: str | None = None, **sent: Any) -> Any:
        """Return the response of the API; without a method, to a POST of what is sent, else to a GET."""
        body = json.dumps(sent).encode() if sent else None
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        with urlopen(Request(f"{self.base}/api/v1{path}", body, headers, method=method), timeout=10) as answer:
            return json.load(answer)


def test_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    served = Served(tmp_path)
    served.cop("migrate")
    served.cop("seed", "bench", "--posts", "40", "--people", "5", "--files", "1", "--messages", "1")
    token = served.cop("token", "lid001@bench.example")
    served.start()
    thread = served.ask("/communities/uitstroom/threads", token)["items"][0]["id"]
    acknowledged: dict[str, int] = {}
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            key = str(uuid.uuid4())
            while not stop.is_set():  # retry the same post until it is acknowledged, as a browser does
                try:
                    acknowledged[key] = served.ask(f"/threads/{thread}/posts", token, body=key, client_id=key)["id"]
                    break
                except (OSError, HTTPException, ValueError):  # killed during the response
                    time.sleep(0.02)

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    back = []
    for _ in range(KILLS):
        time.sleep(random.uniform(0.2, 1.0))
        served.kill()
        back.append(served.start())
    time.sleep(1)
    stop.set()
    for writer in writers:
        writer.join()
    posts: list[Any] = []
    path = f"/threads/{thread}/posts?limit=100"
    while path:
        part = served.ask(path, token)
        posts += part["items"]
        path = (part["next"] or "").removeprefix("/api/v1")
    served.kill()
    texts = [post["html"] for post in posts]
    assert len(acknowledged) > KILLS
    for key, id in acknowledged.items():
        assert texts.count(f"<p>{key}</p>") == 1, "an acknowledged post stands there once"
        assert any(post["id"] == id and key in post["html"] for post in posts)
    assert [post["seq"] for post in posts] == sorted({post["seq"] for post in posts})
    assert "database: in order" in served.cop("check")
    print(f"back after {sorted(back)[len(back) // 2]:.1f} s, at the latest {max(back):.1f} s")
