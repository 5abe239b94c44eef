"""For whom something of a programme is planned: everybody, one of its communities, or several of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.meetings.models import Owner, Planned, owner_of, programme_of
from cop.society.people import Person
from cop.society.programmes import Community, CommunityGroup, Partnership, Programme


def chosen_owner(person: Person, owner: Owner, communities: Sequence[str] | None) -> Owner:
    """Return for whom something is planned: some communities of the programme of `owner`, all of it for none.

    communities: their slugs; None leaves the owner as it is. Raise Invalid for a community of another programme, and for
    who is not in the team.
    """
    if communities is None or (not communities and isinstance(owner, Programme)):
        return owner
    programme = programme_of(owner)
    found = [community for community in programme.communities if community.slug in communities]
    if isinstance(owner, Partnership) or len(found) < len(set(communities)):
        raise Invalid(errors={"communities": _("Kies praktijkgemeenschappen van dit programma.")})
    if not access.rights(person).leads(programme.id):
        raise Invalid(errors={"communities": _("Alleen het programmateam plant voor meer gemeenschappen.")})
    if len(found) in (0, len(programme.communities)):
        return programme
    return found[0] if len(found) == 1 else _group(person, programme, found)


def _group(person: Person, programme: Programme, communities: list[Community]) -> CommunityGroup:
    """Return the group of these communities, which is made when it is needed for the first time."""
    db.session.execute(select(Programme.id).where(Programme.id == programme.id).with_for_update())
    every = db.session.scalars(select(CommunityGroup).where(CommunityGroup.programme_id == programme.id))
    found = next((group for group in every if set(group.communities) == set(communities)), None)
    if found is None:
        found = CommunityGroup(programme=programme, communities=communities)
        found.rename()
        db.session.add(found)
        db.session.flush()
        access.drop_cached_rights(person)  # they are in its audience from now on
    return found


def new_choice(owner: Owner, original: Planned | None = None) -> dict[str, Any]:
    """Return the communities among which can be chosen for something new, and the slugs of those of its original."""
    choosable = owner.communities if isinstance(owner, Programme) else []
    return {"choosable": choosable, "chosen": _slugs(owner_of(original)) if original else []}


def changed_choice(person: Person, planned: Planned, draft: bool) -> dict[str, Any]:
    """Return the communities among which a person can choose for a draft, and the slugs of those for which it stands."""
    owner = owner_of(planned)
    programme = programme_of(owner)
    if not draft or isinstance(owner, Partnership) or not access.rights(person).leads(programme.id):
        return {"choosable": [], "chosen": []}
    return {"choosable": programme.communities, "chosen": _slugs(owner)}


def _slugs(owner: Owner) -> list[str]:
    if isinstance(owner, CommunityGroup):
        return [community.slug for community in owner.communities]
    return [owner.slug] if isinstance(owner, Community) else []
