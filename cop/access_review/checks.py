"""The access review in the checklists of the phases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select

from cop.access_review.models import AccessReview
from cop.base import clock
from cop.base.db import db
from cop.base.words import _
from cop.society.checklists import Check, checks
from cop.society.programmes import Programme

EVERY = timedelta(days=183)


@checks("deepening", "harvest", "closing")
def reviewed(programmes: Sequence[Programme]) -> Iterator[tuple[Programme, Check]]:
    """The last access review is less than half a year ago."""
    recent = clock.now() - EVERY
    reviews = select(AccessReview.programme_id).where(
        AccessReview.programme_id.in_([one.id for one in programmes]), AccessReview.made > recent
    )
    done = set(db.session.scalars(reviews))
    for programme in programmes:
        words = _("De toegang is het laatste halfjaar nagekeken")
        yield programme, Check(words, programme.id in done, f"{programme.url}/access-review")
