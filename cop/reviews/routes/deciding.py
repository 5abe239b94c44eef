"""Endpoints of deciding: one sheet with the proposed outcomes, the mails to read and edit, and sending them."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import select

from cop.base.db import db
from cop.base.web import endpoint, flash, respond
from cop.base.words import _, n_
from cop.intake.finding import decided_application, decided_call, viewer
from cop.intake.kinds_of_organisation import kind_words
from cop.intake.models import AcceptedApplication, Application, Decision
from cop.reviews import actions, forms
from cop.reviews.routes.blueprint import routes
from cop.reviews.tables import composition, part, table, table_out


@routes.get("/calls/<slug>/decisions")
@endpoint("decisions.list", asks=forms.Around, gives=forms.TableOut)
def sheet(slug: str, asked: dict[str, Any] | None = None) -> Response:
    """Show the sheet with the proposed outcomes, within the number of places."""
    call = decided_call(slug)
    rows = [row for row in table(viewer(), call) if row.state == "submitted"]
    accepted = set(
        db.session.scalars(
            select(AcceptedApplication.application_id)
            .join(Application, Application.id == AcceptedApplication.application_id)
            .where(Application.call_id == call.id, AcceptedApplication.undone.is_(None))
        )
    )
    chosen = [row for row in rows if row.outcome == "admit"]
    return respond(
        lambda: table_out(rows, chosen),
        page="reviews/decisions.html",
        call=call,
        programme=call.programme,
        rows=rows,
        part=part(rows, (asked or {}).get("at", "")),
        ready=[row for row in rows if row.mail_state == "ready"],
        accepted=accepted,
        composition=composition(chosen),
        kind_words=kind_words(),
    )


def _decision(reference: str) -> Decision:
    return db.session.get_one(Decision, decided_application(reference).id)


@routes.get("/applications/<reference>/decision")
@endpoint("decisions.show", gives=forms.DecisionOut)
def show(reference: str) -> Response:
    """Show the proposed decision on an application, with the mail as it would be sent."""
    decision = _decision(reference)
    return respond(
        decision,
        page="reviews/decision.html",
        decision=decision,
        application=decision.application,
        call=decision.call,
    )


@routes.put("/applications/<reference>/decision")
@endpoint("decisions.propose", takes=forms.Propose, gives=forms.DecisionOut, form=show)
def propose(reference: str, given: dict[str, Any]) -> Response:
    """Propose an outcome."""
    decision = actions.propose(viewer(), _decision(reference), **given)
    return respond(decision, to=f"{decision.call.url}/decisions?at={reference}#{reference}")


@routes.put("/applications/<reference>/decision/mail")
@endpoint("decisions.edit_mail", takes=forms.EditMail, gives=forms.DecisionOut, form=show)
def edit_mail(reference: str, given: dict[str, Any]) -> Response:
    """Edit the mail, and release it for sending."""
    decision = actions.edit_mail(viewer(), _decision(reference), **given)
    ready = decision.mail_state == "ready"
    flash(_("De mail is klaar om te versturen.") if ready else _("De mail is opgeslagen."))
    to = f"{decision.call.url}/decisions" if ready else f"/applications/{reference}/decision"
    return respond(decision, to=to)


@routes.post("/calls/<slug>/announcement")
@endpoint("decisions.send", takes=forms.Send, gives=forms.Sent, form=sheet)
def send(slug: str, given: dict[str, Any]) -> Response:
    """Announce the chosen outcomes by mail."""
    call = decided_call(slug)
    sent = actions.send(viewer(), call, mails=given.get("mails", []))
    flash(n_("%(n)s uitkomst is bekendgemaakt.", "%(n)s uitkomsten zijn bekendgemaakt.", len(sent)))
    return respond({"sent": [one.reference for one in sent]}, to=f"{call.url}/decisions")
