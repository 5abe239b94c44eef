"""Which verbs a browser test runs by the controls of a page; tests/house/test_pressed.py reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., None])


def presses(*_verbs: str) -> Callable[[Test], Test]:
    """Say that a test presses the control of these verbs in a browser and asserts what follows."""
    return lambda test: test
