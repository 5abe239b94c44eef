"""A Redis server of one's own, which can be killed and started again on the same port."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from types import TracebackType

from bench.serving import HOST, free_port

PROGRAM = shutil.which("redis-server")


class Redis:
    """A Redis server without a disk."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"redis://{HOST}:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        if PROGRAM is None:
            raise RuntimeError("redis-server is not on this machine (apt install redis-server)")
        options = ["--port", str(self.port), "--bind", HOST, "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen([PROGRAM, *options], stdout=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as knock:
                if knock.connect_ex((HOST, self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("Redis does not start")

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Redis:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
