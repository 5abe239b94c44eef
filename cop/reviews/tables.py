"""The team's table of a call: applications with their scores, and the composition of what was sent in."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cop.base.db import db
from cop.base.questionnaires import newest_version
from cop.intake.finding import without_conflicts
from cop.intake.models import Application, Call, Decision, Review
from cop.reviews.actions.reviewing import weighted
from cop.society.people import Person

FINISHED = ("done", "abstained")


@dataclass
class Row:
    """An application in the table; median and spread are of the reviews that are done."""

    id: int
    reference: str
    title: str
    state: str
    kinds: list[str]
    region: str
    submitted: datetime | None
    extension: datetime | None
    announced_outcome: str | None
    outcome: str
    rank: int | None
    shortlisted: bool
    mail_state: str
    note: str
    scores: list[float] = field(default_factory=list)
    done: int = 0
    abstained: int = 0
    assigned: int = 0
    double: bool = False  # a municipality that leads another application too

    @property
    def url(self) -> str:
        return f"/applications/{self.reference}"

    @property
    def median(self) -> float | None:
        return statistics.median(self.scores) if self.scores else None

    @property
    def spread(self) -> float | None:
        return max(self.scores) - min(self.scores) if len(self.scores) > 1 else None

    @property
    def missing(self) -> int:
        """How many assigned reviews are not finished."""
        return self.assigned - self.done - self.abstained


def table(person: Person, call: Call, filters: dict[str, Any] | None = None) -> list[Row]:
    """Return the applications of a call that a member of its team may see, in three statements."""
    query = (
        select(
            Application.id,
            Application.reference,
            Application.title,
            Application.state,
            Application.kinds,
            Application.region,
            Application.submitted,
            Application.extension,
            Application.outcome.label("announced_outcome"),
            Decision.outcome,
            Decision.rank,
            Decision.shortlisted,
            Decision.mail_state,
            Decision.note,
        )
        .join(Decision, Decision.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            Application.state.not_in(("unverified", "erased")),
            without_conflicts(person),
        )
    )
    rows = {row.id: Row(**row._mapping) for row in db.session.execute(query)}
    _add_scores(call, rows)
    leads = Counter(row.region for row in rows.values() if row.region and row.state == "submitted")
    for row in rows.values():
        row.double = row.state == "submitted" and leads[row.region] > 1
    return _sorted(_filtered(list(rows.values()), filters or {}), (filters or {}).get("sort", "median"))


def _add_scores(call: Call, rows: dict[int, Row]) -> None:
    form = newest_version(call.questionnaire_id).parsed
    reviews = (
        select(Review.application_id, Review.state, Review.scores)
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call.id, Review.state != "conflict")
    )
    for review in db.session.execute(reviews):
        row = rows.get(review.application_id)
        if row is None:
            continue
        row.assigned += 1
        row.done += review.state == "done"
        row.abstained += review.state == "abstained"
        score = weighted(form, review.scores) if review.state == "done" else None
        if score is not None:
            row.scores.append(score)


def _filtered(rows: Sequence[Row], filters: dict[str, Any]) -> list[Row]:
    return [
        row
        for row in rows
        if (not filters.get("state") or row.state == filters["state"])
        and (not filters.get("outcome") or row.outcome == filters["outcome"])
        and (not filters.get("kind") or filters["kind"] in row.kinds)
        and (not filters.get("shortlisted") or row.shortlisted)
    ]


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    """Return rows in order; when somebody sent in never decides."""
    by_name = sorted(rows, key=lambda row: ((row.title or row.reference).casefold(), row.reference))
    match sort:
        case "median":
            return sorted(by_name, key=lambda row: -(row.median or 0))
        case "spread":
            return sorted(by_name, key=lambda row: -(row.spread or 0))
        case "received":
            return sorted(by_name, key=lambda row: (row.submitted is None, row.submitted))
    return by_name


def composition(rows: Sequence[Row]) -> dict[str, int]:
    """Return how many of these applications have an organisation of each kind."""
    return dict(Counter(kind for row in rows for kind in row.kinds))


SHOWN = (
    "reference", "title", "state", "kinds", "region", "submitted", "median", "spread", "done", "assigned", "outcome"
)  # fmt: skip


def table_out(rows: Sequence[Row], compared: Sequence[Row]) -> dict[str, Any]:
    """Return the table in the API, with the composition of `compared`."""
    return {
        "items": [{name: getattr(row, name) for name in SHOWN} for row in rows],
        "composition": composition(compared),
    }


def may_see_others(review: Review) -> bool:
    """Return whether a reviewer may see the reviews of others of the same application."""
    match review.call.blindness:
        case "always":
            return True
        case "after_own":
            return review.state in FINISHED
    if review.call.round_closed is not None:
        return True
    open_ones = select(Review.id).where(
        Review.application_id == review.application_id, Review.state.not_in((*FINISHED, "conflict"))
    )
    return review.state in FINISHED and db.session.scalar(open_ones.limit(1)) is None


def others_of(review: Review) -> list[Review]:
    """Return the finished reviews of others that a reviewer may see: one condition for every page and format."""
    if not may_see_others(review):
        return []
    query = select(Review).where(
        Review.application_id == review.application_id, Review.id != review.id, Review.state.in_(FINISHED)
    )
    return list(db.session.scalars(query.order_by(Review.id)))
