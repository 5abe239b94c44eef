"""Verbs that set up programmes, communities and partnerships."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from sqlalchemy import delete, func, select

from cop import access
from cop.base import text
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _, n_
from cop.programmes.actions.telling import tell_of_role
from cop.society.events import PartnershipChanged
from cop.society.invitations import Invitation
from cop.society.memberships import Membership, TeamMember, current
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, Composition, Partnership, Phase, Programme
from cop.things import removal


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
    return community


@action("partnerships.add", event=PartnershipChanged)
def add_partnership(
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
        challenge=challenge,
        organisations=_organisations(person, programme, organisations),
        people=_people(person, people),
    )
    db.session.add(partnership)
    db.session.flush()
    detail(partnership=partnership.id)
    _tell_added(person, partnership, partnership.people)
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
def remove_partnership(person: Person, partnership: Partnership) -> Partnership:
    """Delete a partnership. Raise Conflict when something stands for it; its people stay where else they take part."""
    _refuse_used(removal.contents(partnership.audience_id))
    people = list(partnership.people)
    detail(removed=sorted(one.id for one in people))
    removal.remove_owner(partnership, partnership.audience_id)
    for one in people:
        access.drop_cached_rights(one)
    return partnership


@action("communities.remove")
def remove_community(person: Person, community: Community) -> Community:
    """Delete a community that nobody takes part in and nothing stands in; raise Conflict for another."""
    _refuse_used(uses_of_community(community))
    for kind in (Invitation, Membership):
        db.session.execute(delete(kind).where(kind.community_id == community.id))
    removal.remove_owner(community, community.audience_id)
    return community


@action("programmes.remove")
def remove_programme(person: Person, programme: Programme) -> Programme:
    """Delete a programme without communities and partnerships, with its team and phases; raise Conflict for another."""
    _refuse_used(uses_of_programme(programme))
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
    return [*removal.contents(community.audience_id), *people]


def uses_of_programme(programme: Programme) -> list[str]:
    """Return what stands in a programme in words: its communities, its partnerships, and what stands for it as a whole."""
    communities, partnerships = len(programme.communities), len(programme.partnerships)
    words = {
        n_("%(n)s praktijkgemeenschap", "%(n)s praktijkgemeenschappen", communities): communities,
        n_("%(n)s samenwerking", "%(n)s samenwerkingen", partnerships): partnerships,
    }
    return [*(one for one, n in words.items() if n), *removal.contents(programme.audience_id)]


def _refuse_used(uses: list[str]) -> None:
    """Raise Conflict when anything is left in what is to be removed."""
    if uses:
        raise Conflict(_("Dit kan nog niet. Hier staat of doet nog mee: %(uses)s.", uses=", ".join(uses)))


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
        tell_of_role(person, one, "partner", partnership.url, partnership=partnership, programme=partnership.programme)


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
