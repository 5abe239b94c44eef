"""Endpoints of an expert: the desk, one's answers, and what one does with a question."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.web import Slice, endpoint, flash, respond_list
from cop.base.words import _
from cop.experts import actions, forms
from cop.experts.models import answered_by, open_of, terms_of
from cop.experts.routes.asking import show
from cop.experts.routes.blueprint import find, routes, shown

FEW = 5  # answers that the desk shows


@routes.get("/expert")
@endpoint("experts.desk", gives=forms.RequestOut, many=True)
def desk() -> Response:
    """List the questions that wait for the viewer, the first that is due above; with their last answers and their terms."""
    person = viewer()
    rows = open_of(person)
    return respond_list(
        Slice(rows),
        page="experts/desk.html",
        context=lambda: {
            "answers": answered_by(person, limit=FEW),
            "terms": terms_of(person),
            "audiences": {row.audience_id: access.audience(person, row.audience_id) for row in rows},
        },
    )


@routes.get("/expert/answers")
@endpoint("experts.answers", asks=forms.Answers, gives=forms.RequestOut, many=True)
def answers(asked: dict[str, Any]) -> Response:
    """List the questions that the viewer answered as an expert, the newest first."""
    found = answered_by(viewer(), before=asked["after"], limit=asked["limit"])
    return respond_list(found, page="experts/answers.html", asked=asked)


@routes.put("/expert/<int:id>/acceptance")
@endpoint("experts.accept", gives=forms.RequestOut, form=show)
def accept(id: int) -> Response:
    """Say that the viewer will answer a question."""
    found = actions.accept(viewer(), find(id))
    flash(_("Dank u. De vrager ziet dat u antwoordt."))
    return shown(found)


@routes.put("/expert/<int:id>/decline")
@endpoint("experts.decline", takes=forms.Decline, gives=forms.RequestOut, form=show)
def decline(id: int, given: dict[str, Any]) -> Response:
    """Decline a question; it goes to the next expert."""
    found = actions.decline(viewer(), find(id), **given)
    flash(_("Dank u voor uw bericht. De vraag gaat naar iemand anders als die er is."))
    return shown(found)


@routes.put("/expert/<int:id>/hand-on")
@endpoint("experts.hand_on", takes=forms.HandOn, gives=forms.RequestOut, form=show)
def hand_on(id: int, given: dict[str, Any]) -> Response:
    """Hand a question on to a colleague."""
    found = actions.hand_on(viewer(), find(id), **given)
    flash(_("De vraag ligt nu bij uw collega."))
    return shown(found)
