"""A platform with a Redis setting but without the library reports so and does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from cop import create_app
from cop.config import Misconfigured
from tests.conftest import settings


def test_missing_library_prevents_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cop.base.live.server.find_spec", lambda name: None)
    with pytest.raises(Misconfigured, match="redis"):
        create_app(settings(tmp_path, redis_url="redis://localhost:6379/0"))
