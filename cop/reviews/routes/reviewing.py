"""Endpoints of reviewing: the team invites and assigns, each reviewer reads and scores their own."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.questionnaires import Attachment, Snapshot, visible_sections
from cop.base.web import endpoint, flash, requested_format, respond
from cop.base.words import _, n_
from cop.intake.attachments import send_attachment
from cop.intake.finding import led_application, led_call, viewer
from cop.intake.forms import CallOut, Said
from cop.intake.kinds_of_organisation import kind_options, kind_words
from cop.intake.models import Application, Call, Review, Reviewer, newest_snapshot
from cop.reviews import actions, forms
from cop.reviews.actions.reviewing import SCORES, weighted
from cop.reviews.finding import own_review, reviewed_call
from cop.reviews.routes.blueprint import routes
from cop.reviews.tables import FINISHED, assigned, composition, others_of, part, submitted, table, table_out


@routes.get("/calls/<slug>/applications")
@endpoint("applications.list", asks=forms.Filters, gives=forms.TableOut)
def list_applications(slug: str, asked: dict[str, Any]) -> Response:
    """Show the applications of a call to its team, with the scores and the composition."""
    call = led_call(slug)
    rows = table(viewer(), call, asked)
    return respond(
        lambda: table_out(rows, rows),
        page="reviews/applications.html",
        call=call,
        programme=call.programme,
        rows=rows,
        part=part(rows, asked["at"]),
        asked=asked,
        kinds=kind_options(),
        kind_words=kind_words(),
        composition=composition(rows),
    )


@routes.get("/applications/<reference>/dossier")
@endpoint("applications.dossier")
def dossier(reference: str) -> Response:
    """Show an application to the team: what was sent in, the contacts and the reviews."""
    application = led_application(reference)
    query = select(Snapshot).where(Snapshot.answering_id == application.answering_id)
    snapshot = db.session.scalar(query.order_by(Snapshot.number.desc()).limit(1))
    reviews = select(Review).where(Review.application_id == application.id, Review.state != "conflict")
    return respond(
        page="reviews/dossier.html",
        application=application,
        call=application.call,
        snapshot=snapshot,
        sections=visible_sections(snapshot.parsed, snapshot.answers) if snapshot else [],
        criteria=snapshot.parsed.criteria if snapshot else [],
        reviews=list(db.session.scalars(reviews.order_by(Review.id))),
        kind_words=kind_words(),
    )


@routes.get("/applications/<reference>/dossier/files/<int:file>")
@endpoint("applications.dossier_file", binary=True)
def dossier_file(reference: str, file: int) -> Response:
    """Return an attached file to the team."""
    return send_attachment(led_application(reference), file)


@routes.get("/calls/<slug>/reviewers")
@endpoint("reviewers.list", asks=forms.Around)
def reviewers(slug: str, asked: dict[str, Any] | None = None) -> Response:
    """Show who reviews a call and how far they are, with the forms to invite and to assign."""
    call = led_call(slug)
    active = select(Reviewer).where(Reviewer.call_id == call.id, Reviewer.ended.is_(None)).order_by(Reviewer.id)
    return respond(
        page="reviews/reviewers.html",
        call=call,
        programme=call.programme,
        reviewers=db.session.scalars(active.options(lazyload(Reviewer.call))).all(),  # the call is loaded
        progress=_progress(call),
        part=part(submitted(viewer(), call), (asked or {}).get("at", "")),
    )


def _progress(call: Call) -> dict[int, tuple[int, int]]:
    """Return by person how many reviews are finished, and how many are assigned; conflicts do not count."""
    rows = db.session.execute(
        select(Review.person_id, Review.state, func.count())
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call.id, Application.state == "submitted", Review.state != "conflict")
        .group_by(Review.person_id, Review.state)
    )
    found: dict[int, tuple[int, int]] = {}
    for person, state, count in rows:
        done, all_ = found.get(person, (0, 0))
        found[person] = (done + (count if state in ("done", "abstained") else 0), all_ + count)
    return found


@routes.post("/calls/<slug>/reviewers")
@endpoint("reviewers.add", takes=forms.ReviewerNew, gives=forms.ReviewerOut, form=reviewers, status=201)
def add_reviewer(slug: str, given: dict[str, Any]) -> Response:
    """Invite somebody to review."""
    call = led_call(slug)
    made = actions.add_reviewer(viewer(), call, **given)
    flash(_("%(name)s krijgt een mail om aanvragen te beoordelen.", name=made.person.name))
    return respond(made, to=f"{call.url}/reviewers", status=201)


@routes.delete("/calls/<slug>/reviewers/<int:reviewer>")
@endpoint("reviewers.remove", form=reviewers)
def remove_reviewer(slug: str, reviewer: int) -> Response:
    """End somebody's part in the reviewing."""
    call = led_call(slug)
    found = db.session.scalar(select(Reviewer).where(Reviewer.id == reviewer, Reviewer.call_id == call.id))
    if found is None:
        raise NotFound
    actions.remove_reviewer(viewer(), found)
    flash(_("%(name)s beoordeelt deze oproep niet meer.", name=found.person.name))
    return respond(to=f"{call.url}/reviewers")


