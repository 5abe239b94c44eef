"""Endpoints of organisations."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user
from sqlalchemy import func, or_, select

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.people import actions, forms
from cop.people.routes.blueprint import routes
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person


def every_organisation() -> list[Organisation]:
    """Return all organisations by name."""
    return list(db.session.scalars(select(Organisation).order_by(func.lower(Organisation.name))))


@routes.get("/organisations")
@endpoint("organisations.list", gives=forms.OrganisationOut, many=True)
def list_() -> Response:
    """List the organisations, for people who may add one; 404 for others."""
    if not access.may(current_user, "organisations.add", None):
        raise NotFound
    counted = (
        select(Person.organisation_id, func.count().label("n"))
        .where(Person.state != "deactivated")
        .group_by(Person.organisation_id)
    )
    count = {row.organisation_id: row.n for row in db.session.execute(counted)}
    return respond_list(Slice(every_organisation()), page="people/organisations.html", count=count)


@routes.post("/organisations")
@endpoint("organisations.add", takes=forms.NewOrganisation, gives=forms.OrganisationOut, form=list_, status=201)
def add(given: dict[str, Any]) -> Response:
    """Record an organisation."""
    organisation = actions.add_organisation(current_user, None, **given)
    flash(_("De organisatie is toegevoegd."))
    return respond(organisation, to=organisation.url, status=201)


@routes.get("/organisations/<int:id>")
@endpoint("organisations.show", gives=forms.OrganisationOut)
def show(id: int) -> Response:
    """Show an organisation and those of its people the viewer may see."""
    organisation = access.find(current_user, Organisation, id)
    works = select(Affiliation.person_id).where(Affiliation.organisation_id == organisation.id)
    people = list(
        db.session.scalars(
            select(Person)
            .order_by(Person.name)
            .where(
                access.visible_to(current_user, Person),
                Person.state != "deactivated",
                or_(Person.organisation_id == organisation.id, Person.id.in_(works)),
            )
        )
    )
    return respond(
        organisation,
        page="people/organisation.html",
        organisation=organisation,
        people=people,
        may=access.may(current_user, "organisations.edit", organisation),
    )


@routes.get("/organisations/<int:id>/edit")
@endpoint("organisations.settings")
def settings(id: int) -> Response:
    """Show the page to edit an organisation on."""
    organisation = access.find(current_user, Organisation, id)
    access.judge(current_user, "organisations.edit", organisation)
    return respond(page="people/organisation_edit.html", organisation=organisation)


@routes.patch("/organisations/<int:id>")
@endpoint("organisations.edit", takes=forms.EditOrganisation, gives=forms.OrganisationOut, form=settings)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change an organisation."""
    organisation = access.find(current_user, Organisation, id)
    actions.edit_organisation(current_user, organisation, **given)
    flash(_("Opgeslagen."))
    return respond(organisation, to=organisation.url)
