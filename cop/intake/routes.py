"""Endpoints of a call: its public page, and the pages on which the team prepares it."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user
from sqlalchemy import func, select

from cop import access
from cop.base import clock
from cop.base.db import db
from cop.base.questionnaires import missing_parts, newest_version
from cop.base.web import Routes, endpoint, flash, respond
from cop.base.words import _
from cop.intake import actions, forms
from cop.intake.actions import lacking
from cop.intake.arrival import note_arrival, received
from cop.intake.finding import conflicted, leads, led_application, led_call, public_call, viewer
from cop.intake.kinds_of_organisation import kind_options, kind_words, needed_words
from cop.intake.models import Application, Call
from cop.society.programmes import Programme

routes = Routes("intake", __name__)
routes.before_request(note_arrival)


@routes.get("/calls/<slug>")
@endpoint("calls.show", gives=forms.CallOut, open=True)
def show(slug: str) -> Response:
    """Show a call to everybody: what it asks, until when, and how to apply."""
    call = public_call(slug)
    form = newest_version(call.questionnaire_id).parsed
    return respond(
        call,
        page="intake/call.html",
        call=call,
        form=form,
        open_now=call.open_at(received()),
        composition=needed_words(missing_parts(form.composition, [])),
        preview=call.published is None,
        leads=leads(current_user, call),
        now=received(),
    )


@routes.get("/programmes/<slug>/calls")
@endpoint("calls.list", gives=forms.CallsOut)
def list_calls(slug: str) -> Response:
    """Show the calls of a programme to its team, with the form to add one."""
    programme = access.find(viewer(), Programme, slug=slug)
    access.judge(current_user, "calls.add", programme)
    found = list(db.session.scalars(select(Call).where(Call.programme_id == programme.id).order_by(Call.id.desc())))
    counts: dict[int, int] = dict(
        db.session.execute(
            select(Application.call_id, func.count())
            .where(Application.call_id.in_([call.id for call in found]), Application.state == "submitted")
            .group_by(Application.call_id)
        ).all()  # type: ignore[arg-type]
    )
    return respond(
        {"items": [forms.CallOut.model_validate(call, from_attributes=True) for call in found]},
        page="intake/calls.html",
        programme=programme,
        calls=found,
        counts=counts,
        now=clock.now(),
    )


@routes.post("/programmes/<slug>/calls")
@endpoint("calls.add", takes=forms.CallNew, gives=forms.CallOut, form=list_calls, status=201)
def add(slug: str, given: dict[str, Any]) -> Response:
    """Add a call to a programme."""
    programme = access.find(viewer(), Programme, slug=slug)
    call = actions.add(viewer(), programme, **given)
    flash(_("De oproep is gemaakt. Vul hem verder in; hij is nog niet te zien."))
    return respond(call, to=f"{call.url}/edit", status=201)


@routes.get("/calls/<slug>/edit")
@endpoint("calls.settings")
def settings(slug: str) -> Response:
    """Show the page to prepare a call on: text, settings, times and publishing."""
    call = led_call(slug)
    return respond(
        page="intake/settings.html",
        call=call,
        programme=call.programme,
        lacking=lacking(call),
        begun=db.session.scalar(select(func.count()).where(Application.call_id == call.id)) or 0,
        decides=not conflicted(viewer(), call),
        now=clock.now(),
        local=clock.local,
    )


@routes.patch("/calls/<slug>")
@endpoint("calls.edit", takes=forms.CallEdit, gives=forms.CallOut, form=settings)
def edit(slug: str, given: dict[str, Any]) -> Response:
    """Change a call."""
    call = actions.edit(viewer(), led_call(slug), **given)
    flash(_("De oproep is opgeslagen."))
    return respond(call, to=f"{call.url}/edit")


@routes.put("/calls/<slug>/publication")
@endpoint("calls.publish", takes=forms.CallEdit, gives=forms.CallOut, form=settings)
def publish(slug: str, given: dict[str, Any]) -> Response:
    """Publish a call, with the changes that are sent along."""
    call = led_call(slug)
    if given:
        actions.edit(viewer(), call, **given)
    actions.publish(viewer(), call)
    flash(_("De oproep is nu voor iedereen te zien."), undo=f"{call.url}/publication/delete")
    return respond(call, to=f"{call.url}/edit")


@routes.delete("/calls/<slug>/publication")
@endpoint("calls.unpublish", gives=forms.CallOut, form=settings)
def unpublish(slug: str) -> Response:
    """Take a call back."""
    call = actions.unpublish(viewer(), led_call(slug))
    flash(_("De oproep is niet meer te zien."), undo=f"{call.url}/publication")
    return respond(call, to=f"{call.url}/edit")


@routes.post("/calls/<slug>/windows")
@endpoint("calls.reopen", takes=forms.Reopen, gives=forms.CallOut, form=settings, status=201)
def reopen(slug: str, given: dict[str, Any]) -> Response:
    """Open a call again."""
    call = actions.reopen(viewer(), led_call(slug), **given)
    flash(_("De oproep is weer open."))
    return respond(call, to=f"{call.url}/edit", status=201)


@routes.put("/calls/<slug>/deadline")
@endpoint("calls.move_deadline", takes=forms.MoveDeadline, gives=forms.CallOut, form=settings)
def move_deadline(slug: str, given: dict[str, Any]) -> Response:
    """Let an open call close at another moment."""
    call = actions.move_deadline(viewer(), led_call(slug), **given)
    flash(_("De sluiting is verzet."))
    return respond(call, to=f"{call.url}/edit")


@routes.get("/calls/<slug>/form")
@endpoint("calls.form", gives=forms.FormOut)
def form(slug: str) -> Response:
    """Show the form of a call to build: its sections, questions, criteria and composition."""
    call = led_call(slug)
    version = newest_version(call.questionnaire_id)
    parsed = version.parsed
    return respond(
        {"version": version.number, "definition": parsed},
        page="intake/form.html",
        call=call,
        programme=call.programme,
        form=parsed,
        version=version,
        begun=db.session.scalar(select(func.count()).where(Application.call_id == call.id)) or 0,
        kinds=kind_options(),
        kind_words=kind_words(),
        composition=needed_words(missing_parts(parsed.composition, [])),
    )


@routes.put("/calls/<slug>/form")
@endpoint("calls.build", takes=forms.Build, gives=forms.FormOut, form=form)
def build(slug: str, given: dict[str, Any]) -> Response:
    """Change the form by a step, or replace it."""
    call = led_call(slug)
    actions.build(viewer(), call, **given)
    version = newest_version(call.questionnaire_id)
    flash(_("Het formulier is opgeslagen."))
    at = (given.get("step") or {}).get("key") or (given.get("step") or {}).get("section")
    return respond(
        {"version": version.number, "definition": version.parsed}, to=f"{call.url}/form{f'#{at}' if at else ''}"
    )


@routes.get("/applications/<reference>/extension")
@endpoint("applications.extension")
def extension(reference: str) -> Response:
    """Show the page to give one application more time on."""
    application = led_application(reference)
    return respond(page="intake/extension.html", application=application, call=application.call, local=clock.local)


@routes.post("/applications/<reference>/extension")
@endpoint("applications.extend", takes=forms.Extend, gives=forms.ApplicationOut, form=extension)
def extend(reference: str, given: dict[str, Any]) -> Response:
    """Give one application more time."""
    application = actions.extend(viewer(), led_application(reference), **given)
    flash(_("Deze aanvraag heeft nu meer tijd."))
    return respond(application, to=f"{application.call.url}/applications")