@routes.post("/calls/<slug>/assignments")
@endpoint("reviews.assign", takes=forms.Assign, gives=forms.Assigned, form=reviewers)
def assign(slug: str, given: dict[str, Any]) -> Response:
    """Assign applications to reviewers, by hand or evenly."""
    call = led_call(slug)
    made = actions.assign(viewer(), call, **given)
    flash(n_("%(n)s beoordeling is toegewezen.", "%(n)s beoordelingen zijn toegewezen.", made))
    return respond({"assigned": made}, to=f"{call.url}/reviewers")


@routes.put("/calls/<slug>/round")
@endpoint("calls.close_round", gives=CallOut, form=reviewers)
def close_round(slug: str) -> Response:
    """Close the round of reviews."""
    call = actions.close_round(viewer(), led_call(slug))
    flash(_("De ronde is gesloten."), undo=f"{call.url}/round/delete")
    return respond(call, to=f"{call.url}/reviewers")


@routes.delete("/calls/<slug>/round")
@endpoint("calls.open_round", gives=CallOut, form=reviewers)
def open_round(slug: str) -> Response:
    """Open the round of reviews again."""
    call = actions.open_round(viewer(), led_call(slug))
    flash(_("De ronde is weer open."), undo=f"{call.url}/round")
    return respond(call, to=f"{call.url}/reviewers")


@routes.get("/calls/<slug>/reviewing")
@endpoint("reviews.list", asks=forms.Around, gives=forms.QueueOut)
def queue(slug: str, asked: dict[str, Any]) -> Response:
    """Show a reviewer what is assigned to them; what they have a conflict with does not count."""
    call = reviewed_call(slug)
    if requested_format() == "json":
        active = [
            one for one in db.session.scalars(assigned(select(Review), call, viewer())) if one.state != "conflict"
        ]
        return respond({"items": [_as_json(one, with_answers=False) for one in active]})
    columns = (Review.id, Review.state, Application.reference, Application.title)
    found = db.session.execute(assigned(select(*columns), call, viewer())).all()
    active = [one for one in found if one.state != "conflict"]
    return respond(
        page="reviews/reviewing.html",
        call=call,
        reviews=active,
        part=part(active, asked["at"] or next((one.reference for one in active if one.state not in FINISHED), "")),
        declared=[one for one in found if one.state == "conflict"],
        done=sum(one.state in FINISHED for one in active),
    )


def _as_json(review: Review, *, with_answers: bool = True) -> dict[str, Any]:
    """Return a review as its reviewer sees it; others' reviews only where the setting allows."""
    answers, others = None, None
    if with_answers and review.cleared is not None:
        snapshot = newest_snapshot(review.application)
        readable = _readable(snapshot)
        answers = {key: value for key, value in snapshot.answers.items() if key in readable}
        others = [
            {"name": one.person.name, "scores": one.scores, "remark": one.for_reviewers, "state": one.state}
            for one in others_of(review)
        ]
    return {
        "id": review.id,
        "reference": review.application.reference,
        "title": review.application.title,
        "state": review.state,
        "suggested": review.suggested,
        "scores": review.scores,
        "for_applicant": review.for_applicant,
        "for_reviewers": review.for_reviewers,
        "answers": answers,
        "others": others,
    }


