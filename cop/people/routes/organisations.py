"""Endpoints of organisations."""

from __future__ import annotations

from difflib import SequenceMatcher
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
from cop.people.organisation_uses import Uses
from cop.people.routes.blueprint import routes
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person
from cop.society.regions import province_of, towns

ALIKE = 0.6  # names at least this similar come first in the list to merge into


def every_organisation() -> list[Organisation]:
    """Return every organisation that the viewer may see, by name."""
    visible = select(Organisation).where(access.visible_to(current_user._get_current_object(), Organisation))
    return list(db.session.scalars(visible.order_by(func.lower(Organisation.name))))


@routes.get("/organisations")
@endpoint("organisations.list", gives=forms.OrganisationOut, many=True)
def list_() -> Response:
    """List the organisations, for people who may add one; 404 for others."""
    if not access.may(current_user, "organisations.add", None):
        raise NotFound
    counted = (
        select(Person.organisation_id, func.count().label("n"))
        .where(Person.state != "deactivated", access.visible_to(current_user._get_current_object(), Person))
        .group_by(Person.organisation_id)
    )
    count = {row.organisation_id: row.n for row in db.session.execute(counted)}
    return respond_list(
        Slice(every_organisation()),
        page="people/organisations.html",
        count=count,
        may_import=access.may(current_user, "municipalities.import", None),
    )


@routes.post("/organisations")
@endpoint("organisations.add", takes=forms.NewOrganisation, gives=forms.OrganisationOut, form=list_, status=201)
def add(given: dict[str, Any]) -> Response:
    """Record an organisation."""
    organisation = actions.add_organisation(current_user, None, **given)
    flash(_("%(name)s is toegevoegd.", name=organisation.name))
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
        town=towns().get(organisation.municipality_code or ""),
        province=province_of(organisation),
        may_edit=access.may(current_user, "organisations.edit", organisation),
        may_remove=access.may(current_user, "organisations.remove", organisation),
    )


@routes.get("/organisations/<int:id>/edit")
@endpoint("organisations.settings")
def settings(id: int) -> Response:
    """Show the page to edit an organisation on."""
    organisation = access.find(current_user, Organisation, id)
    access.judge(current_user, "organisations.edit", organisation)
    return respond(
        page="people/organisation_edit.html",
        organisation=organisation,
        towns=[town for town in towns().values() if not town.ended or town.code == organisation.municipality_code],
    )


@routes.patch("/organisations/<int:id>")
@endpoint("organisations.edit", takes=forms.EditOrganisation, gives=forms.OrganisationOut, form=settings)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change an organisation."""
    organisation = access.find(current_user, Organisation, id)
    actions.edit_organisation(current_user, organisation, **given)
    flash(_("De gegevens van %(name)s zijn opgeslagen.", name=organisation.name))
    return respond(organisation, to=organisation.url)


@routes.get("/organisations/<int:id>/removal")
@endpoint("organisations.removal")
def removal(id: int) -> Response:
    """Ask for confirmation before an organisation is removed, or show what uses it."""
    organisation = access.find(current_user, Organisation, id)
    access.judge(current_user, "organisations.remove", organisation)
    return respond(
        page="people/organisation_removal.html", organisation=organisation, uses=Uses.of(organisation).in_words()
    )


@routes.delete("/organisations/<int:id>")
@endpoint("organisations.remove", form=removal)
def remove(id: int) -> Response:
    """Remove an organisation that nothing uses."""
    organisation = access.find(current_user, Organisation, id)
    actions.remove_organisation(current_user, organisation)
    fields = {name: getattr(organisation, name) for name in ("name", "kind", "region", "province", "about")}
    fields["municipality"] = organisation.municipality_code or ""
    flash(_("%(name)s is verwijderd.", name=organisation.name), undo="/organisations", **fields)
    return respond(to="/organisations")


@routes.get("/organisations/<int:id>/merging")
@endpoint("organisations.merging", asks=forms.AskMerge)
def merging(id: int, asked: dict[str, Any] | None = None) -> Response:
    """Ask into which organisation to merge one, then show what would move there."""
    organisation = access.find(current_user, Organisation, id)
    access.judge(current_user, "organisations.merge", organisation)
    others = [
        other
        for other in every_organisation()
        if other.id != organisation.id and access.may(current_user, "organisations.edit", other)
    ]
    into = (asked or {}).get("into")
    return respond(
        page="people/organisation_merging.html",
        organisation=organisation,
        others=sorted(others, key=lambda other: not _alike(organisation.name, other.name)),
        target=next((other for other in others if other.id == into), None),
        uses=Uses.of(organisation),
    )


def _alike(name: str, other: str) -> bool:
    """Return whether two names may be those of one organisation."""
    return SequenceMatcher(None, name.casefold(), other.casefold()).ratio() > ALIKE


@routes.post("/organisations/<int:id>/merging")
@endpoint("organisations.merge", takes=forms.MergeInto, gives=forms.OrganisationOut, form=merging)
def merge(id: int, given: dict[str, Any]) -> Response:
    """Merge an organisation into another."""
    organisation = access.find(current_user, Organisation, id)
    name = organisation.name
    target = actions.merge_organisation(current_user, organisation, **given)
    flash(_("%(name)s is samengevoegd met %(other)s.", name=name, other=target.name))
    return respond(target, to=target.url)
