"""Endpoints of partnerships: organisations that work on one local challenge."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.programmes import actions, forms
from cop.programmes.routes.blueprint import every_organisation, people_to_choose, routes
from cop.society.programmes import Partnership, Programme


@routes.get("/partnerships/<int:id>")
@endpoint("partnerships.show", gives=forms.PartnershipOut)
def show(id: int) -> Response:
    """Show a partnership: its organisations, its people and its challenge."""
    found = access.find(current_user, Partnership, id)
    return respond(
        found,
        page="programmes/partnership.html",
        partnership=found,
        programme=found.programme,
        people=[person for person in found.people if person.is_active],
        may_edit=access.may(current_user, "partnerships.edit", found),
    )


@routes.get("/programmes/<slug>/partnerships/new")
@endpoint("partnerships.new")
def new(slug: str) -> Response:
    """Show the page to record a partnership on."""
    programme = access.find(current_user, Programme, slug=slug)
    access.judge(current_user, "partnerships.add", programme)
    return respond(
        page="programmes/partnership_new.html",
        programme=programme,
        organisations=every_organisation(),
        people=people_to_choose(),
    )


@routes.post("/programmes/<slug>/partnerships")
@endpoint("partnerships.add", takes=forms.PartnershipNew, gives=forms.PartnershipOut, form=new, status=201)
def add(slug: str, given: dict[str, Any]) -> Response:
    """Record a partnership."""
    programme = access.find(current_user, Programme, slug=slug)
    made = actions.add_partnership(current_user, programme, **given)
    flash(_("De samenwerking is toegevoegd."))
    return respond(made, to=made.url, status=201)


@routes.get("/partnerships/<int:id>/edit")
@endpoint("partnerships.settings")
def settings(id: int) -> Response:
    """Show the page to edit a partnership on."""
    found = access.find(current_user, Partnership, id)
    access.judge(current_user, "partnerships.edit", found)
    people = people_to_choose()
    return respond(
        page="programmes/partnership_settings.html",
        partnership=found,
        programme=found.programme,
        organisations=every_organisation(),
        people=[*people, *(person for person in found.people if person not in people)],
    )


@routes.patch("/partnerships/<int:id>")
@endpoint("partnerships.edit", takes=forms.PartnershipEdit, gives=forms.PartnershipOut, form=settings)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change a partnership."""
    found = access.find(current_user, Partnership, id)
    actions.edit_partnership(current_user, found, **given)
    flash(_("Opgeslagen."))
    return respond(found, to=found.url)
