"""Verbs of partnerships: recording one, who is in it, and its end."""

from __future__ import annotations

from collections.abc import Sequence, Set

from sqlalchemy import select

from cop import access
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.partnerships.actions.describing import set_goal
from cop.society.events import PartnershipChanged
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Partnership, Programme
from cop.society.telling import tell_of_role
from cop.things import removal
from cop.things.removal import refuse_used


@action("partnerships.add", event=PartnershipChanged)
def add(
    person: Person,
    programme: Programme,
    *,
    name: str,
    challenge: str = "",
    organisations: Sequence[int] = (),
    people: Sequence[int] = (),
) -> Partnership:
    """Record a partnership, and mail its people. Raise Invalid when the programme's rule does not allow it."""
    partnership = Partnership(
        programme_id=programme.id,
        name=name,
        organisations=_organisations(person, programme, organisations),
        people=_people(person, people),
    )
    db.session.add(partnership)
    db.session.flush()
    if challenge:
        set_goal(person, partnership, challenge)
    detail(partnership=partnership.id)
    _tell_added(person, partnership, partnership.people)
    return partnership


@action("partnerships.edit", event=PartnershipChanged)
def edit(
    person: Person,
    partnership: Partnership,
    *,
    name: str | None = None,
    challenge: str | None = None,
    organisations: Sequence[int] | None = None,
    people: Sequence[int] | None = None,
) -> Partnership:
    """Change a partnership."""
    if name is not None:
        partnership.name = name
    if challenge is not None and challenge != partnership.challenge:
        set_goal(person, partnership, challenge)
    if organisations is not None:
        partnership.organisations = _organisations(
            person, partnership.programme, organisations, partnership.organisations
        )
    if people is not None:
        before = {one.id for one in partnership.people}
        partnership.people = _people(person, people, partnership.people)
        if removed := before - {one.id for one in partnership.people}:
            detail(removed=sorted(removed))
        if added := [one for one in partnership.people if one.id not in before]:
            detail(added=sorted(one.id for one in added))
            _tell_added(person, partnership, added)
    return partnership


@action("partnerships.remove", event=PartnershipChanged)
def remove(person: Person, partnership: Partnership) -> Partnership:
    """Delete a partnership. Raise Conflict when something stands for it; its people stay where else they take part."""
    refuse_used(removal.contents(partnership.audience_id))
    people = list(partnership.people)
    detail(removed=sorted(one.id for one in people))
    removal.remove_owner(partnership, partnership.audience_id)
    for one in people:
        access.drop_cached_rights(one)
    return partnership


def _organisations(
    person: Person, programme: Programme, ids: Sequence[int], now: Sequence[Organisation] = ()
) -> list[Organisation]:
    """Return the organisations of a partnership: those `person` may see and those already in it.

    Raise Invalid for others, and when the rule of the programme is not met.
    """
    wanted = select(Organisation).where(Organisation.id.in_(ids), access.visible_to(person, Organisation))
    found = {one.id: one for one in [*db.session.scalars(wanted), *now] if one.id in set(ids)}
    if len(found) < len(set(ids)):
        raise Invalid(errors={"organisations": _("Kies organisaties uit de lijst.")})
    if refusal := composition_refusal(programme.composition, {one.kind for one in found.values()}):
        raise Invalid(errors={"organisations": refusal})
    return sorted(found.values(), key=lambda one: one.name)


def composition_refusal(composition: str, kinds: Set[str]) -> str:
    """Return why organisations of these kinds do not form a partnership by a programme's rule, "" if they do."""
    if composition == "frontrunners":
        partners = kinds & {"housing", "care"}
        if "municipality" not in kinds and not partners:
            return _("Kies een gemeente, en een woningcorporatie of zorgaanbieder.")
        if "municipality" not in kinds:
            return _("Er is nog geen gemeente gekozen. In dit programma hoort die bij elke samenwerking.")
        if not partners:
            return _("Kies bij de gemeente ook een woningcorporatie of zorgaanbieder.")
    return "" if kinds else _("Kies ten minste één organisatie.")


def _people(person: Person, ids: Sequence[int], current: Sequence[Person] = ()) -> list[Person]:
    """Return the people of a partnership: those `person` may see and those already in it. Raise Invalid for others."""
    wanted = select(Person).where(Person.id.in_(ids), access.visible_to(person, Person))
    found = {one.id: one for one in [*db.session.scalars(wanted), *current] if one.id in set(ids)}
    if len(found) < len(set(ids)):
        raise Invalid(errors={"people": _("Kies mensen uit de lijst.")})
    return sorted(found.values(), key=lambda one: one.name)


def _tell_added(person: Person, partnership: Partnership, people: Sequence[Person]) -> None:
    """Mail those who were added to a partnership."""
    added = [one for one in people if one.id != person.id and one.is_active]
    for one in people:
        access.drop_cached_rights(one)
    for one in added if person is not access.SYSTEM else ():
        tell_of_role(
            "partnerships/partner",
            person,
            one,
            partnership.url,
            partnership=partnership,
            programme=partnership.programme,
        )
