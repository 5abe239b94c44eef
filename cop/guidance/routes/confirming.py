"""Endpoints of the link in the mail, by which the owner of guidance says whether it still holds.

Opening it changes nothing, for mail scanners follow links.
"""

from __future__ import annotations

from flask import Response

from cop import access
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.guidance import actions
from cop.guidance.models import read_confirmation_token
from cop.guidance.routes.blueprint import routes
from cop.meetings import answer_links


@routes.get("/guidance/confirmation/<token>")
@endpoint("guidance.mailed", open=True)
def mailed(token: str) -> Response:
    """Show guidance and the two buttons to whoever has the link of the mail."""
    found = read_confirmation_token(token)
    if found is None:
        return answer_links.ended()
    card, person = found
    return respond(
        page="guidance/mailed.html",
        card=card,
        person=person,
        token=token,
        may_confirm=access.may(person, "guidance.confirm", card),
        audience=access.audience(person, card.audience_id),
    )


@routes.put("/guidance/confirmation/<token>")
@endpoint("guidance.confirm_by_mail", form=mailed, open=True)
def confirm_by_mail(token: str) -> Response:
    """Record that guidance still holds, by the link of the mail, without signing in."""
    found = read_confirmation_token(token)
    if found is None:
        return answer_links.ended()
    card, person = found
    actions.confirm(person, card)
    flash(_("Dank u. Over een jaar vragen wij het weer."))
    return respond(to=f"/guidance/confirmation/{token}")


@routes.put("/guidance/confirmation/<token>/revision")
@endpoint("guidance.revise_by_mail", form=mailed, open=True)
def revise_by_mail(token: str) -> Response:
    """Begin a new version of guidance, by the link of the mail, without signing in."""
    found = read_confirmation_token(token)
    if found is None:
        return answer_links.ended()
    card, person = found
    actions.revise(person, card)
    flash(_("De herziening is begonnen. Meld u aan om te schrijven."))
    return respond(to=f"/guidance/confirmation/{token}")
