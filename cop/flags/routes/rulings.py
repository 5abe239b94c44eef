"""Endpoints of rulings: what moderators told somebody, the appeal against it, and the decision on that."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.db import db
from cop.base.web import endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.flags import actions, forms
from cop.flags.models import Ruling, others_who_decide, ruling_row, rulings_about
from cop.flags.routes.blueprint import routes


def _find(id: int) -> Ruling:
    """Return a ruling about the viewer, or of where they moderate; raise NotFound for others."""
    return ruling_row(viewer(), id).ruling


def _shown(ruling: Ruling) -> Response:
    db.session.flush()
    return respond(lambda: ruling_row(viewer(), ruling.id), to=ruling.url)


@routes.get("/rulings")
@endpoint("rulings.list", asks=forms.Mine, gives=forms.RulingOut, many=True)
def list_(asked: dict[str, Any]) -> Response:
    """List what moderators told the viewer about what they did, the newest first."""
    return respond_list(
        rulings_about(viewer(), **asked),
        page="flags/rulings.html",
        asked=asked,
        audiences=access.rights(viewer()).audiences,
    )


@routes.get("/rulings/<int:id>")
@endpoint("rulings.show", gives=forms.RulingOut)
def show(id: int) -> Response:
    """Show a ruling to the person whom it is about, and to moderators."""
    row = ruling_row(viewer(), id)
    mine = row.ruling.person_id == viewer().id
    return respond(
        row,
        page="flags/ruling.html",
        row=row,
        mine=mine,
        decides=not mine and viewer().id in others_who_decide(row.ruling),
        place=access.audience(viewer(), row.ruling.audience_id),
    )


@routes.delete("/rulings/<int:id>")
@endpoint("rulings.withdraw", gives=forms.RulingOut, form=show)
def withdraw(id: int) -> Response:
    """Withdraw a request or a warning, as a moderator."""
    ruling = actions.withdraw_ruling(viewer(), _find(id))
    flash(_("Ingetrokken."))
    return _shown(ruling)


@routes.put("/rulings/<int:id>/appeal")
@endpoint("rulings.appeal", takes=forms.Appeal, gives=forms.RulingOut, form=show)
def appeal(id: int, given: dict[str, Any]) -> Response:
    """Appeal against a ruling about oneself, or write the appeal anew."""
    ruling = actions.appeal(viewer(), _find(id), **given)
    flash(_("Uw bezwaar is verstuurd. Een andere moderator bekijkt het."), undo=f"{ruling.url}/appeal/delete")
    return _shown(ruling)


@routes.delete("/rulings/<int:id>/appeal")
@endpoint("rulings.withdraw_appeal", gives=forms.RulingOut, form=show)
def withdraw_appeal(id: int) -> Response:
    """Withdraw an appeal until somebody has decided on it."""
    ruling = actions.withdraw_appeal(viewer(), _find(id))
    flash(_("Uw bezwaar is ingetrokken."))
    return _shown(ruling)


@routes.put("/rulings/<int:id>/decision")
@endpoint("rulings.decide", takes=forms.DecideAppeal, gives=forms.RulingOut, form=show)
def decide(id: int, given: dict[str, Any]) -> Response:
    """Decide on an appeal against the ruling of another moderator."""
    ruling = actions.decide(viewer(), _find(id), **given)
    undo = {"undo": f"{ruling.url}/decision/delete"} if ruling.upheld else {}
    flash(_("Besloten. De deelnemer krijgt bericht."), **undo)
    return _shown(ruling)


@routes.delete("/rulings/<int:id>/decision")
@endpoint("rulings.reconsider", gives=forms.RulingOut, form=show)
def reconsider(id: int) -> Response:
    """Take the decision back that a ruling stands: its appeal waits again."""
    ruling = actions.reconsider(viewer(), _find(id))
    flash(_("Het bezwaar wacht weer op een besluit."))
    return _shown(ruling)
