"""The collector of visits: what it stores in a thread of its own ends before the database is closed."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import event

from cop.base.db import db
from cop.society import visits as module
from cop.society.visits import visits
from tests.conftest import SeparateApp


def test_close_waits_for_a_store_that_runs(
    separate_app: SeparateApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that came back after the engine is disposed of would be left open."""
    visits.close()  # of an earlier test
    monkeypatch.setattr(module, "PAUSE", 0)
    storing = Event()
    with separate_app("visits", tmp_path) as app:
        with app.app_context():
            pool = db.engine.pool

        def store() -> None:
            with db.engine.connect():
                storing.set()
                Event().wait(0.3)

        monkeypatch.setattr(visits, "store", store)
        taken: list[str] = []
        event.listen(pool, "checkin", lambda _connection, _record: taken.append("back"))
        with app.app_context():
            visits.note(1)
        assert storing.wait(5)
        assert taken == []
        visits.close()
        assert taken == ["back"]
        assert visits.started == []