def _readable(snapshot: Snapshot) -> set[str]:
    """Return the keys of the answers that reviewers read: no personal data, and nothing for the team alone."""
    form = snapshot.parsed
    return {block.key for block in form.blocks if block.open_to_reviewers} | {one.key for one in form.criteria}


@routes.get("/reviews/<int:id>")
@endpoint("reviews.show", gives=forms.ReviewOut)
def show_review(id: int) -> Response:
    """Show an application to its reviewer, with the form for the scores; first the question about a conflict."""
    review = own_review(id)
    if review.cleared is None:
        return respond(lambda: _as_json(review), page="reviews/conflict.html", review=review, call=review.call)
    snapshot = newest_snapshot(review.application)
    readable = _readable(snapshot)
    sections = [
        (part, [block for block in blocks if block.key in readable])
        for part, blocks in visible_sections(snapshot.parsed, snapshot.answers)
    ]
    others = others_of(review)
    return respond(
        lambda: _as_json(review),
        page="reviews/review.html",
        review=review,
        call=review.call,
        application=review.application,
        snapshot=snapshot,
        sections=[(part, blocks) for part, blocks in sections if blocks],
        criteria=snapshot.parsed.criteria,
        scores=SCORES,
        others=others,
        other_scores={one.id: weighted(snapshot.parsed, one.scores) for one in others},
        kind_words=kind_words(),
    )


@routes.get("/reviews/<int:id>/files/<int:file>")
@endpoint("reviews.file", binary=True)
def review_file(id: int, file: int) -> Response:
    """Return an attached file to a reviewer, where the question is open to reviewers."""
    review = own_review(id)
    if review.cleared is None:
        raise NotFound
    snapshot = newest_snapshot(review.application)
    readable = _readable(snapshot)
    found = db.session.get(Attachment, file)
    if found is None or found.block not in readable:
        raise NotFound
    return send_attachment(review.application, file)


@routes.get("/reviews/<int:id>/conflict")
@endpoint("reviews.conflict")
def conflict(id: int) -> Response:
    """Show the question about a conflict of interest, by title and organisations alone."""
    review = own_review(id, declaring=True)
    return respond(page="reviews/conflict.html", review=review, call=review.call)


@routes.put("/reviews/<int:id>/conflict")
@endpoint("reviews.declare", takes=forms.Declare, gives=Said, form=conflict)
def declare(id: int, given: dict[str, Any]) -> Response:
    """Say whether there is a conflict of interest."""
    review = own_review(id, declaring=True)
    actions.declare(viewer(), review, **given)
    if given["conflict"]:
        words = _("U beoordeelt deze aanvraag niet.")
        flash(words)
        return respond(Said(words=words), to=f"{review.call.url}/reviewing")
    return respond(Said(words=_("U kunt deze aanvraag nu lezen.")), to=review.url)


@routes.put("/reviews/<int:id>")
@endpoint("reviews.save", takes=forms.ReviewSave, gives=forms.ReviewOut, form=show_review)
def save(id: int, given: dict[str, Any]) -> Response:
    """Save a review; a finished one leads to the next in the queue."""
    review = own_review(id)
    actions.save_review(viewer(), review, **given)
    if requested_format() != "json":
        flash(_("Uw beoordeling is opgeslagen."))
    to = _next_of(review) if given.get("finish") else review.url
    return respond(lambda: _as_json(review), to=to)


def _next_of(review: Review) -> str:
    following = (
        select(Review)
        .join(Application, Application.id == Review.application_id)
        .where(
            Application.call_id == review.application.call_id,
            Application.state == "submitted",
            Review.person_id == review.person_id,
            Review.state.in_(("assigned", "draft")),
        )
        .order_by(Review.id)
        .limit(1)
    )
    found = db.session.scalar(following)
    return found.url if found else f"{review.call.url}/reviewing"
