"""Verbs of organisations."""

from __future__ import annotations

from sqlalchemy import select

from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.society.organisations import Organisation
from cop.society.people import Person


@action("organisations.add")
def add_organisation(
    person: Person, thing: None, *, name: str, kind: str, region: str = "", about: str = ""
) -> Organisation:
    """Record an organisation. Raise Invalid when the name is taken."""
    _refuse_taken(name)
    organisation = Organisation(name=name, kind=kind, region=region, about=about)
    db.session.add(organisation)
    db.session.flush()
    detail(organisation=organisation.id)
    return organisation


@action("organisations.edit")
def edit_organisation(person: Person, organisation: Organisation, /, **fields: object) -> Organisation:
    """Change an organisation. Raise Invalid when the new name is taken."""
    name = fields.get("name", organisation.name)
    if name != organisation.name:
        _refuse_taken(str(name))
    for field, value in fields.items():
        setattr(organisation, field, value)
    return organisation


def _refuse_taken(name: str) -> None:
    if db.session.scalar(select(Organisation.id).where(Organisation.name == name)) is not None:
        raise Invalid(errors={"name": _("Deze organisatie bestaat al.")})
