"""The team's table of a call: applications with their scores, and the composition of what was sent in."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Select, String, cast, func, select

from cop.base.db import db
from cop.base.fast.cache_versions import has_changes, token
from cop.base.questionnaires import QuestionnaireVersion, newest_version
from cop.base.web.pages import BodyCache
from cop.intake.finding import without_conflicts
from cop.intake.models import INTAKE, Application, Call, Decision, Review
from cop.reviews.actions.reviewing import weighted
from cop.society.people import Person

FINISHED = ("done", "abstained")
PAGE = 25  # rows of a page
kept = BodyCache(500_000)  # counted as 100 bytes a row: about sixteen tables of 300 rows, of 5 MB
T = TypeVar("T")
# The tables of hundreds of rows, read without the cost of mapping them.
APPLICATION, DECISION, REVIEW = (one.__table__ for one in (Application, Decision, Review))


class Part(NamedTuple, Generic[T]):
    """A page of a list, with the references from which the pages before and after it are shown."""

    rows: Sequence[T]
    before: str | None
    after: str | None


def part(rows: Sequence[T], at: str = "") -> Part[T]:
    """Return the page of the rows that holds the reference `at`, the first one where none does."""
    references: list[str] = [row.reference for row in rows]  # type: ignore[attr-defined]
    start = references.index(at) // PAGE * PAGE if at in references else 0
    end = start + PAGE
    before = references[start - PAGE] if start else None
    return Part(rows[start:end], before, references[end] if end < len(rows) else None)


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
    mail_version: int
    scores: list[float] = field(default_factory=list)
    done: int = 0
    abstained: int = 0
    assigned: int = 0
    double: bool = False  # a municipality that leads another application too

    @property
    def url(self) -> str:
        return f"/applications/{self.reference}"

    @cached_property
    def median(self) -> float | None:
        return statistics.median(self.scores) if self.scores else None

    @cached_property
    def spread(self) -> float | None:
        return max(self.scores) - min(self.scores) if len(self.scores) > 1 else None

    @property
    def missing(self) -> int:
        """How many assigned reviews are not finished."""
        return self.assigned - self.done - self.abstained


def table(person: Person, call: Call, filters: dict[str, Any] | None = None) -> list[Row]:
    """Return the applications of a call that a member of its team may see.

    The rows are read and scored anew when an application, a review or a decision changed; with hundreds of them that
    takes most of the time of a page. Nobody changes them.
    """
    version = select(func.max(QuestionnaireVersion.number)).where(
        QuestionnaireVersion.questionnaire_id == call.questionnaire_id
    )
    state = db.session.execute(select(token(INTAKE), version.scalar_subquery())).one()
    fresh = has_changes()  # of this transaction, whose tokens are renewed at its end
    rows = _rows(person, call) if fresh else kept.get((call.id, person.id, *state), lambda: _rows(person, call))
    return _sorted(_filtered(rows, filters or {}), (filters or {}).get("sort", "median"))


def _rows(person: Person, call: Call) -> tuple[Row, ...]:
    query = (
        select(
            APPLICATION.c.id,
            APPLICATION.c.reference,
            APPLICATION.c.title,
            APPLICATION.c.state,
            cast(APPLICATION.c.kinds, String).label("kinds"),
            APPLICATION.c.region,
            APPLICATION.c.submitted,
            APPLICATION.c.extension,
            APPLICATION.c.outcome.label("announced_outcome"),
            DECISION.c.outcome,
            DECISION.c.rank,
            DECISION.c.shortlisted,
            DECISION.c.mail_state,
            DECISION.c.note,
            DECISION.c.mail_version,
        )
        .join(DECISION, DECISION.c.application_id == APPLICATION.c.id)
        .where(
            APPLICATION.c.call_id == call.id,
            APPLICATION.c.state.not_in(("unverified", "erased")),
            without_conflicts(person),
        )
    )
    read: Callable[[Any], list[str]] = cache(json.loads)  # hundreds of rows have a few different values
    found: Any = db.session.execute(query).all()
    rows = {row.id: Row(*row) for row in found}
    for row in rows.values():
        row.kinds = read(row.kinds)
    _add_scores(call, rows)
    leads = Counter(row.region for row in rows.values() if row.region and row.state == "submitted")
    for row in rows.values():
        row.double = row.state == "submitted" and leads[row.region] > 1
    return tuple(rows.values())


def submitted(person: Person, call: Call) -> Sequence[Any]:
    """Return the reference and title of what was sent in and a member of the team may see, by name."""
    rows = db.session.execute(
        select(Application.reference, Application.title).where(
            Application.call_id == call.id, Application.state == "submitted", without_conflicts(person)
        )
    )
    return sorted(rows, key=lambda row: ((row.title or row.reference).casefold(), row.reference))


def assigned(of: Select[*tuple[Any, ...]], call: Call, person: Person) -> Select[*tuple[Any, ...]]:
    """Return a select of reviews narrowed to those of a person in a call, in the order in which they were assigned."""
    return (
        of.join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call.id, Application.state == "submitted", Review.person_id == person.id)
        .order_by(Review.id)
    )


def _add_scores(call: Call, rows: dict[int, Row]) -> None:
    form = newest_version(call.questionnaire_id).parsed
    reviews = (
        select(REVIEW.c.application_id, REVIEW.c.state, cast(REVIEW.c.scores, String).label("scores"))
        .join(APPLICATION, APPLICATION.c.id == REVIEW.c.application_id)
        .where(APPLICATION.c.call_id == call.id, REVIEW.c.state != "conflict")
    )
    scored = cache(lambda scores: weighted(form, json.loads(scores)))
    for application, state, scores in db.session.execute(reviews).all():
        row = rows.get(application)
        if row is None:
            continue
        row.assigned += 1
        row.done += state == "done"
        row.abstained += state == "abstained"
        score = scored(scores) if state == "done" else None
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
