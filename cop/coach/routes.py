"""Endpoints of the desk. Whoever leads no programme gets 404 from every one of them."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user
from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Routes, Slice, endpoint, flash, respond, respond_list
from cop.base.words import _, n_
from cop.coach import actions, forms
from cop.coach.models import last_message, settings_of, written
from cop.coach.signals import desks
from cop.coach.subjects import FINDERS, subject_of
from cop.society.programmes import Programme

routes = Routes("coach", __name__)


@routes.get("/coach")
@endpoint("coach.show", gives=forms.SignalOut, many=True)
def show() -> Response:
    """Show what needs an act in the programmes that the viewer leads."""
    if not access.rights(current_user).led:
        raise NotFound
    found = desks(current_user._get_current_object())
    listed = [
        (state, row)
        for desk in found
        for state, rows in (("act", desk.act), ("waiting", desk.waiting), ("aside", desk.aside))
        for row in rows
    ]
    return respond_list(Slice(listed), page="coach/desk.html", desks=found, today=clock.today(), mailable=set(FINDERS))


def _led(slug: str) -> Programme:
    """Return a programme that the viewer leads, else raise NotFound."""
    found = db.session.scalar(select(Programme).where(Programme.slug == slug))
    if found is None or not access.rights(current_user).leads(found.id):
        raise NotFound
    return found


@routes.get("/programmes/<slug>/desk")
@endpoint("coach.settings", gives=forms.SettingsOut)
def settings(slug: str) -> Response:
    """Show what counts as too long in a programme."""
    programme = _led(slug)
    found = settings_of(programme.id)
    return respond(
        found,
        page="coach/settings.html",
        programme=programme,
        found=found,
        may_edit=access.may(current_user, "coach.configure", programme),
    )


@routes.put("/programmes/<slug>/desk")
@endpoint("coach.configure", takes=forms.Configure, gives=forms.SettingsOut, form=settings)
def configure(slug: str, given: dict[str, Any]) -> Response:
    """Set what counts as too long in a programme."""
    found = actions.configure(current_user, _led(slug), **given)
    flash(_("De instellingen zijn opgeslagen."))
    return respond(found, to="/coach")


@routes.get("/programmes/<slug>/signals/<key>/message")
@endpoint("coach.message")
def message(slug: str, key: str) -> Response:
    """Show the form for a personal mail about a signal, with a suggested text."""
    programme = _led(slug)
    subject = subject_of(current_user._get_current_object(), programme, key)
    signal = (programme.id, subject.kind, subject.id)
    return respond(
        page="coach/message.html",
        programme=programme,
        subject=subject,
        key=key,
        seen=last_message(*signal),
        written=written([programme.id]).get(signal),
    )


@routes.post("/programmes/<slug>/signals/<key>/message")
@endpoint("coach.write", takes=forms.Message, gives=forms.CoachMessageOut, form=message, status=201)
def write(slug: str, key: str, given: dict[str, Any]) -> Response:
    """Mail people about a signal."""
    programme = _led(slug)
    people = given.pop("people", [])
    sent = actions.write(current_user, programme, key=key, people=people, **given)
    flash(n_("Uw mail is verstuurd.", "Uw mail is verstuurd aan %(n)s mensen.", len(sent)))
    return respond({"recipients": len(sent), "last": sent[-1].id}, to=f"/coach#{key}", status=201)


@routes.post("/programmes/<slug>/signals/<key>/invitation")
@endpoint("coach.invite_again", form=lambda slug, key: show())
def invite_again(slug: str, key: str) -> Response:
    """Send an invitation once more."""
    invited = actions.invite_again(current_user, _led(slug), key=key)
    flash(_("De uitnodiging aan %(name)s is opnieuw verstuurd.", name=invited.name or invited.mail))
    return respond(to="/coach")


@routes.put("/programmes/<slug>/signals/<key>/aside")
@endpoint("coach.set_aside", takes=forms.Aside, gives=forms.AsideOut)
def put_aside(slug: str, key: str, given: dict[str, Any]) -> Response:
    """Snooze a signal, or say that it is done."""
    programme = _led(slug)
    put = actions.set_aside(current_user, programme, key=key, **given)
    undo = f"{programme.url}/signals/{key}/aside/delete"
    flash(_("Dit is uitgesteld.") if put.until else _("Dit is afgehandeld."), undo=undo)
    return respond(put, to="/coach")


@routes.delete("/programmes/<slug>/signals/<key>/aside")
@endpoint("coach.bring_back")
def bring_back(slug: str, key: str) -> Response:
    """Show a signal again that was set aside."""
    actions.bring_back(current_user, _led(slug), key=key)
    flash(_("Dit staat weer in de lijst."))
    return respond(to=f"/coach#{key}")
