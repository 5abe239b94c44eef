"""Endpoints by which guidance is written."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from cop import access
from cop.access import viewer
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.guidance import actions, forms
from cop.guidance.models import find_removed, sections_of
from cop.guidance.routes.blueprint import find, routes
from cop.guidance.routes.showing import respond_with, show
from cop.society.programmes import Community


@routes.get("/communities/<slug>/guidance/new")
@endpoint("guidance.new")
def new(slug: str) -> Response:
    """Show the form to begin guidance."""
    community = access.find(viewer(), Community, slug=slug)
    access.judge(viewer(), "guidance.draft", community)
    return respond(page="guidance/new.html", community=community)


@routes.post("/communities/<slug>/guidance")
@endpoint("guidance.draft", takes=forms.Draft, gives=forms.CardOut, form=new, status=201)
def draft(slug: str, given: dict[str, Any]) -> Response:
    """Begin guidance with its title."""
    card = actions.draft(viewer(), access.find(viewer(), Community, slug=slug), **given)
    flash(_("Het concept staat klaar. Schrijf nu de tekst."))
    response = respond_with(card, status=201)
    if response.status_code == 303:
        response.location = f"{card.url}/edit"
    return response


@routes.get("/guidance/<int:id>/edit")
@endpoint("guidance.form")
def form(id: int) -> Response:
    """Show the form in which guidance is written; after a conflict with the text of the other beside one's own."""
    card = find(id)
    access.judge(viewer(), "guidance.edit", card)
    problem = g.get("problem")
    theirs = problem.extra if problem and "sections" in problem.extra else None
    return respond(
        page="guidance/edit.html",
        card=card,
        sections=sections_of(card.id),
        theirs=theirs,
        audience=access.audience(viewer(), card.audience_id),
    )


@routes.patch("/guidance/<int:id>")
@endpoint("guidance.edit", takes=forms.Edit, gives=forms.CardOut, form=form)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change the title and sections of guidance."""
    card = find(id)
    approved = card.approved is not None
    actions.edit(viewer(), card, **given)
    if approved and card.approved is None:
        flash(_("De wijziging is opgeslagen. De beoordelaar keurt haar opnieuw."))
    else:
        flash(_("De wijziging is opgeslagen."))
    return respond_with(card)


@routes.delete("/guidance/<int:id>")
@endpoint("guidance.remove", form=show)
def remove(id: int) -> Response:
    """Remove guidance that was never adopted; it can be put back."""
    card = actions.remove(viewer(), find(id))
    flash(_("Het concept is verwijderd."), undo=f"{card.url}/restoring")
    return respond(to=f"{access.audience(viewer(), card.audience_id).url}/guidance")


@routes.post("/guidance/<int:id>/restoring")
@endpoint("guidance.restore", gives=forms.CardOut)
def restore(id: int) -> Response:
    """Put back guidance that was removed."""
    card = actions.restore(viewer(), find_removed(viewer(), id))
    flash(_("Het concept staat er weer."))
    return respond_with(card)
