"""Endpoints of breaches: removing and reporting what a thing says, and the administrators' notes."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user
from sqlalchemy import select

from cop import access
from cop.base import personal_data
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Forbidden, Invalid, NotFound
from cop.base.web import Routes, Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.breaches import actions, forms, removing
from cop.breaches.models import LISTED, Breach, breaches, open_breaches, steps_of, told_of
from cop.documents.models import File, Version
from cop.things import Thing, bodies, kinds
from cop.threads.models import Thread

routes = Routes("breaches", __name__)
KINDS = ("post", "message", "thread", "file")


def _thing(id: int) -> Thing:
    """Return the thing, if the viewer sees it and its kind can be removed and reported; raise Forbidden for who may not."""
    thing = access.find(current_user, Thing, id)
    if thing.kind not in KINDS:
        raise NotFound
    access.judge(current_user, "breaches.report", thing)
    return thing


@routes.get("/things/<int:id>/breach")
@endpoint("breaches.form")
def form(id: int) -> Response:
    """Show the form to remove and report what a thing says."""
    thing = _thing(id)
    return respond(
        page="breaches/form.html",
        thing=thing,
        noun=kinds.get(thing.kind).noun(),
        url=kinds.url(thing.kind, thing.id),
        found=_found(thing),
        versions=list(
            db.session.scalars(
                select(Version).where(Version.file_id == thing.id).order_by(Version.number.desc()).limit(100)
            )
        )
        if isinstance(thing, File)
        else [],
    )


def _found(thing: Thing) -> set[str]:
    """Return the kinds of numbers that the text of a thing holds now, which the form ticks."""
    said = thing.title if thing.kind in ("thread", "file") else bodies.body_of(thing).plain
    return {one.kind for one in personal_data.check(said).blocks}


@routes.post("/things/<int:id>/breach")
@endpoint("breaches.report", takes=forms.Report, gives=forms.ReportedOut, form=form, status=201, own_transaction=True)
def report(id: int, given: dict[str, Any]) -> Response:
    """Remove what a thing says, with its versions and copies, and note the breach for the administrators."""
    thing = _thing(id)
    blob = removing.store_placeholder() if thing.kind == "file" else None
    with transaction():
        thing = _thing(id)
        number = given.get("number")
        if number is not None and db.session.get(Version, (thing.id, number)) is None:
            raise Invalid(errors={"number": _("Kies een versie uit de lijst.")})
        breach = actions.report(current_user, thing, **given, blob=blob)
        to = thing.url if isinstance(thing, (File, Thread)) else kinds.url(thing.kind, thing.id)
        flash(_("De tekst is overal verwijderd, en de beheerder krijgt bericht."))
        return respond(breach, to=to, status=201)


def _only_administrators() -> None:
    if not access.may(current_user, "breaches.close", None):
        raise Forbidden(_("Deze pagina is voor beheerders. Neem contact op als er iets niet werkt."))


def _breach(id: int) -> Breach:
    _only_administrators()
    found = db.session.get(Breach, id)
    if found is None:
        raise NotFound
    return found


@routes.get("/breaches")
@endpoint("breaches.list", asks=forms.Listing, gives=forms.BreachOut, many=True)
def list_(asked: dict[str, Any]) -> Response:
    """List the breaches, newest first."""
    _only_administrators()
    found = breaches(asked.get("before"))
    shown = found[:LISTED]
    older = f"?before={shown[-1].id}" if len(found) > LISTED else None
    return respond_list(
        Slice(shown),
        page="breaches/list.html",
        older=older,
        open=open_breaches(),
        told=told_of([one.id for one in shown]),
    )


@routes.get("/breaches/<int:id>")
@endpoint("breaches.show", gives=forms.BreachOut)
def show(id: int) -> Response:
    """Show the note of a breach, and what was done about it."""
    breach = _breach(id)
    steps = steps_of(breach)
    return respond(
        breach,
        page="breaches/show.html",
        breach=breach,
        steps=steps,
        told=next((step for step in steps if step.kind == "authority"), None),
        copies=_addresses([*breach.copies, *([breach.thing_id] if breach.thing_id else [])]),
    )


def _addresses(ids: list[int]) -> dict[int, tuple[str, str]]:
    """Return the noun and address of things by id; an administrator may be unable to open them."""
    rows = db.session.execute(select(Thing.__table__.c.id, Thing.__table__.c.kind).where(Thing.__table__.c.id.in_(ids)))
    return {row.id: (kinds.get(row.kind).noun(), kinds.url(row.kind, row.id)) for row in rows}


@routes.post("/breaches/<int:id>/steps")
@endpoint("breaches.note", takes=forms.Note, gives=forms.StepOut, form=show, status=201)
def note(id: int, given: dict[str, Any]) -> Response:
    """Note what was done about a breach."""
    breach = _breach(id)
    step = actions.note(current_user, breach, **{"kind": "note", **given})
    flash(_("Uw aantekening is bewaard."))
    return respond(step, to=breach.url, status=201)


@routes.put("/breaches/<int:id>/closure")
@endpoint("breaches.close", takes=forms.Close, gives=forms.BreachOut, form=show)
def close(id: int, given: dict[str, Any]) -> Response:
    """Close a breach and say why."""
    breach = _breach(id)
    actions.close(current_user, breach, **given)
    flash(_("De melding is afgesloten."), undo=f"{breach.url}/closure/delete")
    return respond(breach, to=breach.url)


@routes.delete("/breaches/<int:id>/closure")
@endpoint("breaches.reopen", gives=forms.BreachOut)
def reopen(id: int) -> Response:
    """Open a closed breach again."""
    breach = _breach(id)
    actions.reopen(current_user, breach)
    flash(_("De melding is weer open."))
    return respond(breach, to=breach.url)
