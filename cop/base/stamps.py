"""Stamps: a random word per subject, renewed in the transaction that changes it; what memory keeps is kept under one.

A counter would do but for a unit that is rolled back: the next one would count to the same number.
"""

from __future__ import annotations

import secrets
from typing import Any, TypeVar

from sqlalchemy import ScalarSelect, String, event, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base, db, upsert

TOUCHED = "stamps"  # in the info of a session: the subjects that its transaction changed
_subjects: dict[Any, str] = {}  # table → subject
Model = TypeVar("Model", bound=type[Base])


class Stamp(Base):
    """The word of a subject as it stands now."""

    __tablename__ = "stamp"

    subject: Mapped[str] = mapped_column(String(20), primary_key=True)
    word: Mapped[str] = mapped_column(String(16))


def stamped(subject: str) -> Any:
    """Has every change of the rows of a model renew the stamp of `subject`."""

    def make(model: Model) -> Model:
        _subjects[model.__table__] = subject
        return model

    return make


def word(subject: str) -> ScalarSelect[str]:
    """The stamp of `subject`, to be read along in another statement; null until something was written."""
    return select(Stamp.word).where(Stamp.subject == subject).scalar_subquery()


@event.listens_for(db.session, "before_flush")
def _rows(session: Any, _context: Any, _instances: Any) -> None:
    touched = session.info.setdefault(TOUCHED, set())
    for row in [*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one))]:
        if subject := _subjects.get(row.__table__):
            touched.add(subject)


@event.listens_for(db.session, "do_orm_execute")
def _statements(asked: Any) -> None:
    writes = asked.is_update or asked.is_delete or asked.is_insert
    if writes and (subject := _subjects.get(asked.statement.table)):
        asked.session.info.setdefault(TOUCHED, set()).add(subject)


def begin() -> None:
    """Forgets what an earlier transaction of this session changed."""
    db.session().info.pop(TOUCHED, None)


def touched() -> bool:
    """Whether the running transaction has changed what is kept under a stamp."""
    return bool(db.session().info.get(TOUCHED))


def renew() -> None:
    """Renews the stamps of all that was changed: the last of a unit, so that its locks are always taken in one order."""
    for subject in sorted(db.session().info.pop(TOUCHED, ())):
        upsert(Stamp, {"subject": subject}, {"word": secrets.token_hex(8)})
