"""Verbs: judged, run, written in the journal, told to the listeners, and committed, in one place."""

from __future__ import annotations

import functools
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

from sqlalchemy import event

from cop.base import journal, stamps
from cop.base.db import Held, db, held, in_line, writing
from cop.base.errors import Unavailable
from cop.base.words import _

log = logging.getLogger(__name__)


@dataclass
class Told:
    """A verb that succeeded, as its listeners hear it; `result` is what the verb returned."""

    verb: str
    person: Any
    thing: Any
    result: Any
    details: dict[str, Any]


@dataclass
class Unit:
    """One transaction: what was told in it, to be passed on after the commit."""

    told: list[Told] = field(default_factory=list)
    committing: bool = False


@dataclass(frozen=True)
class Verb:
    """A verb as the house knows it."""

    name: str
    run: Callable[..., Any]
    quiet: bool


VERBS: dict[str, Verb] = {}
_stopped = False
_unit: ContextVar[Unit | None] = ContextVar("unit", default=None)
_details: ContextVar[dict[str, Any] | None] = ContextVar("details", default=None)
_in_unit: dict[str, list[Callable[[Told], None]]] = defaultdict(list)
_after: dict[str, list[Callable[[Told], None]]] = defaultdict(list)


def judge(person: Any, verb: str, thing: Any) -> None:
    """Refuses; `create_app` hands the judge of `access.py` in, for the ground knows nobody."""
    raise RuntimeError("no judge was handed in")


def hand_judge(given: Callable[[Any, str, Any], None]) -> None:
    """Makes `given` the judge of every verb."""
    globals()["judge"] = given


def stop_writing() -> None:
    """Has this process store nothing more, until it is started anew: the database was found damaged."""
    globals()["_stopped"] = True


def stopped() -> bool:
    """Whether this process was told to store nothing more."""
    return _stopped


class Ahead:
    """The units that run, until the last of their listeners was told; who only reads lets them go first.

    Threads of Python share one lock evenly: four readers would make whoever writes, and all who wait for what they
    say, take five times as long (docs/decisions/0013).
    """

    LONGEST = 0.02  # seconds that one reader waits

    def __init__(self) -> None:
        self.running, self.lock, self.none = 0, Lock(), Event()
        self.none.set()

    def __enter__(self) -> None:
        with self.lock:
            self.running += 1
            self.none.clear()

    def __exit__(self, *_failure: object) -> None:
        with self.lock:
            self.running -= 1
            if not self.running:
                self.none.set()

    def let_go(self) -> None:
        """Waits for them, but not for long."""
        if self.running:
            self.none.wait(self.LONGEST)


ahead = Ahead()


@contextmanager
def unit() -> Iterator[Unit]:
    """One write transaction with the only commit; a unit inside a unit is the same unit."""
    running = _unit.get()
    if running is not None:
        yield running
        return
    with ahead:
        yield from _outermost()


def _outermost() -> Iterator[Unit]:
    if stopped():
        raise Unavailable(
            _("We kunnen nu niets opslaan. Uw tekst staat nog in dit scherm; probeer het over een minuut opnieuw.")
        )
    if db.session().in_transaction():
        db.session.rollback()  # IMMEDIATE cannot begin after a read; what was read is read anew
    unit = Unit()
    with in_line():
        yield from _transaction(unit)
    for told in unit.told:
        for listener in _after[told.verb]:
            try:
                listener(told)
            except Exception:
                # The verb is done and acknowledged; whoever missed the wire catches up from the database.
                log.exception("after %s: %s", told.verb, listener.__qualname__)


def _transaction(unit: Unit) -> Iterator[Unit]:
    mode, mine, mark = writing.set(True), None, _unit.set(unit)
    try:
        connection = db.session.connection()  # takes the write lock before anything is read
        mine = held.set(Held(connection.connection.driver_connection, connection.dialect, db.session()))
        stamps.begin()
        yield unit
        db.session.flush()
        stamps.renew()
        unit.committing = True
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        if mine is not None:
            held.reset(mine)
        _unit.reset(mark)
        writing.reset(mode)


@event.listens_for(db.session, "before_commit")
def _only_here(session: Any) -> None:
    running = _unit.get()
    if running is None or not running.committing:
        raise RuntimeError("commit outside unit(): the only commit is in cop/base/action.py")


def action(name: str, *, quiet: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a function `(person, thing, **given)` the verb `name`; a quiet one leaves no journal row."""

    def make(run: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(run)
        def verb(person: Any, thing: Any, **given: Any) -> Any:
            with unit() as running:
                judge(person, name, thing)
                details: dict[str, Any] = {}
                mark = _details.set(details)
                try:
                    result = run(person, thing, **given)
                finally:
                    _details.reset(mark)
                told = Told(name, person, thing, result, details)
                if not quiet:
                    db.session.flush()  # the ids that the journal and the listeners name
                    journal.write(name, person, thing, details)
                for listener in _in_unit[name]:
                    listener(told)
                running.told.append(told)
                return result

        assert name not in VERBS, f"{name} is already a verb"
        VERBS[name] = Verb(name, verb, quiet)
        return verb

    return make


def detail(**more: Any) -> None:
    """Adds ids, enums or numbers to what the running verb tells the journal and its listeners."""
    details = _details.get()
    assert details is not None, "detail() is called inside a verb"
    details |= more


def on(*verbs: str) -> Callable[[Callable[[Told], None]], Callable[[Told], None]]:
    """Calls the function when one of `verbs` succeeded, inside its transaction: for rows."""

    def make(listener: Callable[[Told], None]) -> Callable[[Told], None]:
        for name in verbs:
            _in_unit[name].append(listener)
        return listener

    return make


def after(*verbs: str) -> Callable[[Callable[[Told], None]], Callable[[Told], None]]:
    """Calls the function after the commit of one of `verbs`: for what cannot be rolled back."""

    def make(listener: Callable[[Told], None]) -> Callable[[Told], None]:
        for name in verbs:
            _after[name].append(listener)
        return listener

    return make


def heard() -> set[str]:
    """Every verb that somebody listens to."""
    return {name for name, listeners in [*_in_unit.items(), *_after.items()] if listeners}
