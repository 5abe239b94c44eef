"""Endpoints of the links in the mail: deciding about one question, and answering one, without signing in.

Opening a link changes nothing, for mail scanners follow links. Each serves one purpose, and is void once that is done.
"""

from __future__ import annotations

from typing import Any

from flask import Response, g

from cop import access
from cop.base.db import db
from cop.base.errors import Gone
from cop.base.forms import Typed, raw
from cop.base.web import endpoint, flash, requested_format, respond
from cop.base.words import _
from cop.experts import actions, forms
from cop.experts.models import ANSWERING, DECIDING, ExpertRequest, answer_token, read_token, request_row, turn_of
from cop.experts.routes.blueprint import about, routes
from cop.society.memberships import audience_size
from cop.society.people import Person
from cop.threads import actions as threads
from cop.threads.models import Thread

DONE = "/expert/done"


def _ended() -> Response:
    """Respond to a link that does not work any more, with what was typed."""
    if requested_format() == "json":
        raise Gone(_("Deze link geldt niet meer. Log in om verder te gaan."))
    typed = g.get("typed") or Typed(raw() if g.endpoint.takes else {})
    return respond(page="experts/link_ended.html", status=410, typed=typed)


def _page(person: Person, request: ExpertRequest, token: str) -> dict[str, Any]:
    turn = turn_of(request)
    return {
        **about(person, request),
        "person": person,
        "token": token,
        "answering": answer_token(turn) if turn and person.entered else "",
    }


@routes.get("/expert/asked/<token>")
@endpoint("experts.mailed", open=True)
def mailed(token: str) -> Response:
    """Show the question with its buttons to whoever has the link of the mail."""
    found = read_token(DECIDING, token)
    if found is None:
        return _ended()
    request, person = found
    return respond(page="experts/mailed.html", **_page(person, request, token))


@routes.put("/expert/asked/<token>/acceptance")
@endpoint("experts.accept_by_mail", gives=forms.RequestOut, form=mailed, open=True)
def accept_by_mail(token: str) -> Response:
    """Accept a question by the link of the mail."""
    found = read_token(DECIDING, token)
    if found is None:
        return _ended()
    request, person = found
    return _decided(actions.accept(person, request), person)


@routes.put("/expert/asked/<token>/decline")
@endpoint("experts.decline_by_mail", takes=forms.Decline, gives=forms.RequestOut, form=mailed, open=True)
def decline_by_mail(token: str, given: dict[str, Any]) -> Response:
    """Decline a question by the link of the mail."""
    found = read_token(DECIDING, token)
    if found is None:
        return _ended()
    request, person = found
    return _decided(actions.decline(person, request, **given), person)


@routes.put("/expert/asked/<token>/hand-on")
@endpoint("experts.hand_on_by_mail", takes=forms.HandOn, gives=forms.RequestOut, form=mailed, open=True)
def hand_on_by_mail(token: str, given: dict[str, Any]) -> Response:
    """Hand a question on to a colleague by the link of the mail."""
    found = read_token(DECIDING, token)
    if found is None:
        return _ended()
    request, person = found
    return _decided(actions.hand_on(person, request, **given), person)


def _decided(request: ExpertRequest, person: Person) -> Response:
    """Respond with what was decided; who accepted can go on to the answer."""
    db.session.flush()
    turn = turn_of(request)
    to = DONE
    if request.expert_id != person.id:
        flash(_("Dank u voor uw bericht. Deze vraag ligt niet meer bij u."))
    else:
        flash(_("Dank u. De vrager ziet dat u antwoordt."))
        to = f"/expert/answer/{answer_token(turn)}" if turn and person.entered else DONE
    return respond(lambda: request_row(request.id), to=to)


@routes.get(DONE)
@endpoint("experts.done", open=True)
def done() -> Response:
    """Show that it is done, to whoever came by a link of the mail; what was done is in the message above."""
    return respond(page="experts/done.html")


@routes.get("/expert/answer/<token>")
@endpoint("experts.answer_form", open=True)
def answer_form(token: str) -> Response:
    """Show the question with a field for the answer to whoever has the link of the mail."""
    found = read_token(ANSWERING, token)
    if found is None:
        return _ended()
    request, person = found
    thread = db.session.get_one(Thread, request.thread_id)
    return respond(
        page="experts/answer.html",
        thread=thread,
        writes=bool(person.entered) and access.may(person, "threads.reply", thread),
        size=audience_size(request.audience_id),
        **_page(person, request, token),
    )


@routes.post("/expert/answer/<token>")
@endpoint("experts.answer_by_mail", takes=forms.Answer, gives=forms.RequestOut, form=answer_form, open=True, status=201)
def answer_by_mail(token: str, given: dict[str, Any]) -> Response:
    """Answer a question by the link of the mail: a reply in its thread."""
    found = read_token(ANSWERING, token)
    if found is None or not found[1].entered:
        return _ended()
    request, person = found
    threads.reply(person, db.session.get_one(Thread, request.thread_id), **given)
    flash(_("Uw antwoord is geplaatst. Dank u wel."))
    return respond(lambda: request_row(request.id), to=DONE, status=201)
