"""Setting up programmes, communities and partnerships."""

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
from cop.people.models import Organisation, Person
from cop.programmes.models import Community, Partnership, Phase, Programme


@action("programmes.add")
def add_programme(person: Any, thing: None, *, name: str, slug: str, about: str = "",
                  phase: str = "start") -> Programme:
    """Sets up a programme."""
    _free(Programme, slug)
    programme = Programme(name=name, slug=slug, about=about, about_html=_rendered(about), phase=phase)
    db.session.add(programme)
    db.session.flush()
    detail(programme=programme.id)
    return programme


@action("programmes.edit")
def edit_programme(person: Any, programme: Programme, *, phases: Sequence[dict[str, Any]] | None = None,
                   **fields: Any) -> Programme:
    """Changes a programme's name, description, phase, or the dates of its phases."""
    for name, value in fields.items():
        setattr(programme, name, value)
    if "about" in fields:
        programme.about_html = _rendered(fields["about"])
    if phases is not None:
        programme.phases = [Phase(**phase) for phase in phases]
    detail(fields=sorted(fields), phases=0 if phases is None else len(phases))
    return programme


def _rendered(about: str) -> str:
    try:
        return text.to_html(about, "markdown")
    except text.TooDeep:
        raise Invalid(errors={"about": _("De opmaak is te diep genest. Maak de tekst eenvoudiger.")}) from None


@action("communities.add")
def add_community(person: Any, programme: Programme, *, name: str, slug: str, purpose: str = "",
                  themes: Sequence[str] = ()) -> Community:
    """Opens a community in a programme."""
    _free(Community, slug)
    last = db.session.scalar(select(func.max(Community.position)).where(Community.programme_id == programme.id))
    community = Community(programme_id=programme.id, name=name, slug=slug, purpose=purpose, themes=list(themes),
                          position=(last or 0) + 1)
    db.session.add(community)
    db.session.flush()
    detail(community=community.id)
    return community


@action("communities.edit")
def edit_community(person: Any, community: Community, **fields: Any) -> Community:
    """Changes a community's name, purpose or themes; its address stays."""
    for name, value in fields.items():
        setattr(community, name, value)
    detail(fields=sorted(fields))
    return community


@action("partnerships.add")
def add_partnership(person: Any, programme: Programme, *, name: str, challenge: str = "",
                    organisations: Sequence[int] = (), people: Sequence[int] = ()) -> Partnership:
    """Records a partnership: a municipality with a housing corporation and/or a care provider."""
    partnership = Partnership(programme_id=programme.id, name=name, challenge=challenge,
                              organisations=_organisations(organisations), people=_people(person, people))
    db.session.add(partnership)
    db.session.flush()
    detail(partnership=partnership.id)
    return partnership


@action("partnerships.edit")
def edit_partnership(person: Any, partnership: Partnership, *, organisations: Sequence[int] | None = None,
                     people: Sequence[int] | None = None, **fields: Any) -> Partnership:
    """Changes a partnership."""
    for name, value in fields.items():
        setattr(partnership, name, value)
    if organisations is not None:
        partnership.organisations = _organisations(organisations)
    if people is not None:
        partnership.people = _people(person, people, partnership.people)
    return partnership


def _organisations(ids: Sequence[int]) -> list[Organisation]:
    """The organisations of a partnership, which cannot do without both sides."""
    found = list(db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name)))
    kinds = {organisation.kind for organisation in found}
    if len(found) < len(set(ids)):
        raise Invalid(errors={"organisations": _("Kies organisaties uit de lijst.")})
    if "municipality" not in kinds or not kinds & {"housing", "care"}:
        raise Invalid(errors={"organisations": _("Een koploperduo bestaat uit een gemeente met een woningcorporatie, "
                                                 "een zorgaanbieder of beide.")})
    return found


def _people(person: Any, ids: Sequence[int], kept: Sequence[Person] = ()) -> list[Person]:
    """The people of a partnership: whom `person` may see, and who was in it already."""
    wanted = select(Person).where(Person.id.in_(ids), access.seen_by(person, Person))
    found = {one.id: one for one in [*db.session.scalars(wanted), *kept] if one.id in set(ids)}
    if len(found) < len(set(ids)):
        raise Invalid(errors={"people": _("Kies mensen uit de lijst.")})
    return sorted(found.values(), key=lambda one: one.name)


def _free(kind: type[Programme] | type[Community], slug: str) -> None:
    taken = db.session.scalar(select(kind.id).where(kind.slug == slug)) is not None
    if taken or slug == "new":  # the address of the form
        raise Invalid(errors={"slug": _("Dit adres is al in gebruik. Kies een ander.")})
