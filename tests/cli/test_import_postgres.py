"""`cop import` on PostgreSQL, when the run uses one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cop.base.db import db
from cop.things import ImportOrigin
from cop.threads.models import Post, Thread
from tests.cast import create_cast
from tests.cli.forum import small
from tests.cli.mails import nasty, save
from tests.databases import Databases

MEMBERS = {"anna": "anna@proef.example", "bram": "bram@proef.example"}


def test_import_again_changed_and_undone(platform: Any, tmp_path: Path, databases: Databases) -> None:
    if not databases.postgresql:
        pytest.skip("the run was asked for SQLite")
    with databases.empty("imports", tmp_path) as address:
        platform.env["COP_DATABASE_URL"] = address
        assert platform.cop("migrate").exit_code == 0
        with platform.app().app_context():
            create_cast()

        def run(forum: Any) -> Any:
            path = forum.save(tmp_path / "forum.tar.gz")
            done = platform.cop("import", "discourse", path, "--community", "een", "--json")
            assert done.exit_code == 0, done.output
            return json.loads(done.stdout)

        assert run(small(MEMBERS))["posts"] == {"new": 9}
        forum = small(MEMBERS)
        forum.rows["posts"][0]["raw"] = "Daar verbeterd"
        forum.post(105, 10, 6, 1, "Een nieuwe reactie")
        assert run(forum)["posts"] == {"changed": 1, "new": 1, "same": 8}
        mails = save(tmp_path / "lijst.mbox", nasty())
        assert platform.cop("import", "mbox", mails, "--community", "twee").exit_code == 0
        assert platform.json("import", "undo", "2")["posts"] == 1
        done = platform.json("import", "undo", "1")
        assert (done["threads"], done["kept"]) == (4, [])
        assert run(forum)["posts"] == {"restored": 10}
        with platform.app().app_context():
            keys = select(Thread.replies).join(ImportOrigin, ImportOrigin.thing_id == Thread.id)
            assert db.session.scalars(keys.where(ImportOrigin.key == "topic:10")).one() == 3
            assert db.session.scalar(select(Post.made).order_by(Post.made).limit(1))
            db.session.remove()
            db.engine.dispose()
