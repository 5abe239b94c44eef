"""The people, organisations and partnerships of a programme, as one person may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select

from cop import access
from cop.base import clock
from cop.base.db import db
from cop.base.web.pages import cached
from cop.society.memberships import Membership, TeamMember, current, people_of_programme, surname
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person
from cop.society.programmes import Community, PartnerOrganisation, PartnerPerson, Partnership, Programme
from cop.society.regions import Municipality, province_of, towns

HELPERS = ("expert", "moderator", "team")  # roles that are shown; of several, the last counts
Pairs = Mapping[int, Sequence[int]]


class OrganisationEntry(NamedTuple):
    """An organisation, with the province and the municipality that count for it today."""

    id: int
    name: str
    kind: str
    province: str
    town: str

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/organisations/{self.id}"


class PersonEntry(NamedTuple):
    """A person who has entered; `mail` and `phone` are "" unless the person shows them."""

    id: int
    name: str
    photo: str | None
    function: str
    themes: tuple[str, ...]
    mail: str
    phone: str
    organisation: OrganisationEntry | None

    @property
    def url(self) -> str:
        """The address of their profile."""
        return f"/people/{self.id}"

    @property
    def province(self) -> str:
        """The province of the organisation beside their name, "" for none."""
        return self.organisation.province if self.organisation else ""

    @property
    def kind(self) -> str:
        """The kind of the organisation beside their name, "" for none."""
        return self.organisation.kind if self.organisation else ""


class PartnershipEntry(NamedTuple):
    """A partnership with its organisations; `goal` as far as the programme may read it."""

    id: int
    name: str
    goal: str
    organisations: tuple[OrganisationEntry, ...]

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/partnerships/{self.id}"

    @property
    def provinces(self) -> list[str]:
        """The provinces of its municipalities; without those, of its other organisations."""
        towns = {one.province for one in self.organisations if one.kind == "municipality"} - {""}
        return sorted(towns or {one.province for one in self.organisations} - {""})


@dataclass(frozen=True)
class Everything:
    """What takes part in a programme, whoever asks; narrowed by `Directory` before it is shown to somebody."""

    people: tuple[PersonEntry, ...]  # by surname
    organisations: Mapping[int, OrganisationEntry]
    partnerships: tuple[PartnershipEntry, ...]
    works: Pairs  # person -> organisations
    partners: Pairs  # partnership -> people
    roles: Sequence[tuple[int, int | None, str]]  # person, community, role; the team has no community


def everything(programme: Programme) -> Everything:
    """Return what takes part in a programme; cached until a person, organisation or membership changes."""
    found: Everything = cached(("directory_all", programme.id, clock.today()), lambda: _read(programme.id))
    return found


def _read(programme_id: int) -> Everything:
    here = people_of_programme(programme_id) & Person.entered.is_not(None) & (Person.name != "")
    inside = select(Person.id).where(here)
    in_programme = select(Partnership.id).where(Partnership.programme_id == programme_id)
    works, hosts, partners = (_pairs(query) for query in _links(inside, in_programme))
    used = or_(
        Organisation.id.in_(select(Person.organisation_id).where(here)),
        Organisation.id.in_([id for ids in (*works.values(), *hosts.values()) for id in ids]),
    )
    organisations = {row.id: _organisation(row) for row in db.session.scalars(select(Organisation).where(used))}
    people = []
    for person in sorted(db.session.scalars(select(Person).where(here)), key=lambda one: (surname(one.name), one.id)):
        own = organisations.get(person.organisation_id or 0)
        mail = person.mail if person.mail_shown else ""
        themes = tuple(person.themes or ())
        people.append(
            PersonEntry(person.id, person.name, person.photo, person.function, themes, mail, person.phone, own)
        )
        if own and own.id not in works.setdefault(person.id, []):
            works[person.id].append(own.id)
    partnerships = tuple(
        PartnershipEntry(row.id, row.name, row.challenge, tuple(organisations[id] for id in hosts.get(row.id, ())))
        for row in db.session.execute(
            select(Partnership.id, Partnership.name, Partnership.challenge)
            .where(Partnership.programme_id == programme_id)
            .order_by(Partnership.name, Partnership.id)
        )
    )
    return Everything(tuple(people), organisations, partnerships, works, partners, _roles(programme_id))


def _links(people: Select[int], partnerships: Select[int]) -> tuple[Any, ...]:
    """Return the queries for the organisations of people and of partnerships, and for the people of partnerships."""
    return (
        select(Affiliation.person_id, Affiliation.organisation_id).where(Affiliation.person_id.in_(people)),
        select(PartnerOrganisation.partnership_id, PartnerOrganisation.organisation_id)
        .join(Organisation, Organisation.id == PartnerOrganisation.organisation_id)
        .where(PartnerOrganisation.partnership_id.in_(partnerships))
        .order_by(Organisation.kind != "municipality", Organisation.name),
        select(PartnerPerson.partnership_id, PartnerPerson.person_id).where(
            PartnerPerson.partnership_id.in_(partnerships)
        ),
    )


def _pairs(query: Select[Any]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for one, other in db.session.execute(query):
        found[one].append(other)
    return dict(found)


def _organisation(row: Organisation) -> OrganisationEntry:
    town = towns().get(row.municipality_code or "")
    name = (town.successor or town.name) if town else ""
    return OrganisationEntry(row.id, row.name, row.kind, province_of(row), name)


def _roles(programme_id: int) -> list[tuple[int, int | None, str]]:
    members = (
        select(Membership.person_id, Membership.community_id, Membership.role)
        .join(Community, Community.id == Membership.community_id)
        .where(Community.programme_id == programme_id, current(), Membership.role.in_(HELPERS))
    )
    team = select(TeamMember.person_id).where(TeamMember.programme_id == programme_id)
    return [
        *((row.person_id, row.community_id, row.role) for row in db.session.execute(members)),
        *((id, None, "team") for id in db.session.scalars(team)),
    ]


@dataclass(frozen=True)
class Visible:
    """What of `Everything` a person may see."""

    people: list[PersonEntry]
    organisations: list[OrganisationEntry]  # by name
    partnerships: list[PartnershipEntry]
    partners: Pairs
    staff: Mapping[int, list[PersonEntry]]  # the people of each organisation
    # What the people have, by which they can be narrowed; a theme is spelled as by the first who named it.
    themes: list[str]
    kinds: set[str]
    provinces: set[str]


def _visible(viewer: Person, programme: Programme) -> Visible:
    """Return what a person may see of a programme; cached, as it takes as long as there are people.

    All who share the programme see the same of it (`access.people_visible`); others, who are only in a partnership of it,
    see their own people.
    """
    alone = None if viewer.is_admin or programme.id in access.rights(viewer).programmes else viewer.id
    key = ("directory_seen", programme.id, alone, clock.today())
    found: Visible = cached(key, lambda: _read_visible(viewer, programme))
    return found


def _read_visible(viewer: Person, programme: Programme) -> Visible:
    found = everything(programme)
    inside = people_of_programme(programme.id) & access.visible_to(viewer, Person)
    seen = set(db.session.scalars(select(Person.id).where(inside)))
    open_ = (Partnership.programme_id == programme.id) & access.visible_to(viewer, Partnership)
    shown = set(db.session.scalars(select(Partnership.id).where(open_)))
    people = [one for one in found.people if one.id in seen]
    partnerships = [one for one in found.partnerships if one.id in shown]
    staff: dict[int, list[PersonEntry]] = defaultdict(list)
    for person in people:
        for id in found.works.get(person.id, ()):
            staff[id].append(person)
    takes_part = {organisation.id for one in partnerships for organisation in one.organisations}
    organisations = sorted(
        (one for one in found.organisations.values() if one.id in takes_part or one.id in staff),
        key=lambda one: (one.name.casefold(), one.id),
    )
    partners = {id: [one for one in found.partners.get(id, ()) if one in seen] for id in shown}
    return Visible(
        people,
        organisations,
        partnerships,
        partners,
        dict(staff),
        once(theme for person in people for theme in person.themes),
        {person.kind for person in people},
        {person.province for person in people},
    )


class Directory:
    """The people, organisations and partnerships of a programme that a person may see."""

    def __init__(self, viewer: Person, programme: Programme):
        found = _visible(viewer, programme)
        self.viewer, self.programme = viewer, programme
        self.people, self.organisations, self.partnerships = found.people, found.organisations, found.partnerships
        self.partners, self.staff = found.partners, found.staff
        self.themes, self.kinds, self.provinces = found.themes, found.kinds, found.provinces
        self.roles = _shown_roles(everything(programme).roles, viewer)

    def partnerships_of(self, organisation: OrganisationEntry) -> list[PartnershipEntry]:
        """Return the partnerships in which an organisation takes part."""
        return [one for one in self.partnerships if organisation in one.organisations]

    def strangers(self, most: int = 12) -> list[tuple[PersonEntry, list[str]]]:
        """Return people elsewhere who name a theme of the viewer, with these themes; those with most come first.

        Elsewhere is another province; where one of both is not known, another organisation. The people of the viewer's
        own partnerships are left out: they know each other.
        """
        mine = {theme.casefold() for theme in self.viewer.themes}
        known = {id for people in self.partners.values() if self.viewer.id in people for id in people}
        own = self.viewer.organisation
        province = province_of(own) if own else ""
        found = []
        for person in self.people:
            shared = [theme for theme in person.themes if theme.casefold() in mine]
            if not shared or person.id in known or person.id == self.viewer.id:
                continue
            if person.province and province:
                elsewhere = person.province != province
            else:
                elsewhere = person.organisation is None or own is None or person.organisation.id != own.id
            if elsewhere:
                found.append((person, shared))
        return sorted(found, key=lambda one: -len(one[1]))[:most]


def _shown_roles(roles: Iterable[tuple[int, int | None, str]], viewer: Person) -> dict[int, str]:
    """Return the role of each helper, as far as the viewer shares the community in which they have it."""
    mine = {community.id for community in access.rights(viewer).communities}
    found: dict[int, str] = {}
    for person, community, role in roles:
        if community is None or community in mine or viewer.is_admin:
            found[person] = max(role, found.get(person, HELPERS[0]), key=HELPERS.index)
    return found


def once(words: Iterable[str]) -> list[str]:
    """Return words in alphabetical order, each once whatever its case."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(word.casefold(), word)
    return [found[key] for key in sorted(found)]


def municipalities(q: str, province: str, after: str, limit: int) -> list[Municipality]:
    """Return municipalities by code, those after one code; `q` is a part of the name or the code."""
    wanted = select(Municipality).where(Municipality.code > after).order_by(Municipality.code).limit(limit)
    for word in q.split():
        either = (
            Municipality.name.icontains(word, autoescape=True),
            Municipality.code.icontains(word, autoescape=True),
        )
        wanted = wanted.where(or_(*either))
    return list(db.session.scalars(wanted.where(Municipality.province == province) if province else wanted))
