"""Verbs of reviewing: who reviews what, conflicts of interest, scores, and the rounds of a call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from cop.access.choosing import person_at
from cop.base import clock, email
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.questionnaires import Definition
from cop.base.text.folding import fold_name
from cop.base.words import _
from cop.intake.models import Application, Call, Review, Reviewer, newest_snapshot
from cop.society.credentials import LINK_LASTS, new_link
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person

SCORES = range(1, 6)


@action("reviewers.add")
def add_reviewer(person: Person, call: Call, *, mail: str, name: str = "") -> Reviewer:
    """Invite somebody to review a call, also without any other role. Raise Invalid for one who does, or a closed account."""
    found = person_at(mail, name)
    reviewer = db.session.scalar(select(Reviewer).where(Reviewer.call_id == call.id, Reviewer.person_id == found.id))
    if reviewer is not None and reviewer.ended is None:
        raise Invalid(errors={"mail": _("Deze persoon beoordeelt deze oproep al.")})
    if reviewer is None:
        reviewer = Reviewer(call_id=call.id, person_id=found.id)
        db.session.add(reviewer)
    reviewer.ended, reviewer.call, reviewer.person = None, call, found
    db.session.flush()
    secret = "" if found.entered else new_link(found, "invitation", next=f"{call.url}/reviewing")[0]
    email.enqueue(
        "intake/reviewer",
        to=found.mail,
        name=found.name,
        language=found.language,
        person_id=found.id,
        call=call,
        inviter=person.name,
        secret=secret,
        days=LINK_LASTS["invitation"].days,
    )
    detail(member=found.id, call=call.id)
    return reviewer


@action("reviewers.remove")
def remove_reviewer(person: Person, reviewer: Reviewer) -> Reviewer:
    """End somebody's part in the reviewing at once; what they gave already stays."""
    reviewer.ended = reviewer.ended or clock.now()
    detail(member=reviewer.person_id, call=reviewer.call_id)
    return reviewer


@action("reviews.assign")
def assign(
    person: Person,
    call: Call,
    *,
    applications: Sequence[str] = (),
    reviewer: int | None = None,
    each: int | None = None,
) -> int:
    """Assign applications to a reviewer, or `each` application evenly to so many; return how many were assigned.

    Who works for an organisation of an application is passed over when spreading, and asked first when chosen by hand.
    """
    _lock(call)
    reviewers = list(
        db.session.scalars(
            select(Reviewer).where(Reviewer.call_id == call.id, Reviewer.ended.is_(None)).order_by(Reviewer.id)
        )
    )
    sent_in = select(Application).where(Application.call_id == call.id, Application.state == "submitted")
    if each is None:
        chosen = [one for one in reviewers if one.id == reviewer]
        found = list(db.session.scalars(sent_in.where(Application.reference.in_(applications))))
        if not chosen or not found or len(found) < len(set(applications)):
            raise Invalid(errors={"applications": _("Kies een beoordelaar en aanvragen uit de lijst.")})
        pairs = [(one, chosen[0]) for one in found]
    else:
        if each > len(reviewers):
            raise Invalid(errors={"each": _("Er zijn minder beoordelaars dan dat. Nodig er eerst meer uit.")})
        pairs = _spread(list(db.session.scalars(sent_in.order_by(Application.id))), reviewers, each)
    taken = _assigned(call)
    made = 0
    for application, one in pairs:
        if (application.id, one.person_id) not in taken:
            suspected = one.person_id in employees(application)
            db.session.add(Review(application_id=application.id, person_id=one.person_id, suggested=suspected))
            made += 1
    detail(made=made, call=call.id)
    return made


def _lock(call: Call) -> None:
    db.session.execute(select(Call.id).where(Call.id == call.id).with_for_update())


def _assigned(call: Call) -> set[tuple[int, int]]:
    rows = db.session.execute(
        select(Review.application_id, Review.person_id)
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call.id)
    )
    return {(row.application_id, row.person_id) for row in rows}


def _spread(
    applications: Sequence[Application], reviewers: Sequence[Reviewer], each: int
) -> list[tuple[Application, Reviewer]]:
    """Return pairs so that every application has `each` reviewers, and the reviewers about as many each."""
    taken = _assigned(applications[0].call) if applications else set()
    load = Counter(person for _application, person in taken)
    pairs = []
    for application in applications:
        here = {person for of, person in taken if of == application.id}
        colleagues = employees(application)
        free = [one for one in reviewers if one.person_id not in here | colleagues]
        for one in sorted(free, key=lambda one: (load[one.person_id], one.id))[: max(0, each - len(here))]:
            load[one.person_id] += 1
            pairs.append((application, one))
    return pairs


