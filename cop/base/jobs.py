"""Work for later: rows written in the verb's transaction, done by a worker, retried, never lost."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Integer, delete, event, select, update
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.action import transaction, writing_stopped
from cop.base.db import Base, db, is_sqlite, upsert
from cop.base.journal import BigId

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
TRIES = 12  # the last after eight and a half hours: a night without a mail server loses nothing
PAUSE = 2.0  # seconds between looks when nobody wakes the worker
HEARD = timedelta(minutes=2)  # a worker not heard of for so long counts as gone
KEPT = timedelta(days=7)  # so long a job that was done can be looked up
WORKER = "worker"  # the row of `recurring` that says until when a worker counts as alive


class Job(Base):
    """One piece of work; `state` is waiting, done or dead."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    arguments: Mapped[list]
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    due: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None]
    made: Mapped[datetime]


class Recurring(Base):
    """When a piece of recurring work is due again; the row is its lease among processes."""

    __tablename__ = "recurring"

    name: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime]


JOBS: dict[str, Callable[..., None]] = {}
SCHEDULE: dict[str, Callable[[datetime], datetime]] = {}
WRITTEN = "jobs"  # in the info of a session: its transaction wrote a job
_wake = threading.Event()


def job(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Makes a function the job `name`; it may run twice, so it asks the database what is left to do."""

    def make(run: Callable[..., None]) -> Callable[..., None]:
        JOBS[name] = run
        return run

    return make


def later(name: str, *arguments: Any, due: datetime | None = None) -> None:
    """Writes down, in the running unit, that job `name` is to be done (at `due`, else at once)."""
    assert name in JOBS, f"no job is called {name}"
    now = clock.now()
    db.session.add(Job(name=name, arguments=list(arguments), due=due or now, made=now))
    db.session().info[WRITTEN] = True


def every(name: str, next_after: Callable[[datetime], datetime]) -> None:
    """Has job `name` done again and again; `next_after(moment)` gives the next time."""
    SCHEDULE[name] = next_after


@event.listens_for(db.session, "after_commit")
def _written(session: Any) -> None:
    """Only a unit that wrote a job wakes the worker: it has to look, and that costs the others time."""
    if session.info.pop(WRITTEN, None):
        wake()


def wake() -> None:
    """Tells the worker of this process that a row is waiting."""
    _wake.set()


def _take() -> tuple[int, str, list[Any], int] | None:
    """Leases the first due job: it comes back by itself when the worker dies on it."""
    now = clock.now()
    due = select(Job.id).where(Job.state == "waiting", Job.due <= now).order_by(Job.due, Job.id).limit(1)
    if db.session.scalar(due) is None:
        return None  # a look takes no write lock
    with transaction():
        if not is_sqlite():
            due = due.with_for_update(skip_locked=True)
        id = db.session.scalar(due)
        if id is None:
            return None
        taken = db.session.execute(
            update(Job)
            .where(Job.id == id)
            .values(due=now + LEASE, tries=Job.tries + 1)
            .returning(Job.id, Job.name, Job.arguments, Job.tries)
        ).one()
        return taken.id, taken.name, taken.arguments, taken.tries


def _settle(id: int, tries: int, error: str | None) -> None:
    with transaction():
        if error is None:
            values: dict[str, Any] = {"state": "done", "error": None}
        elif tries >= TRIES:
            values = {"state": "dead", "error": error}
        else:
            values = {"due": clock.now() + timedelta(seconds=15 * 2**tries), "error": error}
        db.session.execute(update(Job).where(Job.id == id).values(**values))


def run_due(limit: int = 1000) -> int:
    """Does what is due, at most `limit` jobs, and says how many; needs an app context."""
    done = 0
    while done < limit and (taken := _take()):
        id, name, arguments, tries = taken
        error = None
        try:
            JOBS[name](*arguments)
        except Exception as failure:
            db.session.rollback()
            log.exception("job %s %s", name, id)
            error = f"{type(failure).__name__}: {failure}"[:500]
        _settle(id, tries, error)
        db.session.remove()
        done += 1
    return done


def plan() -> None:
    """Writes rows for recurring work that has come due; a conditional update lets one process win."""
    now = clock.now()
    planned = dict(db.session.execute(select(Recurring.name, Recurring.due)).all())
    for name, next_after in SCHEDULE.items():
        due = planned.get(name)
        if due is None:
            with transaction():
                if db.session.get(Recurring, name) is None:
                    db.session.add(Recurring(name=name, due=next_after(now)))
        elif due <= now:
            with transaction():
                won = db.session.execute(
                    update(Recurring).where(Recurring.name == name, Recurring.due == due).values(due=next_after(now))
                )
                if won.rowcount:  # type: ignore[attr-defined]
                    later(name)


def revive(id: int) -> None:
    """Puts a dead job back in line."""
    db.session().info[WRITTEN] = True
    db.session.execute(
        update(Job).where(Job.id == id, Job.state == "dead").values(state="waiting", tries=0, due=clock.now())
    )


def beat() -> None:
    """Says that a worker is alive; writes only when it was last said a while ago."""
    now = clock.now()
    until = db.session.scalar(select(Recurring.due).where(Recurring.name == WORKER))
    if until is None or not now + HEARD * 0.75 <= until <= now + HEARD:
        with transaction():
            upsert(Recurring, {"name": WORKER}, {"due": now + HEARD})


def alive() -> bool:
    """Whether a worker, in this process or apart, was heard of in the last minutes."""
    until = db.session.scalar(select(Recurring.due).where(Recurring.name == WORKER))
    return until is not None and until > clock.now()


@job("jobs.sweep")
def sweep() -> None:
    """Forgets the jobs that were done a week ago."""
    with transaction():
        db.session.execute(delete(Job).where(Job.state == "done", Job.due < clock.now() - KEPT))


def work(app: Flask, stop: threading.Event) -> None:
    """The worker: looks, works, waits until woken; ends when `stop` is set."""
    planned = -PAUSE
    while not stop.is_set():
        if writing_stopped():
            log.critical("the worker ends: the database was found damaged")
            return
        _wake.clear()
        done = 0
        try:
            with app.app_context():
                if time.monotonic() - planned >= PAUSE:
                    beat()
                    plan()
                    db.session.remove()
                    planned = time.monotonic()
                while done < 50 and not stop.is_set() and run_due(limit=1):
                    done += 1
        except Exception:
            log.exception("worker")
        if not done:
            _wake.wait(PAUSE)


def start_worker(app: Flask) -> Callable[[], None]:
    """Starts the worker in a thread of this process; calling what it gives ends it, after the job it is at."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(app, stop), name="worker", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        wake()
        thread.join(timeout=5)

    return end
