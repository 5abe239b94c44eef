"""The product with a chat room full of members, served by `cop run`; it can be killed, stopped and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from urllib.request import Request, urlopen

from bench.apart import ROOT
from bench.serving import HOST, free_port

KEY = "a-key-for-measuring-of-more-than-32-characters"


class Site:
    """One process of the product on a port of its own; several may share a data folder."""

    def __init__(self, folder: Path, **settings: str):
        self.folder, self.port = folder, free_port()
        self.address = f"http://{HOST}:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COP_")},
            "COP_MODE": "development",
            "COP_DATA": str(folder),
            "COP_SECRET_KEY": KEY,
            "COP_BASE_URL": self.address,
            "COP_RATE_LIMITS": "off",
            "COP_SOCKETS": "6000",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def gather(self, members: int) -> tuple[list[str], int]:
        """Make the members in an empty database; return their tokens and the room."""
        command = [sys.executable, "-m", "bench.gathering", str(members)]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        made = json.loads(done.stdout.splitlines()[-1])
        self.links: list[str] = made["links"]
        return made["tokens"], made["room"]

    def start(self, patience: float = 300) -> float:
        """Start the server; return the seconds until it responds."""
        began = time.monotonic()
        with (self.folder / f"served-{self.port}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cop.cli", "run", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while time.monotonic() < began + patience:
            try:
                with urlopen(f"{self.address}/healthz", timeout=2):
                    return time.monotonic() - began
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        raise RuntimeError(f"it does not start:\n{self.log()[-3000:]}")

    def log(self) -> str:
        """Return what the server wrote."""
        return (self.folder / f"served-{self.port}.log").read_text()

    def kill(self) -> None:
        """Kill the server with all its processes, as a power cut does."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop the server as an administrator does."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def __enter__(self) -> Site:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def messages(self, token: str, room: int, after: int) -> list[int]:
        """Return the ids of the messages of a room after a change, oldest first, from the API."""
        found: list[int] = []
        while True:
            path = f"/api/v1/rooms/{room}/messages?changed_after={after}&limit=100"
            request = Request(self.address + path, headers={"Authorization": f"Bearer {token}"})
            with urlopen(request, timeout=30) as answer:
                items = json.load(answer)["items"]
            if not items:
                return found
            found += [item["id"] for item in items]
            after = max(item["seq"] for item in items)
