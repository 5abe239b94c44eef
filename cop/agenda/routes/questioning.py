"""Endpoints of the questions and cases for a meeting."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.agenda import actions, forms
from cop.agenda.models import (
    MeetingQuestion,
    blocks_of,
    find_question,
    list_questions,
    most_votes,
    open_for_questions,
    question_row,
    votes_left,
)
from cop.agenda.routes.blueprint import routes
from cop.base.web import endpoint, flash, requested_format, respond, respond_list
from cop.base.words import _
from cop.meetings.models import Meeting
from cop.meetings.routes.blueprint import around, find


@routes.get("/meetings/<int:id>/questions")
@endpoint("questions.list", asks=forms.Listing, gives=forms.QuestionOut, many=True)
def listed(id: int, asked: dict[str, Any] | None = None) -> Response:
    """List the questions of a meeting, those with most votes first."""
    meeting, person, asked = find(id), viewer(), asked or {}
    found = list_questions(person, meeting, asked.get("after", ""), asked.get("limit", 50))
    given: dict[str, Any] = {}
    if requested_format() != "json":
        given = {
            "after": asked.get("after", ""),
            "blocks": blocks_of(meeting.id),
            "most": most_votes(meeting.id),
            "left": votes_left(person, meeting.id),
            "may": rights_on(meeting),
            **around(meeting),
        }
    return respond_list(found, page="agenda/questions.html", **given)


def rights_on(meeting: Meeting) -> dict[str, bool]:
    """Return what the viewer may do with the questions of a meeting now."""
    person, open = viewer(), open_for_questions(meeting)
    return {
        "ask": open and access.may(person, "meetings.ask", meeting),
        "vote": open and access.may(person, "questions.vote", meeting),
        "place": access.may(person, "questions.place", meeting),
        "hide": access.may(person, "questions.hide", meeting),
        "set_votes": (open or meeting.status == "draft") and access.may(person, "questions.set_votes", meeting),
    }


@routes.post("/meetings/<int:id>/questions")
@endpoint("meetings.ask", takes=forms.Ask, gives=forms.QuestionOut, form=listed, status=201)
def ask(id: int, given: dict[str, Any]) -> Response:
    """Ask a question, or offer a case for intervisie."""
    meeting = find(id)
    question = actions.ask(viewer(), meeting, **given)
    flash(_("Uw casus staat erbij.") if question.kind == "case" else _("Uw vraag staat erbij."))
    return respond(lambda: question_row(viewer(), question.id), to=f"{meeting.url}#questions", status=201)


@routes.put("/meetings/<int:id>/votes")
@endpoint("questions.set_votes", takes=forms.SetVotes, gives=forms.VotesOut, form=listed)
def set_votes(id: int, given: dict[str, Any]) -> Response:
    """Set how many votes each person has."""
    meeting = find(id)
    limit = actions.set_votes(viewer(), meeting, **given)
    flash(_("Het aantal stemmen is gewijzigd."))
    return respond(limit, to=f"{meeting.url}/questions")


@routes.get("/questions/<int:id>")
@endpoint("questions.show", gives=forms.QuestionOut)
def show(id: int) -> Response:
    """Show a question, with what the viewer may do with it."""
    person, question = viewer(), find_question(viewer(), id)
    return respond(
        lambda: question_row(person, id),
        page="agenda/question.html",
        context=lambda: {
            "question": question_row(person, id),
            "blocks": blocks_of(question.meeting_id),
            "edits": access.may(person, "questions.edit", question)
            and open_for_questions(question.meeting)
            and not question.votes,
            "withdraws": access.may(person, "questions.withdraw", question),
            "may": rights_on(question.meeting),
            **around(question.meeting),
        },
    )


@routes.patch("/questions/<int:id>")
@endpoint("questions.edit", takes=forms.EditQuestion, gives=forms.QuestionOut, form=show)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change a question of one's own for which nobody voted."""
    question = actions.edit_question(viewer(), find_question(viewer(), id), **given)
    flash(_("Uw vraag is gewijzigd."))
    return _shown(question)


@routes.delete("/questions/<int:id>")
@endpoint("questions.withdraw", form=show)
def withdraw(id: int) -> Response:
    """Withdraw a question of one's own."""
    question = find_question(viewer(), id)
    meeting = question.meeting_id
    actions.withdraw(viewer(), question)
    flash(_("Uw vraag is ingetrokken."))
    return respond(to=f"/meetings/{meeting}#questions")


@routes.put("/questions/<int:id>/vote")
@endpoint("questions.vote", asks=forms.From, gives=forms.QuestionOut, form=show)
def vote(id: int, asked: dict[str, Any]) -> Response:
    """Vote for a question."""
    return _shown(actions.vote(viewer(), find_question(viewer(), id)), asked["page"])


@routes.delete("/questions/<int:id>/vote")
@endpoint("questions.unvote", asks=forms.From, gives=forms.QuestionOut, form=show)
def unvote(id: int, asked: dict[str, Any]) -> Response:
    """Take a vote back."""
    return _shown(actions.unvote(viewer(), find_question(viewer(), id)), asked["page"])


@routes.put("/questions/<int:id>/block")
@endpoint("questions.place", takes=forms.Place, gives=forms.QuestionOut, form=show)
def place(id: int, given: dict[str, Any]) -> Response:
    """Put a question on a block of the programme."""
    question = actions.place(viewer(), find_question(viewer(), id), **given)
    flash(_("De vraag staat in het programma."))
    return _shown(question)


@routes.delete("/questions/<int:id>/block")
@endpoint("questions.unplace", gives=forms.QuestionOut, form=show)
def unplace(id: int) -> Response:
    """Take a question off its block."""
    question = actions.unplace(viewer(), find_question(viewer(), id))
    flash(_("De vraag staat niet meer in het programma."))
    return _shown(question)


@routes.put("/questions/<int:id>/hiding")
@endpoint("questions.hide", takes=forms.Hide, gives=forms.QuestionOut, form=show)
def hide(id: int, given: dict[str, Any]) -> Response:
    """Hide a question, and say why."""
    question = actions.hide(viewer(), find_question(viewer(), id), **given)
    flash(_("De vraag is verborgen."), undo=f"{question.url}/hiding/delete")
    return _shown(question)


@routes.delete("/questions/<int:id>/hiding")
@endpoint("questions.restore", gives=forms.QuestionOut, form=show)
def restore(id: int) -> Response:
    """Show a hidden question again."""
    question = actions.restore_question(viewer(), find_question(viewer(), id))
    flash(_("De vraag staat er weer."))
    return _shown(question)


def _shown(question: MeetingQuestion, page: str = "questions") -> Response:
    to = f"/meetings/{question.meeting_id}" + ("" if page == "meeting" else "/questions")
    return respond(lambda: question_row(viewer(), question.id), to=f"{to}#question-{question.id}")
