"""Events: what a verb reports after it ran, and the listeners of other features."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Event:
    """A verb that succeeded; `result` is what the verb returned."""

    verb: str
    person: Any
    thing: Any
    result: Any


Listener = Callable[[Any], None]
_in_transaction: dict[str, list[Listener]] = defaultdict(list)
_after_commit: dict[str, list[Listener]] = defaultdict(list)


def on(*verbs: str) -> Callable[[Listener], Listener]:
    """Call the function inside the transaction of each of `verbs`: it may write rows."""
    return _register(_in_transaction, verbs)


def after(*verbs: str) -> Callable[[Listener], Listener]:
    """Call the function after the commit of each of `verbs`: for effects that cannot be rolled back."""
    return _register(_after_commit, verbs)


def _register(listeners: dict[str, list[Listener]], verbs: tuple[str, ...]) -> Callable[[Listener], Listener]:
    def register(listener: Listener) -> Listener:
        for verb in verbs:
            listeners[verb].append(listener)
        return listener

    return register


def in_transaction(verb: str) -> list[Listener]:
    """Return the listeners that write rows in the transaction of `verb`."""
    return _in_transaction[verb]


def after_commit(verb: str) -> list[Listener]:
    """Return the listeners that run after the commit of `verb`."""
    return _after_commit[verb]


def subscribed() -> set[str]:
    """Return every verb that has a listener."""
    return {verb for verb, found in [*_in_transaction.items(), *_after_commit.items()] if found}
