"""What happened: one row per verb that succeeded, chained by hash so that a removed row shows."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db
from cop.base.fast.prepared import PreparedQuery

GENESIS = "0" * 64
BigId = BigInteger().with_variant(Integer, "sqlite")


class JournalEntry(Base):
    """One thing that happened; `details` holds ids, enums and numbers, never typed text."""

    __tablename__ = "journal_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[int | None]
    object_kind: Mapped[str | None]
    object_id: Mapped[int | None]
    community_id: Mapped[int | None]
    details: Mapped[dict]
    chain: Mapped[str]


class JournalHead(Base):
    """The last link of the chain: one row, whose lock puts the writers of the journal in line."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    chain: Mapped[str]
    entries: Mapped[int]


def chain_hash(before: str, entry: dict[str, Any]) -> str:
    """The hash that ties `entry` to the one before it."""
    told = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256((before + told).encode()).hexdigest()


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


# The lock first: whoever holds the head writes the next link.
_LOCK_HEAD = PreparedQuery(
    update(JournalHead).where(JournalHead.id == 1).values(entries=JournalHead.entries + 1).returning(JournalHead.chain)
)
_MOVE_HEAD = PreparedQuery(update(JournalHead).where(JournalHead.id == 1).values(chain=bindparam("to")))
_INSERT = PreparedQuery(
    insert(JournalEntry).values(
        {c.key: bindparam(c.key, type_=c.type) for c in JournalEntry.__table__.columns if c.key != "id"}
    )
)


def write(verb: str, person: Any, thing: Any, details: dict[str, Any]) -> None:
    """Adds an entry in the running unit; `thing` is any row with an id, or None."""
    held = _LOCK_HEAD.first()
    if held is None:
        db.session.add(JournalHead(id=1, chain=GENESIS, entries=1))
        db.session.flush()
    before = held.chain if held else GENESIS
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
    """The id of the first entry at which the chain does not hold, or None when it is whole."""
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
