"""Endpoints of answering the questions after a meeting: on their page, and by the link in the mail."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.meetings import answer_links
from cop.meetings.routes.blueprint import find
from cop.pulse import actions, forms
from cop.pulse.models import answer_of, pulse_of, read_answer_token, was_there
from cop.pulse.routes.asking import show
from cop.pulse.routes.blueprint import routes


def _words() -> str:
    return _("Dank u wel. Uw antwoord is opgeslagen, zonder uw naam.")


@routes.put("/meetings/<int:id>/pulse/answer")
@endpoint("pulse.answer", takes=forms.Answer, gives=forms.AnswerOut, form=show)
def answer(id: int, given: dict[str, Any]) -> Response:
    """Answer the questions, or change the answer."""
    meeting = find(id)
    stored = actions.answer(viewer(), meeting, **given)
    flash(_words())
    return respond(stored, to=f"{meeting.url}/pulse")


@routes.delete("/meetings/<int:id>/pulse/answer")
@endpoint("pulse.withdraw", form=show)
def withdraw(id: int) -> Response:
    """Delete the viewer's answer."""
    meeting = find(id)
    actions.withdraw(viewer(), meeting)
    flash(_("Uw antwoord is verwijderd."))
    return respond(to=f"{meeting.url}/pulse")


# By the link in the mail: opening it changes nothing, for mail scanners follow links.


@routes.get("/pulse/<token>")
@endpoint("pulse.mailed_answer", asks=forms.Chosen, open=True)
def mailed(token: str, asked: dict[str, Any] | None = None) -> Response:
    """Show the questions to whoever has the link of the mail, with the answer chosen whose button was pressed."""
    found = read_answer_token(token)
    if found is None:
        return answer_links.ended()
    meeting, person = found
    pulse = pulse_of(meeting.id)
    open = pulse is not None and pulse.answerable and access.may(person, "pulse.answer", meeting)
    return respond(
        page="pulse/mailed_answer.html",
        meeting=meeting,
        person=person,
        pulse=pulse,
        open=open and was_there(person, meeting),
        answer=answer_of(meeting.id, person.id) if open else None,
        chosen=(asked or {}).get("useful", ""),
        audience=access.audience(person, meeting.audience_id),
        token=token,
    )


@routes.put("/pulse/<token>")
@endpoint("pulse.answer_by_mail", takes=forms.Answer, gives=forms.AnswerOut, form=mailed, open=True)
def answer_by_mail(token: str, given: dict[str, Any]) -> Response:
    """Answer the questions by the link of the mail, without signing in."""
    found = read_answer_token(token)
    if found is None:
        return answer_links.ended()
    meeting, person = found
    stored = actions.answer(person, meeting, **given)
    flash(_words())
    return respond(stored, to=f"/pulse/{token}")


@routes.delete("/pulse/<token>")
@endpoint("pulse.withdraw_by_mail", form=mailed, open=True)
def withdraw_by_mail(token: str) -> Response:
    """Delete an answer by the link of the mail."""
    found = read_answer_token(token)
    if found is None:
        return answer_links.ended()
    meeting, person = found
    actions.withdraw(person, meeting)
    flash(_("Uw antwoord is verwijderd."))
    return respond(to=f"/pulse/{token}")
