"""Endpoints of outcomes, and of actions until they are done."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base import clock, text
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Routes, Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.chat.models import Message, Room
from cop.chat.subjects import subject_of
from cop.meetings.models import Meeting, Owner, audiences_of, programme_of
from cop.outcomes import actions, forms, panels
from cop.outcomes.actions import Subject
from cop.outcomes.models import (
    LONGEST,
    Outcome,
    find_removed,
    find_row,
    meetings_for,
    outcomes,
    possible_owners,
    rows_from,
    rows_of,
)
from cop.society.programmes import Community, Partnership, Programme
from cop.things import body_of, places_of
from cop.threads.models import Post

routes = Routes("outcomes", __name__)
assert panels  # imported to register the section of a meeting's page


def _find(id: int) -> Outcome:
    return access.find(viewer(), Outcome, id)


# Marking


@routes.get("/messages/<int:id>/outcome")
@endpoint("outcomes.of_message", gives=forms.OutcomeOut, many=True)
def of_message(id: int) -> Response:
    """List the outcomes marked from a chat message, with the form to mark another."""
    return _form(access.find(viewer(), Message, id))


@routes.get("/posts/<int:id>/outcome")
@endpoint("outcomes.of_post", gives=forms.OutcomeOut, many=True)
def of_post(id: int) -> Response:
    """List the outcomes marked from a post, with the form to mark another."""
    return _form(access.find(viewer(), Post, id))


@routes.get("/meetings/<int:id>/outcome")
@endpoint("outcomes.of_meeting", gives=forms.OutcomeOut, many=True)
def of_meeting(id: int) -> Response:
    """List the outcomes of a meeting, with the form to mark another."""
    return _form(access.find(viewer(), Meeting, id))


def _form(subject: Subject) -> Response:
    access.judge(viewer(), "outcomes.mark", subject)
    meeting = subject if isinstance(subject, Meeting) else None
    listed = rows_of(subject.id) if meeting else rows_from(subject.id)
    about = subject_of(db.session.get_one(Room, subject.parent_id)) if isinstance(subject, Message) else None
    return respond_list(
        Slice(listed),
        page="outcomes/new.html",
        subject=subject,
        meeting=meeting,
        written="" if meeting else text.excerpt(body_of(subject).plain, LONGEST - 1),
        audience=access.audience(viewer(), subject.audience_id),
        people=possible_owners(subject.audience_id),
        meetings=[] if meeting else meetings_for(subject.audience_id),
        proposed=about.id if about else "",
        local=clock.local,
    )


@routes.post("/messages/<int:id>/outcome")
@endpoint("outcomes.mark", takes=forms.MarkSource, gives=forms.OutcomeOut, form=of_message, status=201)
def mark(id: int, given: dict[str, Any]) -> Response:
    """Mark an outcome from a chat message."""
    return _mark(access.find(viewer(), Message, id), given)


@routes.post("/posts/<int:id>/outcome")
@endpoint("outcomes.mark_post", takes=forms.MarkSource, gives=forms.OutcomeOut, form=of_post, status=201)
def mark_post(id: int, given: dict[str, Any]) -> Response:
    """Mark an outcome from a post."""
    return _mark(access.find(viewer(), Post, id), given)


@routes.post("/meetings/<int:id>/outcome")
@endpoint("outcomes.mark_at_meeting", takes=forms.Mark, gives=forms.OutcomeOut, form=of_meeting, status=201)
def mark_at_meeting(id: int, given: dict[str, Any]) -> Response:
    """Mark an outcome of a meeting."""
    return _mark(access.find(viewer(), Meeting, id), given)


def _mark(subject: Subject, given: dict[str, Any]) -> Response:
    outcome = actions.mark(viewer(), subject, **given)
    flash(_("Vastgelegd. Iedereen die hier deelneemt, kan het lezen."))
    return _shown(outcome, status=201)


# One outcome


@routes.get("/outcomes/<int:id>")
@endpoint("outcomes.show", gives=forms.OutcomeOut)
def show(id: int) -> Response:
    """Show an outcome, and what can be done with it."""
    person, row = viewer(), find_row(viewer(), id)
    verbs = ("outcomes.edit", "outcomes.remove", "tasks.finish", "tasks.postpone", "tasks.drop", "tasks.reopen")
    return respond(
        row,
        page="outcomes/show.html",
        row=row,
        audience=access.audience(person, row.audience_id),
        may={verb.partition(".")[2]: access.may(person, verb, row) for verb in (*verbs, "guidance.take")},
        belongs=places_of(person, "outcome", id),
        today=clock.today(),
    )


def _shown(outcome: Outcome, status: int = 200) -> Response:
    return respond(lambda: find_row(viewer(), outcome.id), to=outcome.url, status=status)


@routes.get("/outcomes/<int:id>/edit")
@endpoint("outcomes.form")
def form(id: int) -> Response:
    """Show the form to change an outcome."""
    row = find_row(viewer(), id)
    access.judge(viewer(), "outcomes.edit", row)
    return respond(
        page="outcomes/edit.html",
        row=row,
        audience=access.audience(viewer(), row.audience_id),
        people=possible_owners(row.audience_id) if row.outcome_kind == "action" else [],
    )


@routes.patch("/outcomes/<int:id>")
@endpoint("outcomes.edit", takes=forms.Edit, gives=forms.OutcomeOut, form=form)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change an outcome."""
    outcome = actions.edit(viewer(), _find(id), **given)
    flash(_("De wijziging is opgeslagen."))
    return _shown(outcome)


