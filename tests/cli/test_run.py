"""cop run and cop work: refuse invalid settings, serve, and stop in time."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from cop.base.jobs import WORKER
from cop.cli.run import refuse_open_demo, settings_for
from cop.config import Misconfigured, Settings
from tests.conftest import SECRET

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts `cop …` on its own data folder; stop it afterwards."""
    began: list[subprocess.Popen[str]] = []

    def begin(*arguments: str, **settings: str) -> subprocess.Popen[str]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("COP_")}
        own = {"COP_DATA": str(tmp_path), "COP_MODE": "production", "COP_SECRET_KEY": SECRET}
        began.append(
            subprocess.Popen(
                [sys.executable, "-m", "cop.cli", *arguments],
                cwd=ROOT,
                env=env | own | settings,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return began[-1]

    yield begin
    for process in began:
        if process.poll() is None:
            process.kill()
        process.communicate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def page(address: str, process: subprocess.Popen[str], seconds: float = 60) -> str:
    """Return the response of an address once it is served."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, process.stdout.read() if process.stdout else ""
        try:
            with urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} was not served")


def worker_is_alive(folder: Path) -> bool:
    """Return whether a worker on this folder has reported that it is alive."""
    with closing(sqlite3.connect(folder / "cop.sqlite3")) as connection:
        return bool(connection.execute("SELECT 1 FROM recurring WHERE name = ?", [WORKER]).fetchone())


def test_run_serves_works_and_stops(start: Any) -> None:
    port = free_port()
    process = start("run", "--port", str(port), COP_BASE_URL=f"http://127.0.0.1:{port}")
    first = process.stdout.readline()
    secret = re.search(rf"http://127\.0\.0\.1:{port}(/sign-in/[\w-]{{40,}})$", first.strip())
    assert secret, first
    assert page(f"http://127.0.0.1:{port}/healthz", process) == "ok\n"
    assert page(f"http://127.0.0.1:{port}/readyz", process) == "ready\n"
    assert "<form" in page(f"http://127.0.0.1:{port}{secret[1]}", process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert "Traceback" not in process.stdout.read()


def test_work_stops_on_signal(start: Any, tmp_path: Path) -> None:
    settings = {"COP_BASE_URL": "http://127.0.0.1:8000", "COP_WORKER": "apart"}
    assert start("migrate", **settings).wait(timeout=60) == 0
    process = start("work", **settings)
    end = time.monotonic() + 60
    while not worker_is_alive(tmp_path):
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < end
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert "Traceback" not in process.stdout.read()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"COP_SECRET_KEY": ""}, "COP_SECRET_KEY"),
        ({"COP_SECRET_KEY": "a" * 40}, "COP_SECRET_KEY repeats itself"),
        ({"COP_SECRET_KEY": "geheim" * 6}, "COP_SECRET_KEY repeats itself"),
        ({"COP_RATE_LIMITS": "off"}, "rate limits stay on in production"),
        ({"COP_BASE_URL": ""}, "COP_BASE_URL"),
        ({"COP_SOCKETS": "many"}, "COP_SOCKETS is 'many'; give a whole number."),
    ],
)
def test_invalid_setting_is_named(start: Any, settings: dict[str, str], words: str) -> None:
    process = start("run", **{"COP_BASE_URL": "https://weerthuis.example", **settings})
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert words in output
    assert "Traceback" not in output


def test_files_are_for_this_account_alone(start: Any, tmp_path: Path) -> None:
    """Whatever the umask: the folder, the database with its log, files, caches and backups."""
    before = os.umask(0)
    try:
        settings = {"COP_BASE_URL": "http://127.0.0.1:8000", "COP_DATA": str(tmp_path / "data")}
        for words in (
            ("migrate",),
            ("seed", "bench", "--posts", "20", "--people", "3", "--files", "2", "--messages", "0"),
        ):
            assert start(*words, **settings).wait(timeout=60) == 0
        assert start("backup", str(tmp_path / "data" / "backup.tar.gz"), **settings).wait(timeout=60) == 0
    finally:
        os.umask(before)
    found = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
    assert len(found) > 5
    assert {oct(one.stat().st_mode & 0o777) for one in found} <= {"0o700", "0o600"}


def test_damaged_database_prevents_the_start(platform: Any) -> None:
    platform.cop("seed", "bench", "--posts", 30, "--people", 3, "--files", 0, "--messages", 0)
    platform.spoil()
    done = platform.cop("run", "--port", free_port())
    assert done.exit_code == 1
    assert "the database is damaged" in done.output


def test_empty_start_has_no_demonstration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COP_DATA", str(tmp_path))
    monkeypatch.setenv("COP_MODE", "demo")
    monkeypatch.delenv("COP_BASE_URL", raising=False)
    assert settings_for("127.0.0.1", 8001, empty=True).mode == "development"
    assert settings_for("127.0.0.1", 8001, empty=False).mode == "demo"
    assert settings_for("localhost", 8001, empty=False).base_url == "http://localhost:8001"


def test_demonstration_only_listens_on_loopback() -> None:
    settings = Settings.read({}, mode="demo")
    refuse_open_demo(settings, "127.0.0.1")
    with pytest.raises(Misconfigured, match="loopback only"):
        refuse_open_demo(settings, "0.0.0.0")
