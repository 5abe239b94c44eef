"""Stamps: a random word per subject, renewed in the transaction that changes it; what memory keeps is kept under one.

A counter would do but for a unit that is rolled back: the next one would count to the same number.
"""

from __future__ import annotations

import secrets
from typing import Any, TypeVar

from sqlalchemy import ScalarSelect, String, event, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base, db, upsert

CHANGED = "cache_versions"  # in the info of a session: the subjects that its transaction changed
_subjects: dict[Any, str] = {}  # table → subject
Model = TypeVar("Model", bound=type[Base])


class CacheVersion(Base):
    """The word of a subject as it stands now."""

    __tablename__ = "cache_version"

    subject: Mapped[str] = mapped_column(String(20), primary_key=True)
    token: Mapped[str] = mapped_column(String(16))


def versioned(subject: str) -> Any:
    """Has every change of the rows of a model renew the stamp of `subject`."""

    def make(model: Model) -> Model:
        _subjects[model.__table__] = subject
        return model

    return make


def token(subject: str) -> ScalarSelect[str]:
    """The stamp of `subject`, to be read along in another statement; null until something was written."""
    return select(CacheVersion.token).where(CacheVersion.subject == subject).scalar_subquery()


@event.listens_for(db.session, "before_flush")
def _rows(session: Any, _context: Any, _instances: Any) -> None:
    has_changes = session.info.setdefault(CHANGED, set())
    for row in [*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one))]:
        if subject := _subjects.get(row.__table__):
            has_changes.add(subject)


@event.listens_for(db.session, "do_orm_execute")
def _statements(asked: Any) -> None:
    writes = asked.is_update or asked.is_delete or asked.is_insert
    if writes and (subject := _subjects.get(asked.statement.table)):
        asked.session.info.setdefault(CHANGED, set()).add(subject)


def begin() -> None:
    """Forgets what an earlier transaction of this session changed."""
    db.session().info.pop(CHANGED, None)


def has_changes() -> bool:
    """Whether the running transaction has changed what is kept under a stamp."""
    return bool(db.session().info.get(CHANGED))


def renew() -> None:
    """Renews the stamps of all that was changed: the last of a unit, so that its locks are always taken in one order."""
    for subject in sorted(db.session().info.pop(CHANGED, ())):
        upsert(CacheVersion, {"subject": subject}, {"token": secrets.token_hex(8)})
