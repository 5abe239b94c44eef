"""Runs part of the benchmark in a separate process, so that it shares no interpreter with what it measures.

The part is a module that reads a plan as JSON from standard input and prints its figures as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.cores import load_cores

ROOT = Path(__file__).resolve().parents[1]


def begin(module: str, plan: Any) -> subprocess.Popen[str]:
    """Start `module` with a plan (a dataclass); `outcome` waits for it."""
    command = [sys.executable, "-m", module]
    with load_cores():
        process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(json.dumps(asdict(plan)))
    process.stdin.close()
    return process


def outcome(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a started part and return its figures; raise RuntimeError when it failed."""
    with process:
        assert process.stdout
        try:
            output = process.stdout.read()
        except BaseException:  # a signal
            process.kill()
            raise
    if process.returncode != 0:
        raise RuntimeError(f"part of the bench failed with {process.returncode}; see its output above")
    return json.loads(output)


def run(module: str, plan: Any) -> dict[str, Any]:
    """Start a part, wait for it and return its figures."""
    return outcome(begin(module, plan))


def main(plan_type: type, measure: Any) -> None:
    """Run the part itself: read its plan, print the figures `measure` returns for it."""
    print(json.dumps(asdict(measure(plan_type(**json.load(sys.stdin))))))
