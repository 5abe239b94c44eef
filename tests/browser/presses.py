"""Which verbs a browser test runs by the controls of a page; tests/house/test_pressed.py reads it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

# Verbs are pressed on a phone, where most has to fit; the journeys and axe see the desk too (docs/decisions/0028).
WIDTHS = [int(width) for width in os.environ.get("COP_TEST_WIDTHS", "360").split(",")]
Test = TypeVar("Test", bound=Callable[..., None])


def presses(*_verbs: str) -> Callable[[Test], Test]:
    """Say that a test presses the control of these verbs in a browser and asserts what follows."""
    return lambda test: test
