"""Every stream changes an element that pages name when they ask for one, so that none is sent in vain."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLASH = {"flash"}  # on every page


def test_pages_name_the_targets_of_all_streams() -> None:
    script = (ROOT / "static" / "js" / "base" / "http.js").read_text()
    named = set(re.findall(r'"([\w-]+)"', re.search(r"const TARGETS = \[(.*?)\]", script)[1]))  # type: ignore[index]
    streams = [file.read_text() for file in (ROOT / "templates").rglob("*.stream.html")]
    changed = {target for stream in streams for target in re.findall(r'target="([\w-]+)"', stream)}
    assert changed - FLASH == named
