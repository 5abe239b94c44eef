"""The journal: an append-only log with one row per verb that succeeded, chained by hash so that a removed row shows."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Index, Integer, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db
from cop.base.fast.prepared import PreparedWrite

GENESIS = "0" * 64
BigId = BigInteger().with_variant(Integer, "sqlite")


class JournalEntry(Base):
    """A verb that succeeded; `details` holds ids, enums and numbers, never typed text."""

    __tablename__ = "journal_entry"
    __table_args__ = (Index("ix_journal_entry_community", "community_id", "verb", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[int | None]
    object_kind: Mapped[str | None]
    object_id: Mapped[int | None]
    community_id: Mapped[int | None]
    details: Mapped[dict[str, Any]]
    chain: Mapped[str]


class JournalHead(Base):
    """The last hash of the chain: one row, whose lock makes the writers of the journal wait for each other."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str]
    entries: Mapped[int]


def chain_hash(before: str, entry: dict[str, Any]) -> str:
    """Return the hash that ties `entry` to the one before it."""
    canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((before + canonical).encode()).hexdigest()


def _payload(
    at: datetime,
    verb: str,
    person: int | None,
    kind: str | None,
    id: int | None,
    community: int | None,
    details: dict[str, Any],
) -> dict[str, Any]:
    return {
        "at": clock.rfc3339(at),
        "verb": verb,
        "person": person,
        "kind": kind,
        "id": id,
        "community": community,
        "details": details,
    }


class _Head(NamedTuple):
    chain: str


# Executed first: it locks the head, so that the next entry of the chain is written by one transaction at a time.
_LOCK_HEAD = PreparedWrite(
    update(JournalHead).where(JournalHead.id == 1).values(entries=JournalHead.entries + 1).returning(JournalHead.chain),
    row=_Head,
)
_MOVE_HEAD = PreparedWrite(update(JournalHead).where(JournalHead.id == 1).values(chain=bindparam("to")))
_INSERT = PreparedWrite(
    insert(JournalEntry).values(
        {c.key: bindparam(c.key, type_=c.type) for c in JournalEntry.__table__.columns if c.key != "id"}
    )
)


def write(verb: str, person: Any, thing: Any, details: dict[str, Any]) -> None:
    """Add an entry in the running transaction; `thing` is any row with an id, or None."""
    head = _LOCK_HEAD.first()
    if head is None:
        db.session.add(JournalHead(id=1, chain=GENESIS, entries=1))
        db.session.flush()
    before = head.chain if head else GENESIS
    at, kind = clock.now(), type(thing).__name__.lower() if thing is not None else None
    community = thing.id if kind == "community" else getattr(thing, "community_id", None)
    row = _payload(at, verb, getattr(person, "id", None), kind, getattr(thing, "id", None), community, details)
    chain = chain_hash(before, row)
    _INSERT.run(
        at=at,
        verb=verb,
        person_id=row["person"],
        object_kind=row["kind"],
        object_id=row["id"],
        community_id=community,
        details=details,
        chain=chain,
    )
    _MOVE_HEAD.run(to=chain)


def first_broken_entry() -> int | None:
    """Return the id of the first entry where the chain is broken (0: at its end), or None where it is intact."""
    before, count = GENESIS, 0
    for entry in db.session.scalars(select(JournalEntry).order_by(JournalEntry.id)).yield_per(1000):
        row = _payload(
            entry.at, entry.verb, entry.person_id, entry.object_kind, entry.object_id, entry.community_id, entry.details
        )
        if entry.chain != chain_hash(before, row):
            return entry.id
        before, count = entry.chain, count + 1
    head = db.session.get(JournalHead, 1)
    if head and (head.chain != before or head.entries != count):
        return 0
    return None
