"""A benchmark that is ended by a signal ends its servers."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
BENCH = """
import sys
from pathlib import Path
from bench import comparison, serving

def measure():
    port = serving.free_port()
    (Path(sys.argv[1]) / "healthz").touch()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", sys.argv[1], str(port)]
    server = serving.start(command, port, {}, Path(sys.argv[1]) / "log")
    print(server.pid, flush=True)
    try:
        sys.stdin.read()
    finally:
        server.stop()

comparison.heed_signals()
measure()
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_signal_ends_the_servers(tmp_path, ending):
    command = [sys.executable, "-c", BENCH, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        server = int(process.stdout.readline())
        process.send_signal(ending)
        process.wait(60)
    end = time.monotonic() + 30
    while psutil.pid_exists(server) and psutil.Process(server).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, "the server outlives the benchmark"
        time.sleep(0.05)
