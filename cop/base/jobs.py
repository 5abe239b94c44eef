"""Background jobs: rows written in the transaction of a verb, run by a worker and retried when they fail."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Integer, delete, event, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from cop.base import clock
from cop.base.action import transaction, writing_stopped
from cop.base.db import Base, db, is_sqlite, upsert
from cop.base.journal import BigId

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
TRIES = 12  # the last after eight and a half hours: a night without a mail server loses nothing
PAUSE = 2.0  # seconds between polls when nothing wakes the worker
HEARTBEAT = timedelta(minutes=2)  # a worker without a heartbeat for so long counts as gone
RETENTION = timedelta(days=7)  # of jobs that are done
WORKER = "worker"  # the row of `recurring` with the time until which a worker counts as alive


class Job(Base):
    """A background job; `state` is waiting, done or dead."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    arguments: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    due: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None]
    made: Mapped[datetime]


class Recurring(Base):
    """The time when a recurring job is due again; the row is its lease among processes."""

    __tablename__ = "recurring"

    name: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime]


JOBS: dict[str, Callable[..., None]] = {}
SCHEDULE: dict[str, Callable[[datetime], datetime]] = {}
WRITTEN = "jobs"  # in the info of a session whose transaction wrote a job
_wake = threading.Event()


def job(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function the job `name`; it may run twice, so it must ask the database what is left to do."""

    def make(run: Callable[..., None]) -> Callable[..., None]:
        JOBS[name] = run
        return run

    return make


def later(name: str, *arguments: Any, due: datetime | None = None) -> None:
    """Enqueue the job `name` in the running transaction, to run at `due`, or at once."""
    assert name in JOBS, f"no job is called {name}"
    now = clock.now()
    db.session.add(Job(name=name, arguments=list(arguments), due=due or now, made=now))
    db.session().info[WRITTEN] = True


def every(name: str, next_after: Callable[[datetime], datetime]) -> None:
    """Schedule the job `name` repeatedly; `next_after(moment)` returns the next time."""
    SCHEDULE[name] = next_after


@event.listens_for(db.session, "after_commit")
def _wake_after_commit(session: Session) -> None:
    """Wake the worker only after a transaction that wrote a job: its poll costs other requests time."""
    if session.info.pop(WRITTEN, None):
        wake()


def wake() -> None:
    """Wake the worker of this process."""
    _wake.set()


def _take() -> tuple[int, str, list[Any], int] | None:
    """Lease the first due job; it becomes due again when the worker dies."""
    now = clock.now()
    due = select(Job.id).where(Job.state == "waiting", Job.due <= now).order_by(Job.due, Job.id).limit(1)
    if db.session.scalar(due) is None:
        return None  # without a write lock
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
    """Run the jobs that are due, at most `limit`; return how many. Needs an app context."""
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
    """Enqueue the recurring jobs that are due; a conditional update lets one process win."""
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
    """Enqueue a dead job again."""
    db.session().info[WRITTEN] = True
    db.session.execute(
        update(Job).where(Job.id == id, Job.state == "dead").values(state="waiting", tries=0, due=clock.now())
    )


def beat() -> None:
    """Record that a worker is alive; write only when the last heartbeat is a while ago."""
    now = clock.now()
    until = db.session.scalar(select(Recurring.due).where(Recurring.name == WORKER))
    if until is None or not now + HEARTBEAT * 0.75 <= until <= now + HEARTBEAT:
        with transaction():
            upsert(Recurring, {"name": WORKER}, {"due": now + HEARTBEAT})


def alive() -> bool:
    """Return whether a worker of any process had a heartbeat in the last minutes."""
    until = db.session.scalar(select(Recurring.due).where(Recurring.name == WORKER))
    return until is not None and until > clock.now()


@job("jobs.sweep")
def sweep() -> None:
    """Delete the jobs that were done a week ago."""
    with transaction():
        db.session.execute(delete(Job).where(Job.state == "done", Job.due < clock.now() - RETENTION))


def work(app: Flask, stop: threading.Event) -> None:
    """Run due jobs, then wait until woken; return when `stop` is set."""
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
    """Start the worker in a thread of this process; return a function that ends it after its current job."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(app, stop), name="worker", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        wake()
        thread.join(timeout=5)

    return end
