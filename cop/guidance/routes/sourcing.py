"""Endpoints of the sources of guidance, and of the names of their authors."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from cop import access
from cop.access import viewer
from cop.base.forms import Typed
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.guidance import actions, forms
from cop.guidance.models import Card, find_source
from cop.guidance.reading import open_cards
from cop.guidance.routes.blueprint import find, routes
from cop.guidance.routes.showing import respond_with, show
from cop.guidance.sources import excerpt_of, find_by_address, find_thing, words_of


@routes.get("/things/<int:id>/guidance")
@endpoint("guidance.sourcing")
def sourcing(id: int) -> Response:
    """Show the form to take a message, outcome or document as a source of guidance."""
    person, thing = viewer(), find_thing(viewer(), id)
    access.judge(person, "guidance.take", thing)
    return respond(
        page="guidance/take.html",
        thing=thing,
        words=words_of(thing),
        excerpt=excerpt_of(thing),
        cards=open_cards(person, thing.audience_id),
        audience=access.audience(person, thing.audience_id),
        typed=g.get("typed") or Typed(),
    )


@routes.post("/things/<int:id>/guidance")
@endpoint("guidance.take", takes=forms.Take, gives=forms.CardOut, form=sourcing, status=201)
def take(id: int, given: dict[str, Any]) -> Response:
    """Take a message, outcome or document as a source of guidance that is being written, or of a new draft."""
    chosen = given.pop("card", None)
    card = access.find(viewer(), Card, chosen) if chosen else None
    return _taken(actions.take(viewer(), find_thing(viewer(), id), card=card, **given))


@routes.post("/guidance/<int:id>/sources")
@endpoint("guidance.take_address", takes=forms.TakeAddress, gives=forms.CardOut, form=show, status=201)
def take_address(id: int, given: dict[str, Any]) -> Response:
    """Take what stands at an address of this platform as a source of guidance that is being written."""
    card = find(id)
    access.judge(viewer(), "guidance.edit", card)
    thing = find_by_address(viewer(), given.pop("address"))
    return _taken(actions.take(viewer(), thing, card=card, **given))


def _taken(card: Card) -> Response:
    flash(_("De bron staat bij de handreiking. Wie dit schreef, krijgt bericht."))
    return respond_with(card, status=201, at="#sources")


@routes.put("/guidance/sources/<int:id>/affirmation")
@endpoint("guidance.affirm", gives=forms.CardOut)
def affirm(id: int) -> Response:
    """Record that guidance is still right after a source changed."""
    card = actions.affirm(viewer(), find_source(viewer(), id))
    flash(_("Genoteerd: de handreiking klopt nog met deze bron."))
    return respond_with(card, at="#sources")


@routes.delete("/guidance/sources/<int:id>")
@endpoint("guidance.leave_out", gives=forms.CardOut)
def leave_out(id: int) -> Response:
    """Leave a source out of guidance."""
    card = actions.leave_out(viewer(), find_source(viewer(), id))
    flash(_("De bron is weggelaten. U kunt haar opnieuw toevoegen."))
    return respond_with(card, at="#sources")


@routes.delete("/guidance/<int:id>/name")
@endpoint("guidance.withdraw_name", gives=forms.CardOut)
def withdraw_name(id: int) -> Response:
    """Withdraw one's own name from guidance; what one wrote stays."""
    card = actions.withdraw_name(viewer(), find(id))
    flash(_("Uw naam staat niet meer bij deze handreiking."), undo=f"{card.url}/name")
    return respond_with(card)


@routes.put("/guidance/<int:id>/name")
@endpoint("guidance.restore_name", gives=forms.CardOut)
def restore_name(id: int) -> Response:
    """Show one's own name beside what one wrote again."""
    card = actions.restore_name(viewer(), find(id))
    flash(_("Uw naam staat er weer bij."))
    return respond_with(card)
