"""Runs a part of the bench in a process of its own, so that it shares no interpreter with what it measures.

The part is a module that answers JSON on standard output to JSON on standard input.
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
    """Start `module` on a plan (a dataclass); `outcome` waits for it."""
    command = [sys.executable, "-m", module]
    with load_cores():
        process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(json.dumps(asdict(plan)))
    process.stdin.close()
    return process


def outcome(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a part that was begun and give what it measured."""
    with process:
        assert process.stdout
        answer = process.stdout.read()
    if process.returncode != 0:
        raise RuntimeError(f"part of the bench failed with {process.returncode}; its words stand above")
    return json.loads(answer)


def run(module: str, plan: Any) -> dict[str, Any]:
    """Start a part and wait for what it measured."""
    return outcome(begin(module, plan))


def answer(plan_type: type, measure: Any) -> None:
    """The part's own side: read its plan, print what `measure` makes of it."""
    print(json.dumps(asdict(measure(plan_type(**json.load(sys.stdin))))))
