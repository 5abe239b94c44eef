"""The doors of partnerships: organisations that work on one local challenge."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.web import answer, door, say
from cop.base.words import _
from cop.programmes import actions, forms
from cop.programmes.models import Partnership, Programme
from cop.programmes.routes.blueprint import every_organisation, people_to_choose, routes


@routes.get("/partnerships/<int:id>")
@door("partnerships.show", gives=forms.PartnershipOut)
def show(id: int) -> Response:
    """A partnership: its organisations, its people and what they work on."""
    found = access.find(current_user, Partnership, id)
    return answer(
        found,
        page="programmes/partnership.html",
        partnership=found,
        programme=found.programme,
        people=[person for person in found.people if person.is_active],
        may_edit=access.may(current_user, "partnerships.edit", found),
    )


@routes.get("/programmes/<slug>/partnerships/new")
@door("partnerships.new")
def new(slug: str) -> Response:
    """The page on which a partnership is recorded."""
    programme = access.find(current_user, Programme, slug=slug)
    access.judge(current_user, "partnerships.add", programme)
    return answer(
        page="programmes/partnership_new.html",
        programme=programme,
        organisations=every_organisation(),
        people=people_to_choose(),
    )


@routes.post("/programmes/<slug>/partnerships")
@door("partnerships.add", takes=forms.PartnershipNew, gives=forms.PartnershipOut, form=new, status=201)
def add(slug: str, given: dict[str, Any]) -> Response:
    """Records a partnership."""
    programme = access.find(current_user, Programme, slug=slug)
    made = actions.add_partnership(current_user, programme, **given)
    say(_("De samenwerking is toegevoegd."))
    return answer(made, to=made.url, status=201)


@routes.get("/partnerships/<int:id>/edit")
@door("partnerships.settings")
def settings(id: int) -> Response:
    """The page on which a partnership is changed."""
    found = access.find(current_user, Partnership, id)
    access.judge(current_user, "partnerships.edit", found)
    people = people_to_choose()
    return answer(
        page="programmes/partnership_settings.html",
        partnership=found,
        programme=found.programme,
        organisations=every_organisation(),
        people=[*people, *(person for person in found.people if person not in people)],
    )


@routes.patch("/partnerships/<int:id>")
@door("partnerships.edit", takes=forms.PartnershipEdit, gives=forms.PartnershipOut, form=settings)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Changes a partnership."""
    found = access.find(current_user, Partnership, id)
    actions.edit_partnership(current_user, found, **given)
    say(_("Opgeslagen."))
    return answer(found, to=found.url)
