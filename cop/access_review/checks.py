"""The access review in the checklists of the phases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cop.access_review.models import last_review
from cop.base import clock
from cop.base.words import _
from cop.society.checklists import Check, checks
from cop.society.programmes import Programme

EVERY = timedelta(days=183)


@checks("deepening", "harvest", "closing")
def reviewed(programme: Programme) -> Iterator[Check]:
    """The last access review is less than half a year ago."""
    last = last_review(programme.id)
    done = last is not None and last.made > clock.now() - EVERY
    yield Check(_("De toegang is het laatste halfjaar nagekeken"), done, f"{programme.url}/access-review")
