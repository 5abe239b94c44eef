"""Queries of operations: jobs, mail, the journal, and the state of the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from cop.base import jobs
from cop.base.db import db
from cop.base.email import Email
from cop.base.jobs import Job
from cop.base.journal import JournalEntry
from cop.society.people import Person
from cop.society.programmes import Community

SHOWN = 100  # rows of one list
BACKUP = "backed_up"  # what `cop backup` writes in the journal


def reach() -> None:
    """Read a row; raise SQLAlchemy's error when the database cannot be read."""
    db.session.scalar(select(JournalEntry.id).limit(1))


def revision() -> str | None:
    """Return the revision of the database; None before the first migration."""
    try:
        return db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except (OperationalError, ProgrammingError):  # no such table
        db.session.rollback()
        return None


def worker_alive() -> bool:
    """Return whether a worker has reported in the last minutes."""
    return jobs.alive()


def jobs_by_state() -> dict[str, int]:
    """Return how many jobs wait and how many were given up."""
    return _by_state(Job, ("waiting", "dead"))


def emails_by_state() -> dict[str, int]:
    """Return how many mails wait and how many could not be delivered."""
    return _by_state(Email, ("waiting", "failed"))


def _by_state(kind: Any, states: tuple[str, ...]) -> dict[str, int]:
    rows = db.session.execute(select(kind.state, func.count()).where(kind.state.in_(states)).group_by(kind.state))
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in states}


def dead_jobs() -> list[Job]:
    """Return the jobs that were given up, the newest first."""
    return list(db.session.scalars(select(Job).where(Job.state == "dead").order_by(Job.id.desc()).limit(SHOWN)))


def undelivered() -> list[Row[Any]]:
    """Return the mails that failed or wait after a failure, the newest first.

    Without their text: an administrator does not read what is written in a community.
    """
    return list(
        db.session.execute(
            select(
                Email.id,
                Email.kind,
                Email.address,
                Email.state,
                Email.error,
                Email.made,
                (Email.text != "").label("kept"),
            )
            .where(Email.state != "sent", (Email.state == "failed") | Email.error.is_not(None))
            .order_by(Email.id.desc())
            .limit(SHOWN)
        )
    )


def entries(*, verb: str = "", before: int | None = None, limit: int = SHOWN) -> list[Row[Any]]:
    """Return the newest entries of the journal, with the person's name; `before` is the id of the last one seen."""
    ask = (
        select(
            JournalEntry.id,
            JournalEntry.at,
            JournalEntry.verb,
            JournalEntry.person_id,
            JournalEntry.object_kind,
            JournalEntry.object_id,
            JournalEntry.community_id,
            JournalEntry.details,
            Person.name.label("person_name"),
        )
        .outerjoin(Person, Person.id == JournalEntry.person_id)
        .order_by(JournalEntry.id.desc())
        .limit(limit)
    )
    if verb:
        ask = ask.where(JournalEntry.verb == verb)
    if before is not None:
        ask = ask.where(JournalEntry.id < before)
    return list(db.session.execute(ask))


def community_names() -> dict[int, str]:
    """Return the name of each community by its id."""
    return dict(db.session.execute(select(Community.id, Community.name)).all())


def last_backup() -> datetime | None:
    """Return when the last backup was made, if the journal has one."""
    return db.session.scalar(
        select(JournalEntry.at).where(JournalEntry.verb == BACKUP).order_by(JournalEntry.id.desc()).limit(1)
    )
