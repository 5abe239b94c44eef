"""A thread by Anna with a reply by Bram."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cop.base import text
from cop.society.programmes import Community
from cop.threads import actions
from cop.threads.models import Thread, posts


@pytest.fixture
def thread(app: Any, cast: Any, run_as: Any) -> SimpleNamespace:
    """Return a question by Anna (`.id`, opening post `.opening`) with a reply by Bram (`.reply`)."""
    id = run_as(
        "anna",
        actions.start,
        Community,
        cast.one,
        title="Wie belt er nog?",
        text=text.render("Na *zes* maanden?", "markdown"),
    )
    reply = run_as("bram", actions.reply, Thread, id, text=text.render("Onze huismeester.", "markdown"))
    with app.app_context():
        opening = posts(id).items[0].id
    return SimpleNamespace(id=id, opening=opening, reply=reply)
