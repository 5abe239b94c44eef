"""Listeners of this feature: what is sent in anew may bring reviewers a conflict of interest."""

from __future__ import annotations

from cop.base.events import Event, on
from cop.reviews.actions.reviewing import suggest_conflicts


@on("applications.submit")
def sent_in(event: Event) -> None:
    """Suggest a conflict to reviewers whose organisation joined the application."""
    suggest_conflicts(event.thing)
