"""Verbs that set up programmes and communities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select

from cop import access
from cop.base import text
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Invalid
from cop.base.words import _, n_
from cop.society.invitations import Invitation
from cop.society.memberships import Membership, TeamMember, current
from cop.society.people import Person
from cop.society.programmes import Community, Composition, Phase, Programme
from cop.things import removal
from cop.things.removal import refuse_used


@action("programmes.add")
def add_programme(
    person: Person,
    thing: None,
    *,
    name: str,
    slug: str | None = None,
    about: str = "",
    phase: str = "start",
    composition: Composition = "frontrunners",
) -> Programme:
    """Create a programme; without a slug it gets one from its name. Raise Invalid when the slug is taken."""
    programme = Programme(
        name=name,
        slug=_free_slug(person, Programme, slug, name),
        about=about,
        about_html=_rendered(about),
        phase=phase,
        composition=composition,
    )
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
    composition: Composition | None = None,
    colour: str | None = None,
    phases: Sequence[dict[str, Any]] | None = None,
) -> Programme:
    """Change a programme's name, description, rule for partnerships, colour, or the dates of its phases."""
    html = None if about is None else _rendered(about)
    _set(programme, name=name, about=about, about_html=html, composition=composition, colour=colour)
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
    person: Person,
    programme: Programme,
    *,
    name: str,
    slug: str | None = None,
    purpose: str = "",
    themes: Sequence[str] = (),
) -> Community:
    """Create a community in a programme; without a slug it gets one from its name.

    Raise Invalid when the slug is that of a community that the person sees; beside another it gets a number.
    """
    slug = _free_slug(person, Community, slug, name)
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
    emphasis: Sequence[str] | None = None,
) -> Community:
    """Change a community's name, purpose, themes or what it emphasises now; its slug stays."""
    lists = {"themes": themes, "emphasis": emphasis}
    _set(community, name=name, purpose=purpose, **{k: None if v is None else list(v) for k, v in lists.items()})
    for group in community.groups if name is not None else ():
        group.rename()
    return community


@action("communities.remove")
def remove_community(person: Person, community: Community) -> Community:
    """Delete a community that nobody takes part in and nothing stands in; raise Conflict for another."""
    refuse_used(uses_of_community(community))
    for kind in (Invitation, Membership):
        db.session.execute(delete(kind).where(kind.community_id == community.id))
    for group in list(community.groups):
        removal.remove_owner(group, group.audience_id)
    removal.remove_owner(community, community.audience_id)
    return community


@action("programmes.remove")
def remove_programme(person: Person, programme: Programme) -> Programme:
    """Delete a programme without communities and partnerships, with its team and phases; raise Conflict for another."""
    refuse_used(uses_of_programme(programme))
    db.session.execute(delete(TeamMember).where(TeamMember.programme_id == programme.id))
    removal.remove_owner(programme, programme.audience_id)
    access.drop_cached_rights(person)
    return programme


def uses_of_community(community: Community) -> list[str]:
    """Return what stands in a community and how many people take part, in words."""
    members = db.session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.community_id == community.id, current(), Person.state != "deactivated")
    )
    people = [n_("%(n)s deelnemer", "%(n)s deelnemers", members)] if members else []
    audiences = [community.audience_id, *(group.audience_id for group in community.groups)]
    return [*(words for id in audiences for words in removal.contents(id)), *people]


def uses_of_programme(programme: Programme) -> list[str]:
    """Return what stands in a programme in words: its communities, its partnerships, and what stands for it as a whole."""
    communities, partnerships = len(programme.communities), len(programme.partnerships)
    words = {
        n_("%(n)s praktijkgemeenschap", "%(n)s praktijkgemeenschappen", communities): communities,
        n_("%(n)s samenwerking", "%(n)s samenwerkingen", partnerships): partnerships,
    }
    return [*(one for one, n in words.items() if n), *removal.contents(programme.audience_id)]


def _free_slug(person: Person, kind: type[Programme] | type[Community], slug: str | None, name: str) -> str:
    """Return a free slug: the given one, or one made from the name.

    Raise Invalid when the given one is that of a programme or community that the person sees. One that they do not see
    is not betrayed: theirs gets a number.
    """
    wanted = slug or text.slug(name) or kind.kind
    advisory_lock(f"slug:{wanted}")
    here = select(kind.id).where(kind.slug == wanted, access.visible_to(person, kind))
    if slug and (slug == "new" or db.session.scalar(here) is not None):  # /programmes/new is the form
        raise Invalid(errors={"slug": _("Dit adres is al in gebruik. Kies een ander.")})
    taken = {"new", *db.session.scalars(select(kind.slug).where(kind.slug.startswith(wanted)))}
    numbered = (f"{wanted[:56]}-{n}" for n in range(2, len(taken) + 3))
    return next(one for one in (wanted, *numbered) if one not in taken)
