"""Undoing an import: what it brought is withdrawn, unless somebody replied to it, edited it or made something of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from cop import access
from cop.base.action import transaction
from cop.base.db import db
from cop.things import ImportOrigin, ImportRun, Thing
from cop.threads import actions, importing
from cop.threads.models import Post, Thread


@dataclass
class Undone:
    """What was withdrawn, or would be, and the addresses of what stays."""

    run: int
    dry_run: bool
    threads: int = 0
    posts: int = 0
    kept: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return everything, for `--json`."""
        return {
            "import": self.run,
            "dry_run": self.dry_run,
            "threads": self.threads,
            "posts": self.posts,
            "kept": self.kept,
            "seconds": round(self.seconds, 2),
        }


def undo(run_id: int, *, dry_run: bool) -> Undone:
    """Withdraw what an import brought, a thread at a time; killed, it can be run again."""
    began, done = time.monotonic(), Undone(run_id, dry_run)
    origin = (ImportOrigin.thing_id == Thing.id) & (ImportOrigin.run_id == run_id) & ImportOrigin.undone.is_(None)
    brought = select(Thing.id, Thing.parent_id, Thing.kind).join(ImportOrigin, origin)
    rows = db.session.execute(brought.where(Thing.kind.in_(("thread", "post"))).order_by(Thing.id.desc())).all()
    threads = {row.id for row in rows if row.kind == "thread"}
    for row in rows:
        if row.kind == "post" and row.parent_id in threads:
            continue  # goes and stays with its thread
        with transaction():
            thing: Any = db.session.get_one(Thread if row.kind == "thread" else Post, row.id)
            run = db.session.get_one(ImportRun, run_id)
            if not importing.is_untouched(thing, run):
                done.kept.append(thing.url)
                continue
            if not dry_run:
                actions.withdraw_import(access.SYSTEM, thing, run=run)
        done.threads += row.kind == "thread"
        done.posts += row.kind == "post"
        db.session.expunge_all()
    if not dry_run:
        with transaction():
            run = db.session.get_one(ImportRun, run_id)
            actions.undo_import(access.SYSTEM, run, withdrawn=done.threads + done.posts, kept=len(done.kept))
    done.seconds = time.monotonic() - began
    return done
