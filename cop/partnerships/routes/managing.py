"""Endpoints by which the team records, changes and removes partnerships."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Response
from flask_login import current_user

from cop import access
from cop.access.choosing import organisations_to_choose, people_to_choose
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.partnerships import actions, forms
from cop.partnerships.routes.blueprint import routes
from cop.partnerships.routes.showing import partnership_out
from cop.society.programmes import Partnership, Programme
from cop.things.removal import contents

T = TypeVar("T")


@routes.get("/programmes/<slug>/partnerships/new")
@endpoint("partnerships.new")
def new(slug: str) -> Response:
    """Show the page to record a partnership on."""
    programme = access.find(current_user, Programme, slug=slug)
    access.judge(current_user, "partnerships.add", programme)
    return respond(
        page="partnerships/new.html",
        programme=programme,
        organisations=organisations_to_choose(current_user),
        people=people_to_choose(current_user),
    )


@routes.post("/programmes/<slug>/partnerships")
@endpoint("partnerships.add", takes=forms.PartnershipNew, gives=forms.PartnershipOut, form=new, status=201)
def add(slug: str, given: dict[str, Any]) -> Response:
    """Record a partnership."""
    programme = access.find(current_user, Programme, slug=slug)
    made = actions.add(current_user, programme, **given)
    flash(_("De samenwerking %(name)s is toegevoegd.", name=made.name))
    return respond(lambda: partnership_out(made), to=made.url, status=201)


@routes.get("/partnerships/<int:id>/edit")
@endpoint("partnerships.settings")
def settings(id: int) -> Response:
    """Show the page to edit a partnership on."""
    found = access.find(current_user, Partnership, id)
    access.judge(current_user, "partnerships.edit", found)
    return respond(
        page="partnerships/settings.html",
        partnership=found,
        programme=found.programme,
        organisations=_with(organisations_to_choose(current_user), found.organisations),
        people=_with(people_to_choose(current_user), found.people),
    )


def _with(options: list[T], chosen: list[T]) -> list[T]:
    """Return the options, and what was chosen before but is no option any more."""
    return [*options, *(one for one in chosen if one not in options)]


@routes.patch("/partnerships/<int:id>")
@endpoint("partnerships.edit", takes=forms.PartnershipEdit, gives=forms.PartnershipOut, form=settings)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change a partnership."""
    found = access.find(current_user, Partnership, id)
    actions.edit(current_user, found, **given)
    flash(_("De gegevens van %(name)s zijn opgeslagen.", name=found.name))
    return respond(lambda: partnership_out(found), to=found.url)


@routes.get("/partnerships/<int:id>/removal")
@endpoint("partnerships.removal")
def removal(id: int) -> Response:
    """Ask for confirmation before a partnership is removed, or show what stands in it."""
    found = access.find(current_user, Partnership, id)
    access.judge(current_user, "partnerships.remove", found)
    return respond(
        page="partnerships/removal.html",
        partnership=found,
        programme=found.programme,
        uses=contents(found.audience_id),
    )


@routes.delete("/partnerships/<int:id>")
@endpoint("partnerships.remove", form=removal)
def remove(id: int) -> Response:
    """Remove a partnership for which nothing stands."""
    found = access.find(current_user, Partnership, id)
    programme = found.programme
    actions.remove(current_user, found)
    flash(_("De samenwerking %(name)s is verwijderd.", name=found.name))
    return respond(to=f"{programme.url}/edit")
