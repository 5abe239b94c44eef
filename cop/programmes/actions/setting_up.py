"""Verbs that set up programmes, communities and partnerships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from cop import access
from cop.base import text
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.society.events import PartnershipChanged
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, Partnership, Phase, Programme


@action("programmes.add")
def add_programme(
    person: Person, thing: None, *, name: str, slug: str, about: str = "", phase: str = "start"
) -> Programme:
    """Create a programme. Raise Invalid when the slug is taken."""
    _refuse_taken(Programme, slug)
    programme = Programme(name=name, slug=slug, about=about, about_html=_rendered(about), phase=phase)
    db.session.add(programme)
    db.session.flush()
    detail(programme=programme.id)
    return programme


@action("programmes.edit")
def edit_programme(
    person: Person,
    programme: Programme,
    *,
    name: str | None = None,
    about: str | None = None,
    phase: str | None = None,
    phases: Sequence[dict[str, Any]] | None = None,
) -> Programme:
    """Change a programme's name, description, phase, or the dates of its phases."""
    _set(programme, name=name, about=about, phase=phase, about_html=None if about is None else _rendered(about))
    if phases is not None:
        programme.phases = [Phase(**dates) for dates in phases]
    return programme


def _set(thing: Any, **fields: Any) -> None:
    """Set the given fields; None means not given."""
    for name, value in fields.items():
        if value is not None:
            setattr(thing, name, value)


def _rendered(about: str) -> str:
    """Return the description as HTML. Raise Invalid when its markup is nested too deep."""
    try:
        return text.to_html(about, "markdown")
    except text.TooDeep:
        raise Invalid(errors={"about": _("De opmaak is te diep genest. Maak de tekst eenvoudiger.")}) from None


@action("communities.add")
def add_community(
    person: Person, programme: Programme, *, name: str, slug: str, purpose: str = "", themes: Sequence[str] = ()
) -> Community:
    """Create a community in a programme. Raise Invalid when the slug is taken."""
    _refuse_taken(Community, slug)
    last = db.session.scalar(select(func.max(Community.position)).where(Community.programme_id == programme.id))
    community = Community(
        programme_id=programme.id, name=name, slug=slug, purpose=purpose, themes=list(themes), position=(last or 0) + 1
    )
    db.session.add(community)
    db.session.flush()
    detail(community=community.id)
    return community


@action("communities.edit")
def edit_community(
    person: Person,
    community: Community,
    *,
    name: str | None = None,
    purpose: str | None = None,
    themes: Sequence[str] | None = None,
) -> Community:
    """Change a community's name, purpose or themes; its slug stays."""
    _set(community, name=name, purpose=purpose, themes=None if themes is None else list(themes))
    return community


@action("partnerships.add")
def add_partnership(
    person: Person,
    programme: Programme,
    *,
    name: str,
    challenge: str = "",
    organisations: Sequence[int] = (),
    people: Sequence[int] = (),
) -> Partnership:
    """Record a partnership: a municipality with a housing corporation, a care provider or both."""
    partnership = Partnership(
        programme_id=programme.id,
        name=name,
        challenge=challenge,
        organisations=_organisations(organisations),
        people=_people(person, people),
    )
    db.session.add(partnership)
    db.session.flush()
    detail(partnership=partnership.id)
    return partnership


@action("partnerships.edit", event=PartnershipChanged)
def edit_partnership(
    person: Person,
    partnership: Partnership,
    *,
    name: str | None = None,
    challenge: str | None = None,
    organisations: Sequence[int] | None = None,
    people: Sequence[int] | None = None,
) -> Partnership:
    """Change a partnership."""
    _set(partnership, name=name, challenge=challenge)
    if organisations is not None:
        partnership.organisations = _organisations(organisations)
    if people is not None:
        before = {one.id for one in partnership.people}
        partnership.people = _people(person, people, partnership.people)
        if removed := before - {one.id for one in partnership.people}:
            detail(removed=sorted(removed))
    return partnership


def _organisations(ids: Sequence[int]) -> list[Organisation]:
    """Return the organisations of a partnership. Raise Invalid when one side is missing."""
    found = list(db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)))
    kinds = {organisation.kind for organisation in found}
    if len(found) < len(set(ids)):
        raise Invalid(errors={"organisations": _("Kies organisaties uit de lijst.")})
    if "municipality" not in kinds or not kinds & {"housing", "care"}:
        raise Invalid(
            errors={
                "organisations": _(
                    "Een koploperduo bestaat uit een gemeente met een woningcorporatie, een zorgaanbieder of beide."
                )
            }
        )
    return found


def _people(person: Person, ids: Sequence[int], current: Sequence[Person] = ()) -> list[Person]:
    """Return the people of a partnership: those `person` may see and those already in it. Raise Invalid for others."""
    wanted = select(Person).where(Person.id.in_(ids), access.visible_to(person, Person))
    found = {one.id: one for one in [*db.session.scalars(wanted), *current] if one.id in set(ids)}
    if len(found) < len(set(ids)):
        raise Invalid(errors={"people": _("Kies mensen uit de lijst.")})
    return sorted(found.values(), key=lambda one: one.name)


def _refuse_taken(kind: type[Programme] | type[Community], slug: str) -> None:
    """Raise Invalid when the slug is taken."""
    taken = db.session.scalar(select(kind.id).where(kind.slug == slug)) is not None
    if taken or slug == "new":  # /programmes/new is the form
        raise Invalid(errors={"slug": _("Dit adres is al in gebruik. Kies een ander.")})
