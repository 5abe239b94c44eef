"""Endpoints of a partnership towards others: a question to a community, and the consent of its organisations."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Response, g
from flask_login import current_user

from cop import access
from cop.base import text
from cop.base.db import db
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.partnerships import actions, forms
from cop.partnerships.models import CheckIn, challenge_of
from cop.partnerships.routes.blueprint import find_inside, routes
from cop.partnerships.routes.showing import show
from cop.society.programmes import Partnership
from cop.things import kinds

TITLE = 120  # characters of the help wanted that become the title


@routes.get("/partnerships/<int:id>/questions/new")
@endpoint("partnerships.question", asks=forms.Source)
def question(id: int, asked: dict[str, Any] | None = None) -> Response:
    """Show the form that makes a question of the help wanted in a check-in, or in the local challenge."""
    found = find_inside(id)
    if "problem" not in g:
        access.judge(current_user, "partnerships.ask", found)
    typed = g.typed.value("check_in") if "typed" in g else ""
    check_in = int(typed) if typed.isdecimal() and len(typed) < 10 else (asked or {}).get("check_in")
    return respond(
        page="partnerships/question.html",
        partnership=found,
        programme=found.programme,
        communities=actions.communities_to_ask(current_user, found),
        check_in=check_in,
        help=(help := _help_wanted(found, check_in)),
        title=text.excerpt(help.partition("\n")[0], TITLE),
        key=uuid4(),
    )


def _help_wanted(partnership: Partnership, check_in: int | None) -> str:
    """Return the help that is wanted in an answered check-in, or without one in the local challenge."""
    if check_in is not None:
        found = db.session.get(CheckIn, check_in)
        return found.help_wanted if found is not None and found.partnership_id == partnership.id else ""
    now = challenge_of(partnership.id)
    return now.help_wanted if now else ""


@routes.post("/partnerships/<int:id>/questions")
@endpoint("partnerships.ask", takes=forms.Ask, gives=forms.QuestionOut, form=question, status=201)
def ask(id: int, given: dict[str, Any]) -> Response:
    """Make a question in a community of the help that the partnership wants."""
    found = access.find(current_user, Partnership, id)
    asked = actions.ask(current_user, found, **given)
    url = kinds.url("thread", asked.thread_id)
    flash(_("Uw vraag staat nu in de praktijkgemeenschap. U krijgt bericht als iemand antwoordt."))
    return respond(forms.QuestionOut(thread=asked.thread_id, url=url), to=url, status=201)


@routes.put("/partnerships/<int:id>/consents/<int:organisation>")
@endpoint("partnerships.consent", form=lambda id, organisation: show(id=id))
def consent(id: int, organisation: int) -> Response:
    """Record that an organisation agrees that its work is shown outside the programme."""
    found = access.find(current_user, Partnership, id)
    actions.consent(current_user, found, organisation=organisation)
    flash(_("De toestemming is vastgelegd."), undo=f"{found.url}/consents/{organisation}/delete")
    return respond(to=f"{found.url}#partners")


@routes.delete("/partnerships/<int:id>/consents/<int:organisation>")
@endpoint("partnerships.withdraw_consent", form=lambda id, organisation: show(id=id))
def withdraw_consent(id: int, organisation: int) -> Response:
    """Record that an organisation no longer agrees."""
    found = access.find(current_user, Partnership, id)
    actions.withdraw_consent(current_user, found, organisation=organisation)
    flash(_("De toestemming is ingetrokken."), undo=f"{found.url}/consents/{organisation}")
    return respond(to=f"{found.url}#partners")
