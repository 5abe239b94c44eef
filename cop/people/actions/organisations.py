"""Verbs of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, delete, func, select, update

from cop import access
from cop.base.action import action, detail
from cop.base.db import Base, advisory_lock, db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.people.organisation_uses import Uses
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person
from cop.society.programmes import PartnerOrganisation
from cop.society.regions import Municipality, province_of


@action("organisations.add")
def add_organisation(
    person: Person,
    thing: None,
    *,
    name: str,
    kind: str,
    region: str = "",
    province: str = "",
    municipality: str = "",
    about: str = "",
) -> Organisation:
    """Record an organisation. Raise Invalid when the person sees one of this name."""
    _refuse_taken(person, name)
    organisation = Organisation(name=name, kind=kind, region=region, about=about, added_by_id=person.id)
    _place(organisation, {"province": province, "municipality": municipality})
    db.session.add(organisation)
    db.session.flush()
    detail(organisation=organisation.id)
    return organisation


@action("organisations.edit")
def edit_organisation(person: Person, organisation: Organisation, /, **fields: object) -> Organisation:
    """Change an organisation. Raise Invalid when the person sees another of the new name."""
    name = str(fields.get("name", organisation.name))
    if name != organisation.name:
        _refuse_taken(person, name, organisation)
    for field, value in fields.items():
        if field not in PLACE:
            setattr(organisation, field, value)
    _place(organisation, {field: str(value) for field, value in fields.items() if field in PLACE})
    return organisation


PLACE = ("province", "municipality")


def _place(organisation: Organisation, given: dict[str, str]) -> None:
    """Set the municipality or the province, as far as given: a municipality has a province of its own.

    Raise Invalid for a municipality that is not known, or of an organisation that is none.
    """
    code = given.get("municipality", organisation.municipality_code or "")
    is_one = organisation.kind == "municipality"
    if given.get("municipality"):
        if not is_one:
            raise Invalid(errors={"municipality": _("Alleen een organisatie van de soort gemeente heeft er een.")})
        if db.session.get(Municipality, code) is None:
            raise Invalid(errors={"municipality": _("Kies een gemeente uit de lijst.")})
    organisation.municipality_code = code if code and is_one else None
    if organisation.municipality_code:
        organisation.province = ""
    else:
        organisation.province = given.get("province", organisation.province or "")


def _refuse_taken(person: Person, name: str, itself: Organisation | None = None) -> None:
    """Raise Invalid when the person sees an organisation of this name; one of another programme is not betrayed."""
    advisory_lock(f"organisation:{name.lower()}")
    taken = select(Organisation.id).where(
        func.lower(Organisation.name) == name.lower(), access.visible_to(person, Organisation)
    )
    if set(db.session.scalars(taken)) - {itself.id if itself else 0}:
        raise Invalid(errors={"name": _("Deze organisatie bestaat al.")})


@action("organisations.remove")
def remove_organisation(person: Person, organisation: Organisation) -> Organisation:
    """Delete an organisation. Raise Conflict when anybody works for it or it takes part in a partnership."""
    uses = Uses.of(organisation)
    if uses.any:
        raise Conflict(
            _(
                "Deze organisatie is nog in gebruik: %(uses)s. Voeg die samen met een andere organisatie.",
                uses=", ".join(uses.in_words()),
            )
        )
    db.session.delete(organisation)
    return organisation


def references() -> list[Column[Any]]:
    """Return the columns of other tables that refer to one organisation."""
    keys = (key for table in Base.metadata.tables.values() for key in table.foreign_keys)
    return [key.parent for key in keys if key.column.table is Organisation.__table__ and not key.parent.primary_key]


@action("organisations.merge")
def merge_organisation(person: Person, organisation: Organisation, *, into: int) -> Organisation:
    """Move the people, partnerships and contributions of an organisation to another, and delete it; return the other.

    Raise Invalid when the person may not edit the other.
    """
    target = db.session.scalar(
        select(Organisation).where(Organisation.id == into, access.visible_to(person, Organisation))
    )
    if target is None or target.id == organisation.id or not access.may(person, "organisations.edit", target):
        raise Invalid(errors={"into": _("Kies een organisatie uit de lijst.")})
    uses = Uses.of(organisation)
    if not target.municipality_code and not target.province:
        target.province = province_of(organisation)
    _move_people(organisation.id, target.id)
    _move_partnerships(organisation.id, target.id)
    for column in references():
        _run(update(column.table).where(column == organisation.id), **{column.name: target.id})
    db.session.expire_all()
    db.session.delete(organisation)
    detail(
        into=target.id, people=len(uses.people), partnerships=len(uses.partnerships), contributions=uses.contributions
    )
    return target


def _move_people(before: int, now: int) -> None:
    """Let the people of an organisation work for another; who worked for both works for it once."""
    both = select(Affiliation.person_id).where(Affiliation.organisation_id == now)
    main = select(Affiliation.person_id).where(Affiliation.organisation_id == before, Affiliation.main)
    own = Affiliation.organisation_id == now
    _run(update(Affiliation).where(own, Affiliation.person_id.in_(_ids(main))), main=True)
    twice = _ids(both)
    db.session.execute(
        delete(Affiliation).where(Affiliation.organisation_id == before, Affiliation.person_id.in_(twice))
    )
    _run(update(Affiliation).where(Affiliation.organisation_id == before), organisation_id=now)


def _move_partnerships(before: int, now: int) -> None:
    """Let an organisation take the place of another in its partnerships."""
    here = PartnerOrganisation.organisation_id
    twice = _ids(select(PartnerOrganisation.partnership_id).where(here == now))
    db.session.execute(delete(PartnerOrganisation).where(here == before, PartnerOrganisation.partnership_id.in_(twice)))
    _run(update(PartnerOrganisation).where(here == before), organisation_id=now)


def _ids(query: Any) -> Sequence[int]:
    return list(db.session.scalars(query))


def _run(statement: Any, **values: object) -> None:
    """Run an update without reading the rows into the session.

    The pages that show an organisation are renewed with the cache version of society.
    """
    db.session.execute(statement.values(values).execution_options(synchronize_session=False, changes=()))
