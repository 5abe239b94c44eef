"""Setting up programmes, communities and partnerships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.people.models import Organisation, Person
from cop.programmes.models import Community, Partnership, Phase, Programme


@action("programmes.add")
def add_programme(person: Person, thing: None, *, name: str, slug: str, about: str = "", phase: str = "start") -> Programme:
    """Sets up a programme."""
    _free(Programme, slug)
    programme = Programme(name=name, slug=slug, about=about, phase=phase)
    db.session.add(programme)
    db.session.flush()
    detail(programme=programme.id)
    return programme


@action("programmes.edit")
def edit_programme(person: Person, programme: Programme, *, phases: Sequence[dict[str, Any]] | None = None,
                   **fields: Any) -> Programme:
    """Changes a programme's name, description, phase, or the dates of its phases."""
    for name, value in fields.items():
        setattr(programme, name, value)
    if phases is not None:
        programme.phases = [Phase(**phase) for phase in phases]
    return programme


@action("communities.add")
def add_community(person: Person, programme: Programme, *, name: str, slug: str, purpose: str = "",
                  themes: Sequence[str] = ()) -> Community:
    """Opens a community in a programme."""
    _free(Community, slug)
    community = Community(programme_id=programme.id, name=name, slug=slug, purpose=purpose, themes=list(themes),
                          position=len(programme.communities) + 1)
    db.session.add(community)
    db.session.flush()
    detail(community=community.id)
    return community


@action("communities.edit")
def edit_community(person: Person, community: Community, **fields: Any) -> Community:
    """Changes a community's name, purpose or themes; its address stays."""
    for name, value in fields.items():
        setattr(community, name, value)
    return community


@action("partnerships.add")
def add_partnership(person: Person, programme: Programme, *, name: str, challenge: str = "",
                    organisations: Sequence[int] = (), people: Sequence[int] = ()) -> Partnership:
    """Records a partnership: a municipality with a housing corporation and/or a care provider."""
    partnership = Partnership(programme_id=programme.id, name=name, challenge=challenge)
    db.session.add(partnership)
    _compose(partnership, organisations, people)
    db.session.flush()
    detail(partnership=partnership.id)
    return partnership


@action("partnerships.edit")
def edit_partnership(person: Person, partnership: Partnership, *, organisations: Sequence[int] | None = None,
                     people: Sequence[int] | None = None, **fields: Any) -> Partnership:
    """Changes a partnership."""
    for name, value in fields.items():
        setattr(partnership, name, value)
    _compose(partnership, organisations, people)
    return partnership


def _compose(partnership: Partnership, organisations: Sequence[int] | None, people: Sequence[int] | None) -> None:
    if organisations is not None:
        found = list(db.session.scalars(select(Organisation).where(Organisation.id.in_(organisations))))
        kinds = {o.kind for o in found}
        if "municipality" not in kinds or not kinds & {"housing", "care"}:
            raise Invalid(errors={"organisations": _("Een koploperduo is een gemeente met een woningcorporatie en/of een zorgaanbieder.")})
        partnership.organisations = found
    if people is not None:
        partnership.people = list(db.session.scalars(select(Person).where(Person.id.in_(people))))


def _free(kind: type[Programme] | type[Community], slug: str) -> None:
    if db.session.scalar(select(kind.id).where(kind.slug == slug)) is not None:
        raise Invalid(errors={"slug": _("Dit adres is al in gebruik. Kies een ander.")})
