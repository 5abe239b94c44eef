"""The person who is signed in."""

from __future__ import annotations

from flask_login import current_user

from cop.society.people import Person


def viewer() -> Person:
    """Return the person who is signed in, as a row rather than as the proxy `current_user`."""
    person: Person = current_user._get_current_object()
    return person
