"""Endpoints of reviewing guidance."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop.access import viewer
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.guidance import actions, forms
from cop.guidance.models import Card, find_comment
from cop.guidance.routes.blueprint import find, routes
from cop.guidance.routes.showing import respond_with, show


@routes.put("/guidance/<int:id>/review")
@endpoint("guidance.review", takes=forms.Review, gives=forms.CardOut, form=show)
def review(id: int, given: dict[str, Any]) -> Response:
    """Ask an expert or moderator to review a draft."""
    card = actions.review(viewer(), find(id), **given)
    flash(_("De beoordelaar krijgt bericht."), undo=f"{card.url}/review/delete")
    return respond_with(card)


@routes.delete("/guidance/<int:id>/review")
@endpoint("guidance.withdraw", gives=forms.CardOut, form=show)
def withdraw(id: int) -> Response:
    """Make guidance in review a draft again."""
    card = actions.withdraw(viewer(), find(id))
    flash(_("Dit is weer een concept."))
    return respond_with(card)


@routes.put("/guidance/<int:id>/advice")
@endpoint("guidance.advise", takes=forms.Advise, gives=forms.CardOut, form=show)
def advise(id: int, given: dict[str, Any]) -> Response:
    """Approve guidance, or ask for changes."""
    card = actions.advise(viewer(), find(id), **given)
    flash(_("Dank u. De eigenaar krijgt bericht."))
    return respond_with(card)


@routes.post("/guidance/<int:id>/comments")
@endpoint("guidance.comment", takes=forms.Comment, gives=forms.CommentOut, form=show, status=201)
def comment(id: int, given: dict[str, Any]) -> Response:
    """Comment on guidance that is being written."""
    found = actions.comment(viewer(), find(id), **given)
    flash(_("Uw opmerking staat erbij."), undo=f"{found.url}/delete")
    return _commented(found.card, found, status=201)


def _commented(card: Card, found: Any, status: int = 200) -> Response:
    work = "?version=0" if card.revised else ""
    return respond(found, to=f"{card.url}{work}#comments", status=status)


@routes.put("/guidance/comments/<int:id>/settlement")
@endpoint("guidance.settle", gives=forms.CommentOut)
def settle(id: int) -> Response:
    """Record that a comment was dealt with."""
    found = actions.settle(viewer(), find_comment(viewer(), id))
    return _commented(found.card, found)


@routes.delete("/guidance/comments/<int:id>/settlement")
@endpoint("guidance.reopen", gives=forms.CommentOut)
def reopen(id: int) -> Response:
    """Record that a comment was not dealt with after all."""
    found = actions.reopen(viewer(), find_comment(viewer(), id))
    return _commented(found.card, found)


@routes.delete("/guidance/comments/<int:id>")
@endpoint("guidance.uncomment")
def uncomment(id: int) -> Response:
    """Remove a comment."""
    found = actions.uncomment(viewer(), find_comment(viewer(), id))
    flash(_("De opmerking is verwijderd."))
    return _commented(found.card, None)
