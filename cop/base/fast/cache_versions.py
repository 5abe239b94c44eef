"""Cache versions: a random token per subject, renewed in the transaction that changes the subject.

What a process keeps in memory is keyed by the token. A counter would not do: after a rollback the next transaction would
count to the same number.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import ScalarSelect, String, event, select
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column

from cop.base.db import Base, current_session, db, upsert

CHANGED = "cache_versions"  # in the info of a session: the subjects that its transaction changed
_subjects: dict[Any, str] = {}  # table -> subject
Model = TypeVar("Model", bound=type[Base])


class CacheVersion(Base):
    """The current token of a subject."""

    __tablename__ = "cache_version"

    subject: Mapped[str] = mapped_column(String(20), primary_key=True)
    token: Mapped[str] = mapped_column(String(16))


def versioned(subject: str) -> Callable[[Model], Model]:
    """Renew the token of `subject` with every change of the model's rows."""

    def make(model: Model) -> Model:
        _subjects[model.__table__] = subject
        return model

    return make


def versioned_tables() -> set[str]:
    """Return the names of the tables that are marked `@versioned`."""
    return {table.name for table in _subjects}


def token(subject: str) -> ScalarSelect[str]:
    """Return a subquery for the token of `subject`; null until something was written."""
    return select(CacheVersion.token).where(CacheVersion.subject == subject).scalar_subquery()


@event.listens_for(db.session, "before_flush")
def _note_rows(session: Session, _context: UOWTransaction, _instances: object) -> None:
    changed = session.info.setdefault(CHANGED, set())
    for row in [*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one))]:
        if subject := _subjects.get(row.__table__):
            changed.add(subject)


@event.listens_for(db.session, "do_orm_execute")
def _note_statement(executed: ORMExecuteState) -> None:
    writes = executed.is_update or executed.is_delete or executed.is_insert
    if writes and (subject := _subjects.get(getattr(executed.statement, "table", None))):
        executed.session.info.setdefault(CHANGED, set()).add(subject)


def begin() -> None:
    """Forget what an earlier transaction of this session changed."""
    current_session().info.pop(CHANGED, None)


def has_changes() -> bool:
    """Return whether the running transaction changed a versioned table."""
    return bool(current_session().info.get(CHANGED))


def renew() -> None:
    """Renew the tokens of what was changed, as the last write of a transaction: locks are always taken in one order."""
    for subject in sorted(current_session().info.pop(CHANGED, ())):
        upsert(CacheVersion, {"subject": subject}, {"token": secrets.token_hex(8)})
