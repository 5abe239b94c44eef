"""cop check: passes on a healthy platform and reports each fault."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from cop.base.action import transaction
from cop.base.db import db
from cop.base.files import Blob
from cop.base.journal import JournalEntry
from cop.documents import actions as documents
from cop.society.memberships import Membership
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, Programme


@pytest.fixture
def filled_platform(platform: Any) -> Any:
    """Return a platform with a member and a file."""
    store = platform.app().extensions["files"]
    platform.blob = store.keep(store.spool(io.BytesIO("één".encode()), 100, "a.txt"))
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
        for name in ("een", "twee", "drie"):
            documents.add_folder(person, community, name=name)
        documents.upload(person, community, blob=platform.blob, name="a.txt")
    return platform


def report(platform: Any, *arguments: str) -> str:
    """Return the report of a failing check."""
    done = platform.cop("check", *arguments)
    assert done.exit_code == 1, done.output
    return done.output


def test_healthy_platform_passes(filled_platform: Any) -> None:
    done = filled_platform.cop("check", "--deep")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        f"{subject}: in order" for subject in ("settings", "database", "files", "index", "journal")
    ]
    assert filled_platform.json("check") == {
        subject: [] for subject in ("settings", "database", "files", "index", "journal")
    }


def test_unknown_setting_is_reported(filled_platform: Any) -> None:
    filled_platform.env["COP_CLAMAV_URL"] = "tcp://127.0.0.1:3310"
    filled_platform.env["COP_SIET_NAME"] = "Weer thuis"
    assert report(filled_platform).splitlines()[:2] == [
        "settings: COP_CLAMAV_URL is no setting of this version, nothing reads it; files are not scanned for viruses",
        "settings: COP_SIET_NAME is no setting of this version, nothing reads it",
    ]


def test_missing_file_is_reported(filled_platform: Any) -> None:
    filled_platform.app().extensions["files"].remove(filled_platform.blob.sha256)
    assert f"files: {filled_platform.blob.sha256} is not there" in report(filled_platform)


def test_file_of_another_size_is_reported(filled_platform: Any) -> None:
    filled_platform.app().extensions["files"].path(filled_platform.blob.sha256).write_bytes(b"more than it was")
    assert f"files: {filled_platform.blob.sha256} has 16 bytes instead of 5" in report(filled_platform)


def test_changed_file_is_reported_by_the_full_check(filled_platform: Any) -> None:
    filled_platform.app().extensions["files"].path(filled_platform.blob.sha256).write_bytes(b"eiene")
    assert filled_platform.cop("check").exit_code == 0
    assert "holds other bytes" in report(filled_platform, "--deep")


def test_missing_portrait_is_reported(filled_platform: Any) -> None:
    with filled_platform.app().app_context(), transaction():
        db.session.execute(update(Person).values(photo="0" * 64))
    assert f"files: {'0' * 64} is not there" in report(filled_platform)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            update(JournalEntry).where(JournalEntry.id == 2).values(verb="folders.remove"),
            "journal: was changed at or before entry 2",
        ),
        (delete(JournalEntry).where(JournalEntry.id == 2), "journal: was changed at or before entry 3"),
        (delete(JournalEntry).where(JournalEntry.id == 4), "journal: entries at its end are gone"),
    ],
)
def test_changed_journal_is_reported(filled_platform: Any, change: Any, words: str) -> None:
    with filled_platform.app().app_context(), transaction():
        db.session.execute(change)
    assert words in report(filled_platform)


def test_dangling_foreign_key_is_reported(filled_platform: Any) -> None:
    with filled_platform.app().app_context():
        connection = db.engine.raw_connection()
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("UPDATE person SET organisation_id = 99")
        connection.invalidate()
    assert "database: row 1 of person refers to a row of organisation that is not there" in report(filled_platform)


def test_damaged_database_is_reported(filled_platform: Any) -> None:
    with filled_platform.app().app_context(), transaction():
        db.session.add_all(Organisation(kind="care", name=f"Zorg {n} {'x' * 500}") for n in range(200))
    filled_platform.spoil()
    assert "database:" in report(filled_platform)


@pytest.mark.parametrize(
    "harm",
    [
        lambda raw: raw[: len(raw) // 3],
        lambda raw: b"\xff" * 200 + raw[200:],
        lambda raw: raw[:4096] + b"\xff" * 40 + raw[4136:],
    ],
    ids=["cut off", "head overwritten", "40 bytes overwritten"],
)
def test_damaged_database_file_is_reported(filled_platform: Any, harm: Any) -> None:
    filled_platform.spoil(harm)
    assert "database:" in report(filled_platform)
    done = filled_platform.cop("run", "--port", "1")
    assert done.exit_code == 1
    assert "the database is damaged" in done.output


def test_missing_migration_is_reported(filled_platform: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cop.cli.migrate.head", lambda: "20991231_later")
    assert "this code wants 20991231_later; run `cop migrate`" in report(filled_platform)


def test_missing_database_is_reported(filled_platform: Any, tmp_path: Any) -> None:
    filled_platform.env["COP_DATABASE_URL"] = f"sqlite:///{tmp_path}/nowhere/cop.sqlite3"
    assert "database: cannot be read" in report(filled_platform)


def test_invalid_settings_are_reported(filled_platform: Any) -> None:
    filled_platform.env |= {"COP_MODE": "production", "COP_SECRET_KEY": "short"}
    done = filled_platform.cop("check")
    assert done.exit_code != 0
    assert "COP_SECRET_KEY" in str(done.exception)


def test_check_changes_nothing(filled_platform: Any) -> None:
    filled_platform.cop("check", "--deep")
    with filled_platform.app().app_context():
        assert len(db.session.scalars(select(JournalEntry)).all()) == 4
        assert isinstance(filled_platform.blob, Blob)
        assert db.session.execute(text("SELECT count(*) FROM email")).scalar() == 0
