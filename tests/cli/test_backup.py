"""cop backup and cop restore: all that was acknowledged comes back, from a platform in use, or nothing does."""

from __future__ import annotations

import io
import tarfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.base.text import render
from cop.cli import holdings
from cop.documents import actions as documents
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.threads import actions
from cop.threads.models import Post, Thread


@pytest.fixture
def used(place: Any) -> Any:
    """A platform with a member, a thread and a file."""
    with place.app().app_context(), transaction():
        programme = Programme(slug="proef", name="Proef")
        db.session.add(programme)
        db.session.flush()
        community = Community(programme_id=programme.id, slug="een", name="Eerste kring")
        person = Person(mail="anna@proef.example", name="Anna Adem", state="active")
        db.session.add_all([community, person])
        db.session.flush()
        db.session.add(Membership(person_id=person.id, community_id=community.id, role="member"))
        db.session.flush()
        place.thread = actions.start(person, community, title="Gesprek", text=render("Begin", "plain")).id
        store = place.app().extensions["files"]
        blob = store.keep(store.spool(io.BytesIO("één".encode()), 100, "a.txt"))
        place.file = documents.upload(person, community, blob=blob, name="a.txt").id
    return place


def say(place: Any, words: str) -> int:
    """Posts in the thread of the platform and gives the id once that is committed."""
    with transaction():
        thread = db.session.get_one(Thread, place.thread)
        person = db.session.scalars(select(Person)).one()
        post = actions.reply(person, thread, text=render(words, "plain"))
    return post.id


def test_restore_brings_everything_back(used: Any, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    assert used.cop("backup", archive).exit_code == 0
    assert archive.stat().st_mode & 0o077 == 0
    with used.app().app_context(), db.engine.connect() as connection:
        before = holdings.counts(connection)
    used.move(tmp_path / "other")
    done = used.cop("restore", archive)
    assert done.exit_code == 0, done.output
    app = used.app()
    with app.app_context(), db.engine.connect() as connection:
        assert holdings.counts(connection) == before | {"journal_entry": before["journal_entry"] - 1}
        [blob] = holdings.blobs(connection)
        with app.extensions["files"].open(blob.sha256) as kept:
            assert kept.read() == "één".encode()
    assert used.cop("check", "--deep").exit_code == 0


def test_backup_holds_everything_acknowledged_before_it(used: Any, tmp_path: Path) -> None:
    archive, stop, acknowledged = tmp_path / "backup.tar.gz", threading.Event(), []
    app = used.app()

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                acknowledged.append(say(used, f"bericht {len(acknowledged)}"))

    writer = threading.Thread(target=write)
    writer.start()
    while len(acknowledged) < 20:
        time.sleep(0.01)
    before = list(acknowledged)
    assert used.cop("backup", archive).exit_code == 0
    during = len(acknowledged)
    stop.set()
    writer.join()
    assert during > len(before), "nobody wrote during the backup"
    used.move(tmp_path / "other")
    assert used.cop("restore", archive).exit_code == 0
    with used.app().app_context():
        assert set(before) <= set(db.session.scalars(select(Post.id)))


def test_backup_is_journalled(used: Any, tmp_path: Path) -> None:
    used.cop("backup", tmp_path / "backup.tar.gz")
    with used.app().app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.verb == "backed_up")).one()
        assert entry.details == {"files": 1, "bytes": 5}


def test_backup_names_a_lost_file(used: Any, tmp_path: Path) -> None:
    with used.app().app_context(), db.engine.connect() as connection:
        [blob] = holdings.blobs(connection)
    used.app().extensions["files"].remove(blob.sha256)
    done = used.cop("backup", tmp_path / "backup.tar.gz")
    assert done.exit_code == 1
    assert blob.sha256 in done.output
    used.move(tmp_path / "other")
    done = used.cop("restore", tmp_path / "backup.tar.gz")
    assert done.exit_code == 1
    assert f"files: {blob.sha256} is not there" in done.output


def test_restore_needs_an_empty_data_folder(used: Any, tmp_path: Path) -> None:
    used.cop("backup", tmp_path / "backup.tar.gz")
    done = used.cop("restore", tmp_path / "backup.tar.gz")
    assert done.exit_code == 1
    assert "already has tables" in done.output


def changed(archive: Path, name: str, body: bytes) -> None:
    """Writes other bytes for the parts whose name begins so."""
    with tarfile.open(archive) as before:
        parts = [(part, before.extractfile(part).read()) for part in before]  # type: ignore[union-attr]
    with tarfile.open(archive, "w:gz") as after:
        for part, kept in parts:
            put = body if part.name.startswith(name) else kept
            part.size = len(put)
            after.addfile(part, io.BytesIO(put))


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("database", b"other", "not the one that was packed"),
        ("files/", b"other", "was changed"),
        ("manifest", b"{}", "no backup of this product"),
    ],
)
def test_restore_of_a_changed_backup_leaves_nothing(
    used: Any, tmp_path: Path, name: str, body: bytes, words: str
) -> None:
    archive = tmp_path / "backup.tar.gz"
    used.cop("backup", archive)
    changed(archive, name, body)
    used.move(tmp_path / "other")
    done = used.cop("restore", archive)
    assert done.exit_code == 1
    assert words in done.output
    app = used.app()
    assert list(app.extensions["files"].each()) == []
    with app.app_context():
        assert not db.inspect(db.engine).get_table_names()


def test_restore_of_a_truncated_backup_leaves_nothing(used: Any, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    used.cop("backup", archive)
    archive.write_bytes(archive.read_bytes()[:-2000])
    used.move(tmp_path / "other")
    assert used.cop("restore", archive).exit_code == 1
    assert list(used.app().extensions["files"].each()) == []


def test_damaged_database_is_not_backed_up(used: Any, tmp_path: Path) -> None:
    used.spoil()
    done = used.cop("backup", tmp_path / "backup.tar.gz")
    assert done.exit_code == 1
    assert not (tmp_path / "backup.tar.gz").exists()
