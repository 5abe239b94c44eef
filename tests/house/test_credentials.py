"""Sessions and API tokens end in one module, which also closes their sockets."""

from __future__ import annotations

import re
from pathlib import Path

ENDS = re.compile(r"\bdelete\(\s*(?:Session|Token)\b|\bsession\.delete\((?:token|session)\b|\.epoch\s*(?:\+=|=(?!=))")
PLACES = {"cop/society/credentials.py", "cop/people/listeners.py"}  # the second deletes those that expired long ago


def test_credentials_end_in_one_module() -> None:
    found = {str(path) for path in Path("cop").rglob("*.py") if ENDS.search(path.read_text())}
    assert found <= PLACES