@routes.delete("/outcomes/<int:id>")
@endpoint("outcomes.remove", form=show)
def remove(id: int) -> Response:
    """Remove an outcome; it can be put back."""
    outcome = actions.remove(viewer(), _find(id))
    flash(_("De opbrengst is verwijderd."), undo=f"{outcome.url}/restoring")
    place = f"/meetings/{outcome.meeting_id}" if outcome.meeting_id else None
    return respond(to=place or f"{access.audience(viewer(), outcome.audience_id).url}/outcomes")


@routes.post("/outcomes/<int:id>/restoring")
@endpoint("outcomes.restore", gives=forms.OutcomeOut)
def restore(id: int) -> Response:
    """Put back an outcome that was removed."""
    outcome = actions.restore(viewer(), find_removed(viewer(), id))
    flash(_("De opbrengst staat er weer."))
    return _shown(outcome)


# Actions


def _action(id: int) -> Outcome:
    """Return an action that the viewer may see; raise NotFound for another outcome."""
    found = _find(id)
    if found.outcome_kind != "action":
        raise NotFound
    return found


@routes.put("/outcomes/<int:id>/completion")
@endpoint("tasks.finish", takes=forms.Finish, gives=forms.OutcomeOut, form=show)
def finish(id: int, given: dict[str, Any]) -> Response:
    """Record that an action is done."""
    outcome = actions.finish(viewer(), _action(id), **given)
    flash(_("Mooi: deze actie is gedaan."), undo=f"{outcome.url}/completion/delete")
    return _shown(outcome)


@routes.delete("/outcomes/<int:id>/completion")
@endpoint("tasks.reopen", gives=forms.OutcomeOut, form=show)
def reopen(id: int) -> Response:
    """Open an action again that was done or dropped."""
    outcome = actions.reopen(viewer(), _action(id))
    flash(_("De actie is weer open."))
    return _shown(outcome)


@routes.put("/outcomes/<int:id>/postponement")
@endpoint("tasks.postpone", takes=forms.Postpone, gives=forms.OutcomeOut, form=show)
def postpone(id: int, given: dict[str, Any]) -> Response:
    """Give an action a later date."""
    outcome = actions.postpone(viewer(), _action(id), **given)
    flash(_("De actie heeft een nieuwe datum."))
    return _shown(outcome)


@routes.get("/outcomes/<int:id>/dropping")
@endpoint("tasks.dropping")
def dropping(id: int) -> Response:
    """Show the form to drop an action."""
    outcome = _action(id)
    access.judge(viewer(), "tasks.drop", outcome)
    return respond(
        page="outcomes/dropping.html",
        row=outcome,
        audience=access.audience(viewer(), outcome.audience_id),
    )


@routes.put("/outcomes/<int:id>/dropping")
@endpoint("tasks.drop", takes=forms.Drop, gives=forms.OutcomeOut, form=dropping)
def drop(id: int, given: dict[str, Any]) -> Response:
    """Record that an action will not be done."""
    outcome = actions.drop(viewer(), _action(id), **given)
    flash(_("De actie is vervallen."), undo=f"{outcome.url}/completion/delete")
    return _shown(outcome)


# Lists


@routes.get("/outcomes")
@endpoint("outcomes.mine", asks=forms.Listing, gives=forms.OutcomeOut, many=True)
def mine(asked: dict[str, Any]) -> Response:
    """List the actions of the viewer in everything that they take part in."""
    person = viewer()
    return _listed(list(access.rights(person).roles), asked, None, path="/outcomes", owner_id=person.id)


@routes.get("/communities/<slug>/outcomes")
@endpoint("outcomes.list", asks=forms.Listing, gives=forms.OutcomeOut, many=True)
def of_community(slug: str, asked: dict[str, Any]) -> Response:
    """List the outcomes of a community and of its whole programme."""
    return _list(access.find(viewer(), Community, slug=slug), asked)


@routes.get("/programmes/<slug>/outcomes")
@endpoint("outcomes.of_programme", asks=forms.Listing, gives=forms.OutcomeOut, many=True)
def of_programme(slug: str, asked: dict[str, Any]) -> Response:
    """List the outcomes of a programme and of everything in it that the viewer takes part in."""
    return _list(access.find(viewer(), Programme, slug=slug), asked)


@routes.get("/partnerships/<int:id>/outcomes")
@endpoint("outcomes.of_partnership", asks=forms.Listing, gives=forms.OutcomeOut, many=True)
def of_partnership(id: int, asked: dict[str, Any]) -> Response:
    """List the outcomes of a partnership."""
    return _list(access.find(viewer(), Partnership, id), asked)


def _list(owner: Owner, asked: dict[str, Any]) -> Response:
    return _listed(
        audiences_of(viewer(), owner),
        asked,
        owner,
        path=f"{owner.url}/outcomes",
        programme=programme_of(owner),
        community=owner if isinstance(owner, Community) else None,
    )


def _listed(
    audiences: list[int], asked: dict[str, Any], owner: Owner | None, *, owner_id: int | None = None, **given: Any
) -> Response:
    person = viewer()
    return respond_list(
        outcomes(person, audiences, owner_id=owner_id, **asked),
        page="outcomes/list.html",
        owner=owner,
        asked={"kind": "", "state": "", "after": "", **asked},
        audiences=access.rights(person).audiences,
        today=clock.today(),
        **given,
    )
