"""cop backup and cop restore: a backup of a running platform restores all acknowledged data, or nothing."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from cop.base import jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.base.text import render
from cop.cli import holdings
from cop.documents import actions as documents
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.things import COPIES, Picture
from cop.threads import actions
from cop.threads.models import Post, Thread


@pytest.fixture
def filled_platform(platform: Any) -> Any:
    """Return a platform with a member, a thread and a file."""
    with platform.app().app_context(), transaction():
        programme = Programme(slug="proef", name="Proef")
        db.session.add(programme)
        db.session.flush()
        community = Community(programme_id=programme.id, slug="een", name="Eerste kring")
        person = Person(mail="anna@proef.example", name="Anna Adem", state="active")
        db.session.add_all([community, person])
        db.session.flush()
        db.session.add(Membership(person_id=person.id, community_id=community.id, role="member"))
        db.session.flush()
        platform.thread = actions.start(person, community, title="Gesprek", text=render("Begin", "plain")).id
        store = platform.app().extensions["files"]
        blob = store.keep(store.spool(io.BytesIO("één".encode()), 100, "a.txt"))
        platform.file = documents.upload(person, community, blob=blob, name="a.txt").id
    return platform


def post_reply(platform: Any, words: str) -> int:
    """Post in the thread of the platform and return the id once it is committed."""
    with transaction():
        thread = db.session.get_one(Thread, platform.thread)
        person = db.session.scalars(select(Person)).one()
        post = actions.reply(person, thread, text=render(words, "plain"))
    return post.id


def test_restore_brings_everything_back(filled_platform: Any, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    assert filled_platform.cop("backup", archive).exit_code == 0
    assert archive.stat().st_mode & 0o077 == 0
    with filled_platform.app().app_context(), db.engine.connect() as connection:
        before = holdings.counts(connection)
    filled_platform.move(tmp_path / "other")
    done = filled_platform.cop("restore", archive)
    assert done.exit_code == 0, done.output
    app = filled_platform.app()
    with app.app_context(), db.engine.connect() as connection:
        assert holdings.counts(connection) == before | {"journal_entry": before["journal_entry"] - 1}
        [blob] = holdings.blobs(connection)
        with app.extensions["files"].open(blob.sha256) as content:
            assert content.read() == "één".encode()
    assert filled_platform.cop("check", "--deep").exit_code == 0


def bytes_of(store: Any, sha256: str) -> bytes:
    """Return stored bytes."""
    with store.open(sha256) as content:
        return bytes(content.read())


def test_restore_brings_pictures_and_their_copies_back(filled_platform: Any, tmp_path: Path) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (2000, 1500), "teal").save(photo, "JPEG")
    photo.seek(0)
    with filled_platform.app().app_context():
        store = filled_platform.app().extensions["files"]
        with transaction():
            blob = store.keep(store.spool(photo, 1_000_000, "gevel.jpg"))
            person, community = db.session.scalars(select(Person)).one(), db.session.scalars(select(Community)).one()
            id = documents.upload(person, community, blob=blob, name="gevel.jpg").id
        jobs.run_due()
        picture = db.session.get_one(Picture, id)
        before = {name: getattr(picture, name) for name in COPIES.values()}
        contents = {digest: bytes_of(store, digest) for digest in [blob.sha256, *before.values()]}
        assert len(contents) == 1 + len(COPIES)
    assert filled_platform.cop("backup", tmp_path / "backup.tar.gz").exit_code == 0
    filled_platform.move(tmp_path / "other")
    done = filled_platform.cop("restore", tmp_path / "backup.tar.gz")
    assert done.exit_code == 0, done.output
    with filled_platform.app().app_context():
        store, picture = filled_platform.app().extensions["files"], db.session.get_one(Picture, id)
        assert {name: getattr(picture, name) for name in COPIES.values()} == before
        assert {digest: bytes_of(store, digest) for digest in contents} == contents
    assert filled_platform.cop("check", "--deep").exit_code == 0


def test_backup_holds_everything_acknowledged_before_it(filled_platform: Any, tmp_path: Path) -> None:
    archive, stop, acknowledged = tmp_path / "backup.tar.gz", threading.Event(), []
    app = filled_platform.app()

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                acknowledged.append(post_reply(filled_platform, f"bericht {len(acknowledged)}"))

    writer = threading.Thread(target=write)
    writer.start()
    while len(acknowledged) < 20:
        time.sleep(0.01)
    before = list(acknowledged)
    assert filled_platform.cop("backup", archive).exit_code == 0
    during = len(acknowledged)
    stop.set()
    writer.join()
    assert during > len(before), "nobody wrote during the backup"
    filled_platform.move(tmp_path / "other")
    assert filled_platform.cop("restore", archive).exit_code == 0
    with filled_platform.app().app_context():
        assert set(before) <= set(db.session.scalars(select(Post.id)))


def test_backup_is_journalled(filled_platform: Any, tmp_path: Path) -> None:
    filled_platform.cop("backup", tmp_path / "backup.tar.gz")
    with filled_platform.app().app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.verb == "backed_up")).one()
        assert entry.details == {"files": 1, "bytes": 5}


def test_backup_names_a_lost_file(filled_platform: Any, tmp_path: Path) -> None:
    with filled_platform.app().app_context(), db.engine.connect() as connection:
        [blob] = holdings.blobs(connection)
    filled_platform.app().extensions["files"].remove(blob.sha256)
    done = filled_platform.cop("backup", tmp_path / "backup.tar.gz")
    assert done.exit_code == 1
    assert blob.sha256 in done.output
    filled_platform.move(tmp_path / "other")
    done = filled_platform.cop("restore", tmp_path / "backup.tar.gz")
    assert done.exit_code == 1
    assert f"files: {blob.sha256} is not there" in done.output


def test_restore_needs_an_empty_data_folder(filled_platform: Any, tmp_path: Path) -> None:
    filled_platform.cop("backup", tmp_path / "backup.tar.gz")
    done = filled_platform.cop("restore", tmp_path / "backup.tar.gz")
    assert done.exit_code == 1
    assert "already has tables" in done.output


def changed(archive: Path, name: str, body: bytes) -> None:
    """Write a copy with other bytes for the parts whose name starts with this prefix."""
    with tarfile.open(archive) as before:
        parts = [(part, before.extractfile(part).read()) for part in before]  # type: ignore[union-attr]
    with tarfile.open(archive, "w:gz") as after:
        for part, content in parts:
            put = body if part.name.startswith(name) else content
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
    filled_platform: Any, tmp_path: Path, name: str, body: bytes, words: str
) -> None:
    archive = tmp_path / "backup.tar.gz"
    filled_platform.cop("backup", archive)
    changed(archive, name, body)
    filled_platform.move(tmp_path / "other")
    done = filled_platform.cop("restore", archive)
    assert done.exit_code == 1
    assert words in done.output
    app = filled_platform.app()
    assert list(app.extensions["files"].each()) == []
    with app.app_context():
        assert not db.inspect(db.engine).get_table_names()


def test_restore_of_a_truncated_backup_leaves_nothing(filled_platform: Any, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    filled_platform.cop("backup", archive)
    archive.write_bytes(archive.read_bytes()[:-2000])
    filled_platform.move(tmp_path / "other")
    assert filled_platform.cop("restore", archive).exit_code == 1
    assert list(filled_platform.app().extensions["files"].each()) == []


def test_damaged_database_is_not_backed_up(filled_platform: Any, tmp_path: Path) -> None:
    filled_platform.spoil()
    done = filled_platform.cop("backup", tmp_path / "backup.tar.gz")
    assert done.exit_code == 1
    assert not (tmp_path / "backup.tar.gz").exists()


def test_restore_names_a_link_in_the_archive(filled_platform: Any, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    filled_platform.cop("backup", archive)
    with tarfile.open(archive) as before:
        parts = [(part, before.extractfile(part).read()) for part in before]  # type: ignore[union-attr]
    with tarfile.open(archive, "w:gz") as after:
        for part, content in parts:
            after.addfile(part, io.BytesIO(content))
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        after.addfile(link)
    filled_platform.move(tmp_path / "other")
    done = filled_platform.cop("restore", archive)
    assert done.exit_code == 1
    assert "a link or folder" in done.output
    assert list(filled_platform.app().extensions["files"].each()) == []


def test_restore_leaves_out_a_file_that_the_database_does_not_name(filled_platform: Any, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    filled_platform.cop("backup", archive)
    body = b"foreign"
    name = hashlib.sha256(body).hexdigest()
    with tarfile.open(archive) as before:
        parts = [(part, before.extractfile(part).read()) for part in before]  # type: ignore[union-attr]
    with tarfile.open(archive, "w:gz") as after:
        for part, content in parts:
            if part.name.startswith("manifest"):
                contents = json.loads(content)
                contents["files"] += 1
                content = json.dumps(contents).encode()
                part.size = len(content)
            after.addfile(part, io.BytesIO(content))
        foreign = tarfile.TarInfo(f"files/{name}")
        foreign.size = len(body)
        after.addfile(foreign, io.BytesIO(body))
    filled_platform.move(tmp_path / "other")
    done = filled_platform.cop("restore", archive)
    assert done.exit_code == 1
    assert f"{name} was left out" in done.output
    assert name not in filled_platform.app().extensions["files"].each()


def test_clock_of_a_demonstration_stays_out_elsewhere(filled_platform: Any, tmp_path: Path) -> None:
    (Path(filled_platform.env["COP_DATA"]) / "demo-clock").write_text("864000")
    archive = tmp_path / "backup.tar.gz"
    filled_platform.cop("backup", archive)
    filled_platform.move(tmp_path / "other")
    assert filled_platform.cop("restore", archive).exit_code == 0
    assert not (tmp_path / "other" / "demo-clock").exists()