def employees(application: Application) -> set[int]:
    """Return the ids of people who work for an organisation of the application, by its name."""
    names = {fold_name(name).strip() for name in application.title.split(", ") if name}
    rows = db.session.execute(
        select(Person.id, Organisation.name)
        .join(
            Organisation,
            Organisation.id.in_(
                select(Affiliation.organisation_id).where(Affiliation.person_id == Person.id).correlate(Person)
            )
            | (Organisation.id == Person.organisation_id),
        )
        .where(Person.id.in_(select(Reviewer.person_id).where(Reviewer.call_id == application.call_id)))
    )
    return {row.id for row in rows if fold_name(row.name).strip() in names}


def suggest_conflicts(application: Application) -> None:
    """Ask reviewers anew whose organisation joined the application: the text is closed until they answer."""
    colleagues = employees(application)
    for review in db.session.scalars(select(Review).where(Review.application_id == application.id)):
        if review.person_id in colleagues and not review.suggested and review.state != "conflict":
            review.suggested, review.cleared = True, None


@action("reviews.declare")
def declare(person: Person, review: Review, *, conflict: bool) -> Review:
    """Say whether there is a conflict of interest; one that is there seals the review and what was scored.

    Raise Conflict to deny one after the round: what was sealed stays so.
    """
    if conflict:
        review.state, review.cleared = "conflict", None
    else:
        if review.state == "conflict" and review.call.round_closed:
            raise Conflict(_("De ronde is gesloten."))
        if review.state == "conflict":
            review.state = "draft" if review.scores else "assigned"
            review.done = None
        review.cleared = clock.now()
    detail(application=review.application_id, conflict=int(conflict))
    return review


@action("reviews.save")
def save_review(
    person: Person,
    review: Review,
    *,
    scores: Mapping[str, int] | None = None,
    for_applicant: str = "",
    for_reviewers: str = "",
    reason: str = "",
    finish: str = "",
) -> Review:
    """Save a review; `finish` is "done" once every criterion has a score, or "abstained" with a reason.

    The first scores that were sent in are kept; a change after those of others could be seen says so. Raise Conflict
    after the round is closed: what was written is in the answer.
    """
    if review.call.round_closed is not None:
        raise Conflict(_("De ronde is gesloten. Uw tekst staat nog in dit scherm; u kunt hem kopiëren."))
    if review.cleared is None:
        raise Conflict(_("Zeg eerst of u een belang hebt bij deze aanvraag."))
    snapshot = newest_snapshot(review.application)
    criteria = {one.key for one in snapshot.parsed.criteria}
    given = {key: score for key, score in (scores or {}).items() if key in criteria}
    if any(score not in SCORES for score in given.values()):
        raise Invalid(errors={"scores": _("Een score is 1 tot en met 5.")})
    if finish == "done" and (lacking := sorted(criteria - given.keys())):
        raise Invalid(
            errors={f"score-{lacking[0]}": _("Geef op elk criterium een score, of onthoud u van een oordeel.")}
        )
    if finish == "abstained" and not reason.strip():
        raise Invalid(errors={"reason": _("Schrijf waarom u geen oordeel geeft.")})
    was_done = review.first_scores is not None
    if was_done and given != review.scores and review.call.blindness != "after_all":
        review.changed_after = True
    review.scores, review.for_applicant, review.for_reviewers = given, for_applicant, for_reviewers
    review.reason, review.snapshot = reason, snapshot.number
    if finish:
        review.state, review.done = finish, review.done or clock.now()
        if finish == "done" and not was_done:
            review.first_scores = dict(given)
    elif review.state == "assigned":
        review.state = "draft"
    detail(application=review.application_id, state=review.state)
    return review


@action("calls.close_round")
def close_round(person: Person, call: Call) -> Call:
    """Close the round of reviews: nothing can be scored any more; drafts stay as they are and do not count."""
    _set_round(call, closed=True)
    return call


@action("calls.open_round")
def open_round(person: Person, call: Call) -> Call:
    """Open the round of reviews again."""
    _set_round(call, closed=False)
    return call


def _set_round(call: Call, *, closed: bool) -> None:
    db.session.execute(
        update(Call)
        .where(Call.id == call.id)
        .values(round_closed=clock.now() if closed else None)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(call, ["round_closed"])


def weighted(form: Definition, scores: Mapping[str, Any]) -> float | None:
    """Return the weighted mean of the scores; None where a criterion has none."""
    weights = {one.key: one.weight for one in form.criteria}
    if not weights or not weights.keys() <= scores.keys():
        return None
    total: int = sum(weights[key] * int(scores[key]) for key in weights)
    return total / sum(weights.values())
