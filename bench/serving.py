"""Starts a server on a free port, waits until it serves, and stops it."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from bench.apart import ROOT
from bench.cores import server_core

HOST = "127.0.0.1"
PR_SET_PDEATHSIG = 1  # of linux/prctl.h
# Servers keep compiled files, as installed ones do: to compile at every start takes time, and memory that stays.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Server:
    """A running server: its first process and its port."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def host(self) -> str:
        """Host and port as in an address."""
        return f"{HOST}:{self.port}"

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        """End the process group and wait for it."""
        if self.process.poll() is None:
            os.killpg(self.pid, signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()


def end_with_parent() -> None:
    """Make Linux end this process with SIGTERM when the one that started it is gone, however that ended."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def start(command: Sequence[str], port: int, settings: Mapping[str, str], log: Path) -> Server:
    """Start a server with output to `log`; return it once /healthz responds with 200, else raise RuntimeError."""
    with log.open("ab") as output, server_core():
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**ENVIRONMENT, **settings},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    server = Server(process, port)
    try:
        wait_for(f"http://{server.host}/healthz", process, seconds=60)
    except RuntimeError as error:
        server.stop()
        raise RuntimeError(f"{error}\n{log.read_text()[-3000:]}") from None
    except BaseException:  # a signal
        server.stop()
        raise
    return server


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    """Wait until `address` responds with 200; raise RuntimeError when the process ends or time runs out."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{address} is not served: the server ended with {process.returncode}")
        try:
            with urlopen(address, timeout=5):
                return
        except (HTTPError, URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"{address} did not answer 200 within {seconds} s")


def gunicorn(application: str, port: int, sockets: int) -> list[str]:
    """Return the command line of one process for `sockets` live connections, with the flags of `cop run`.

    The stock Socket.IO transport occupies a thread per socket; sixteen more serve pages.
    """
    flags = {
        "bind": f"{HOST}:{port}",
        "worker-class": "gthread",
        "workers": 1,
        "threads": sockets + 16,
        "worker-connections": sockets + 1016,
        "keep-alive": 30,
        "timeout": 60,
        "graceful-timeout": 5,
        "worker-tmp-dir": "/dev/shm",
    }
    options = [f"--{name}={value}" for name, value in flags.items()]
    return [sys.executable, "-m", "gunicorn", "--no-control-socket", *options, application]
