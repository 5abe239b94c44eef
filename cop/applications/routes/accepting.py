"""Endpoints of accepting: the organisations are matched by the team, and everything is made at once."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import func, select

from cop import access
from cop.applications import actions, forms
from cop.applications.actions.accepting import named_organisations
from cop.applications.routes.blueprint import routes
from cop.base import clock
from cop.base.action import UNDO_WITHIN
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.text.folding import fold_name
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.intake.finding import decided_application, viewer
from cop.intake.kinds_of_organisation import kind_words
from cop.intake.models import AcceptedApplication, Application, newest_snapshot
from cop.society.organisations import Organisation


@routes.get("/applications/<reference>/acceptance")
@endpoint("applications.acceptance")
def acceptance(reference: str) -> Response:
    """Show what accepting will make, with a choice for every organisation; or what it made."""
    application = decided_application(reference)
    if application.state != "submitted":
        raise NotFound
    made = db.session.scalar(
        select(AcceptedApplication).where(
            AcceptedApplication.application_id == application.id, AcceptedApplication.undone.is_(None)
        )
    )
    named = named_organisations(newest_snapshot(application))
    known = list(
        db.session.scalars(
            select(Organisation)
            .where(access.visible_to(viewer(), Organisation))
            .order_by(func.lower(Organisation.name))
        )
    )
    return respond(
        page="applications/acceptance.html",
        application=application,
        call=application.call,
        made=made,
        undoable=made is not None and made.entered is None and made.made > clock.now() - UNDO_WITHIN,
        named=[(row, _alike(row["name"], known)) for row in named],
        known=known,
        contacts=[one for one in application.contacts if one.verified and one.removed is None],
        communities=application.call.programme.communities,
        kind_words=kind_words(),
    )


def _alike(name: str, known: list[Organisation]) -> list[Organisation]:
    """Return known organisations of the same name, to be pointed at; the team chooses."""
    wanted = fold_name(name).strip()
    return [one for one in known if fold_name(one.name).strip() == wanted]


@routes.post("/applications/<reference>/acceptance")
@endpoint("applications.accept", takes=forms.Accept, gives=forms.AcceptedOut, form=acceptance, status=201)
def accept(reference: str, given: dict[str, Any]) -> Response:
    """Make the partnership of an application."""
    application = decided_application(reference)
    accepted = actions.accept(viewer(), application, **given)
    url = f"/partnerships/{accepted.partnership}"
    flash(_("De samenwerking is gemaakt en de mensen zijn uitgenodigd."), undo=f"{application.url}/acceptance/delete")
    return respond({"partnership": accepted.partnership, "url": url}, to=url, status=201)


@routes.delete("/applications/<reference>/acceptance")
@endpoint("applications.undo", form=acceptance)
def undo(reference: str) -> Response:
    """Take an acceptance back."""
    application: Application = decided_application(reference)
    actions.undo(viewer(), application)
    flash(_("De samenwerking en de uitnodigingen zijn teruggenomen."))
    return respond(to=f"{application.url}/acceptance")
