"""Endpoints that adopt guidance and keep it right."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop.access import viewer
from cop.base.web import endpoint, flash
from cop.base.words import _
from cop.guidance import actions, forms
from cop.guidance.routes.blueprint import find, routes
from cop.guidance.routes.showing import respond_with, show


@routes.put("/guidance/<int:id>/adoption")
@endpoint("guidance.adopt", takes=forms.Adopt, gives=forms.CardOut, form=show)
def adopt(id: int, given: dict[str, Any]) -> Response:
    """Adopt guidance that was approved."""
    card = actions.adopt(viewer(), find(id), **given)
    flash(_("Vastgesteld als versie %(n)s. Wie bijdroeg, krijgt bericht.", n=card.number))
    return respond_with(card)


@routes.put("/guidance/<int:id>/revision")
@endpoint("guidance.revise", gives=forms.CardOut, form=show)
def revise(id: int) -> Response:
    """Begin a new version; readers see the adopted one meanwhile."""
    card = actions.revise(viewer(), find(id))
    flash(_("U werkt nu aan een nieuwe versie. Lezers zien de vastgestelde versie tot u klaar bent."))
    return respond_with(card)


@routes.delete("/guidance/<int:id>/revision")
@endpoint("guidance.unrevise", gives=forms.CardOut, form=show)
def unrevise(id: int) -> Response:
    """End a revision; the text of the adopted version is put back."""
    card = actions.unrevise(viewer(), find(id))
    flash(_("De herziening is gestopt. De vastgestelde versie geldt."))
    return respond_with(card)


@routes.put("/guidance/<int:id>/confirmation")
@endpoint("guidance.confirm", gives=forms.CardOut, form=show)
def confirm(id: int) -> Response:
    """Record that adopted guidance still holds."""
    card = actions.confirm(viewer(), find(id))
    flash(_("Dank u. Over een jaar vragen wij het weer."))
    return respond_with(card)


@routes.put("/guidance/<int:id>/owner")
@endpoint("guidance.assign", takes=forms.Assign, gives=forms.CardOut, form=show)
def assign(id: int, given: dict[str, Any]) -> Response:
    """Give guidance another owner or date."""
    card = actions.assign(viewer(), find(id), **given)
    flash(_("De wijziging is opgeslagen."))
    return respond_with(card)


@routes.put("/guidance/<int:id>/expiry")
@endpoint("guidance.expire", takes=forms.Expire, gives=forms.CardOut, form=show)
def expire(id: int, given: dict[str, Any]) -> Response:
    """Record that guidance holds no more."""
    card = actions.expire(viewer(), find(id), **given)
    flash(_("De handreiking is vervallen."), undo=f"{card.url}/expiry/delete")
    return respond_with(card)


@routes.delete("/guidance/<int:id>/expiry")
@endpoint("guidance.reinstate", gives=forms.CardOut, form=show)
def reinstate(id: int) -> Response:
    """Record that expired guidance holds after all."""
    card = actions.reinstate(viewer(), find(id))
    flash(_("De handreiking geldt weer."))
    return respond_with(card)
