"""Time from `git clone` to the first page."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path

from bench.apart import ROOT
from bench.serving import HOST, Server, end_with_parent, free_port, wait_for

TIMEOUT = 600  # seconds


def seconds_to_first_page() -> float:
    """Return the seconds from `git clone` to a page of the demo, with the package caches as they are."""
    with tempfile.TemporaryDirectory(prefix="bench-clone-") as folder:
        start = time.perf_counter()
        checkout = Path(folder) / "checkout"
        subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True)
        port = free_port()
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("COP_", "VIRTUAL_ENV"))
        }
        with Path(folder, "run.log").open("wb") as log:
            process = subprocess.Popen(
                [checkout / "bin" / "run", "--port", str(port)],
                cwd=checkout,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        try:
            wait_for(f"http://{HOST}:{port}/sign-in", process, TIMEOUT)
            return time.perf_counter() - start
        finally:
            Server(process, port).stop()
