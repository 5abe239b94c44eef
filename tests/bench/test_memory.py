"""Memory and processor time count a process with its descendants."""

import os
import subprocess
import sys

import pytest

from bench.cpu import cpu_seconds
from bench.memory import pss

HUNGRY = "block = b'x' * 30_000_000; sum(range(3_000_000)); print('ready', flush=True); input()"


@pytest.fixture
def child():
    process = subprocess.Popen([sys.executable, "-c", HUNGRY], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()
    yield process
    process.communicate(b"\n")


def test_memory_includes_child_processes(child):
    assert pss(child.pid) > 30_000_000
    assert pss(os.getpid()) > pss(child.pid)


def test_processor_time_includes_child_processes(child):
    assert cpu_seconds(child.pid) > 0
    assert cpu_seconds(os.getpid()) > cpu_seconds(child.pid)
