"""Hooks: what the ground asks of the layers above it, filled in by `create_app`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app


@dataclass(frozen=True)
class Hooks:
    """Functions of the layers above; `base` imports none of them."""

    # (person, verb, thing): raise Forbidden or SignInNeeded unless the person may run the verb
    judge: Callable[[Any, str, Any], None]
    # (person, place): the last seq of a live place, or None where the person may not be
    last_seq: Callable[[Any, str], int | None]
    # the (person, session id) of the cookie or token of the current request, or None
    authenticate: Callable[[], tuple[Any, int] | None]
    # (session id): when a session, or the token of a negative id, expires; None for never
    expiry: Callable[[int], datetime | None]
    # the person with this id, with rights read again
    load_person: Callable[[int], Any]
    # (programme id): its open calls, and the documents that everybody can download (society/public.py)
    public_calls: Callable[[int], Sequence[Any]] = lambda _programme: ()
    public_documents: Callable[[int], Sequence[Any]] = lambda _programme: ()
    # the applicants of the demonstration: name, organisation, call and url of each
    demo_applicants: Callable[[], Sequence[Any]] = lambda: ()


def install_hooks(app: Flask, hooks: Hooks) -> None:
    """Give an app its hooks."""
    app.extensions["hooks"] = hooks


def hooks() -> Hooks:
    """Return the hooks of the current app."""
    found: Hooks = current_app.extensions["hooks"]
    return found
