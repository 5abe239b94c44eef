"""The contract with the Socket.IO client that pages load: the same over the wire and over the stock transport."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.chat.server import run_server
from tests.live.contract_server import CAP

pytestmark = [pytest.mark.live, pytest.mark.slow]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SEEN = {
    "ids": True,
    "transport": "websocket",
    "join": [True, "number"],
    "refused": {"error": "forbidden"},
    "echo": True,
    "large": 60_000,
    "broadcast": [201, True, True, True],
    "binary": [50_000, True, True, "iemand"],
    "binaryElsewhere": "transport close",
    "tooLarge": "transport close",
    "lost": "transport close",
    "again": True,
    "ended": "io server disconnect",
    "left": "io client disconnect",
    "stranger": "websocket error",
}
CODES = {"binaryElsewhereCode": 1003, "tooLargeCode": 1009}
ORDER = {"counted": 41, "order": True}


def node() -> str:
    """Return the path of Node, version 20 or newer; skip without one."""
    found = shutil.which("node")
    version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout if found else ""
    if not found or int((re.match(r"v(\d+)", version) or [0, 0])[1]) < 20:
        pytest.skip(f"the client needs Node 20 or newer; there is {version.strip() or 'none'}")
    return found


def test_the_client_is_the_pinned_one() -> None:
    pinned = json.loads((ROOT / "static/vendor/src/package.json").read_text())
    listed = (ROOT / "static/vendor/LICENCES.md").read_text()
    (version,) = (
        v
        for name, v in {**pinned.get("dependencies", {}), **pinned.get("devDependencies", {})}.items()
        if name == "socket.io-client"
    )
    assert f"| socket.io-client | {version.lstrip('^~')} |" in listed


@pytest.mark.parametrize("transport", ["wire", "stock"])
def test_contract_with_the_client_of_the_browser(tmp_path: Path, transport: str) -> None:
    program = node()
    with run_server(tmp_path, module="tests.live.contract_server", COP_TRANSPORT=transport) as server:
        given = {
            "address": server.address,
            "cookies": server.cookies,
            "token": server.tokens["eva"],
            "room": server.room,
            "cap": CAP,
        }
        done = subprocess.run(
            [program, "--experimental-websocket", "--no-warnings", str(HERE / "contract.mjs"), json.dumps(given)],
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr[-2000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    assert {name: seen[name] for name in SEEN} == SEEN
    if transport == "wire":  # the stock transport has a thread for each event, and other codes
        assert {name: seen[name] for name in [*CODES, *ORDER]} == CODES | ORDER
    assert "Traceback" not in (tmp_path / "product.log").read_text()
