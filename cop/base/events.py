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
Topic = str | type[Event]  # a verb, or every verb that reports this class of event
Listeners = defaultdict[Topic, list[Listener]]
_in_transaction: Listeners = defaultdict(list)
_after_commit: Listeners = defaultdict(list)


def on(*topics: Topic) -> Callable[[Listener], Listener]:
    """Call the function inside the transaction of each of these verbs or events: it may write rows."""
    return _register(_in_transaction, topics)


def after(*topics: Topic) -> Callable[[Listener], Listener]:
    """Call the function after the commit of each of these verbs or events: for effects that cannot be rolled back."""
    return _register(_after_commit, topics)


def _register(listeners: Listeners, topics: tuple[Topic, ...]) -> Callable[[Listener], Listener]:
    def register(listener: Listener) -> Listener:
        for topic in topics:
            listeners[topic].append(listener)
        return listener

    return register


def in_transaction(event: Event) -> list[Listener]:
    """Return the listeners that write rows in the transaction of an event."""
    return _in_transaction[event.verb] + _in_transaction[type(event)]


def after_commit(event: Event) -> list[Listener]:
    """Return the listeners that run after the commit of an event."""
    return _after_commit[event.verb] + _after_commit[type(event)]


def subscribed() -> set[str]:
    """Return every verb that has a listener of its own."""
    return {
        topic for each in (_in_transaction, _after_commit) for topic in each if isinstance(topic, str) and each[topic]
    }
