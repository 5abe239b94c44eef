"""The vendored files match the lock file and stay within the size budget."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "static" / "vendor"


def test_vendored_files_match_their_checksums() -> None:
    sums = dict(reversed(line.split()) for line in (VENDOR / "CHECKSUMS").read_text().splitlines())
    found = {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in sums}
    assert found == sums
    assert {path.relative_to(ROOT).as_posix() for path in VENDOR.glob("*.js")} <= sums.keys()


def test_versions_are_pinned_without_a_registry() -> None:
    wanted = json.loads((VENDOR / "src" / "package.json").read_text())["dependencies"]
    packages = json.loads((VENDOR / "src" / "package-lock.json").read_text())["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [path for path, package in packages.items() if "resolved" in package] == []
    assert [path for path, package in packages.items() if path and "integrity" not in package] == []
    tiptap = [path for path in packages if path.startswith("node_modules/@tiptap/")]
    assert len({packages[path]["version"] for path in tiptap}) == 1


def test_libraries_of_a_page_stay_within_the_budget() -> None:
    weight = sum(len(gzip.compress((VENDOR / name).read_bytes(), 6)) for name in ("turbo.js", "socket.io.js"))
    assert weight <= 42_000
