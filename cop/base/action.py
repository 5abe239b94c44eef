"""Verbs and transactions: judge, run, journal, call listeners and commit, in one place."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from datetime import timedelta
from threading import Event as Flag
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.orm import Session
from werkzeug.local import LocalProxy

from cop.base import journal
from cop.base.db import CurrentConnection, current_connection, current_session, db, writer_lock, writing
from cop.base.errors import Unavailable
from cop.base.events import Event, after_commit, in_transaction
from cop.base.fast import cache_versions
from cop.base.hooks import hooks
from cop.base.words import _

UNDO_WITHIN = timedelta(days=1)  # of a verb that ends or gives access, such as leaving or accepting an application

log = logging.getLogger(__name__)

Person = TypeVar("Person")
Thing = TypeVar("Thing")
Input = ParamSpec("Input")
Result = TypeVar("Result")


@dataclass
class Transaction:
    """One write transaction and the events to publish after its commit."""

    events: list[Event] = field(default_factory=list)
    # callback -> the items collected for it, in the order of their first mention
    callbacks: dict[Callable[[list[Any]], None], dict[Hashable, None]] = field(default_factory=dict)
    committing: bool = False


@dataclass(frozen=True)
class Verb:
    """A registered verb; a quiet one writes no journal entry."""

    name: str
    run: Callable[..., Any]
    quiet: bool
    event: type[Event]


VERBS: dict[str, Verb] = {}
_write_stop = Flag()
_current: ContextVar[Transaction | None] = ContextVar("transaction", default=None)
_details: ContextVar[dict[str, Any] | None] = ContextVar("details", default=None)


def stop_writing() -> None:
    """Refuse every write of this process until it restarts: the database was found damaged."""
    _write_stop.set()


def writing_stopped() -> bool:
    """Return whether `stop_writing` was called in this process."""
    return _write_stop.is_set()


class WritePriority:
    """Write priority: a read waits up to 20 ms for running transactions and their listeners.

    Python threads share one lock evenly: four readers would make a writer, and everybody waiting for its result, five
    times slower (docs/decisions/0013).
    """

    LONGEST = 0.02  # seconds that one read waits

    def __init__(self) -> None:
        self.running, self.lock, self.idle = 0, Lock(), Flag()
        self.idle.set()

    def __enter__(self) -> None:
        with self.lock:
            self.running += 1
            self.idle.clear()

    def __exit__(self, *_failure: object) -> None:
        with self.lock:
            self.running -= 1
            if not self.running:
                self.idle.set()

    def yield_to_writers(self) -> None:
        """Wait for running transactions, at most `LONGEST` seconds."""
        if self.running:
            self.idle.wait(self.LONGEST)


write_priority = WritePriority()


@contextmanager
def transaction() -> Iterator[Transaction]:
    """Open a write transaction, or join the one that is open; only the outermost commits."""
    running = _current.get()
    if running is not None:
        yield running
        return
    with write_priority:
        yield from _outermost()


def _outermost() -> Iterator[Transaction]:
    if writing_stopped():
        raise Unavailable(
            _("We kunnen nu niets opslaan. Uw tekst staat nog in dit scherm; probeer het over een minuut opnieuw.")
        )
    if (session := db.session()).in_transaction():
        session.rollback()  # BEGIN IMMEDIATE fails after a read; what was read is read again
    opened = Transaction()
    with writer_lock():
        yield from _run(opened, session)
    for event in opened.events:
        for listener in after_commit(event):
            _run_effect(functools.partial(listener, event), f"{event.verb}: {listener.__qualname__}")
    for callback, items in opened.callbacks.items():
        _run_effect(functools.partial(callback, list(items)), callback.__qualname__)


def _run_effect(effect: Callable[[], None], name: str) -> None:
    try:
        effect()
    except Exception:
        # The verb is committed and acknowledged; a client that missed the message catches up by seq.
        log.exception("after commit: %s", name)


_settlers: list[Callable[[str], None]] = []


def on_settle(settler: Callable[[str], None]) -> Callable[[str], None]:
    """Call the function inside the transaction with the name of each verb after it ran and after its listeners ran.

    A transaction that runs no verb calls it with an empty name before it commits.
    """
    _settlers.append(settler)
    return settler


def _settle(verb: str) -> None:
    current_session().flush()
    for settler in _settlers:
        settler(verb)


def on_commit(callback: Callable[[list[Any]], None], *items: Hashable) -> None:
    """Call `callback` once after the running transaction has committed, with all items that were passed for it."""
    running = _current.get()
    assert running is not None, "on_commit() is called inside a transaction"
    running.callbacks.setdefault(callback, {}).update(dict.fromkeys(items))


def _run(opened: Transaction, session: Session) -> Iterator[Transaction]:
    mode, connection, mark = writing.set(True), None, _current.set(opened)
    try:
        lent = session.connection()  # takes the write lock before the first read
        connection = current_connection.set(CurrentConnection(lent.connection.driver_connection, lent.dialect, session))
        cache_versions.begin()
        yield opened
        _settle("")
        cache_versions.renew()
        opened.committing = True
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        if connection is not None:
            current_connection.reset(connection)
        _current.reset(mark)
        writing.reset(mode)


@sqlalchemy_event.listens_for(db.session, "before_commit")
def _refuse_other_commits(session: Any) -> None:
    running = _current.get()
    if running is None or not running.committing:
        raise RuntimeError("commit outside transaction(): the only commit is in cop/base/action.py")


def action(
    name: str, *, quiet: bool = False, event: type[Event] = Event
) -> Callable[
    [Callable[Concatenate[Person, Thing, Input], Result]], Callable[Concatenate[Person, Thing, Input], Result]
]:
    """Make a function `(person, thing, **input)` the verb `name`.

    quiet: write no journal entry. event: the dataclass that listeners receive; its own fields are filled from what the
    verb passes to `detail`.
    """

    def decorate(
        run: Callable[Concatenate[Person, Thing, Input], Result],
    ) -> Callable[Concatenate[Person, Thing, Input], Result]:
        own = {f.name for f in fields(event)} - {f.name for f in fields(Event)}

        @functools.wraps(run)
        def verb(person: Person, thing: Thing, /, *args: Input.args, **given: Input.kwargs) -> Result:
            with transaction() as running:
                person = unproxied(person)
                hooks().judge(person, name, thing)
                details: dict[str, Any] = {}
                mark = _details.set(details)
                try:
                    result = run(person, thing, *args, **given)
                finally:
                    _details.reset(mark)
                _settle(name)  # assigns the ids that the journal and the listeners name
                if not quiet:
                    journal.write(name, person, thing, details)
                known = {name: details[name] for name in own if name in details}
                happened = event(name, person, thing, result, **known)
                for listener in in_transaction(happened):
                    listener(happened)
                _settle(name)
                running.events.append(happened)
                return result

        assert name not in VERBS, f"{name} is already a verb"
        VERBS[name] = Verb(name, verb, quiet, event)
        return verb

    return decorate


def unproxied(person: Person) -> Person:
    """Return the person behind flask-login's `current_user`, which looks them up anew for each of their attributes."""
    return person._get_current_object() if isinstance(person, LocalProxy) else person


def detail(**more: Any) -> None:
    """Add ids, enums or numbers to the journal entry and the event of the running verb."""
    details = _details.get()
    assert details is not None, "detail() is called inside a verb"
    details |= more
