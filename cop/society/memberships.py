"""Memberships of communities and programme teams, and the queries on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from heapq import nsmallest
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    ForeignKey,
    Index,
    Integer,
    Row,
    Select,
    String,
    bindparam,
    case,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, db
from cop.base.fast.cache_versions import versioned
from cop.base.fast.prepared import PreparedQuery
from cop.base.text import NO_NAMES, NameIndex, as_typed
from cop.base.text.folding import fold_name, matches
from cop.base.web.pages import cached
from cop.society.audience import Audience, guests_of
from cop.society.organisations import SOCIETY, Organisation
from cop.society.people import Person
from cop.society.programmes import GROUPED, Community, PartnerPerson, Partnership

Role = Literal["member", "expert", "moderator", "team", "reader"]


AUDIENCE, COMMUNITY, PARTNERSHIP = Audience.__table__, Community.__table__, Partnership.__table__
ROLES = ("member", "expert", "moderator", "reader")  # of a community; `team` is a role in the programme


TERM = sql("until IS NOT NULL")


@versioned(SOCIETY)
class Membership(Base):
    """The membership of a person in a community, in one role, until it ends."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_current",
            "person_id",
            "community_id",
            unique=True,
            sqlite_where=sql("ended IS NULL"),
            postgresql_where=sql("ended IS NULL"),
        ),
        Index("ix_membership_role", "community_id", "role"),
        Index("ix_membership_until", "until", sqlite_where=TERM, postgresql_where=TERM),  # of those with a term
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    role: Mapped[str] = mapped_column(String(20))
    until: Mapped[date | None]  # the last day of an expert's term
    since: Mapped[datetime] = mapped_column(default=clock.now)
    ended: Mapped[datetime | None]
    warned: Mapped[datetime | None]  # when the expert was warned that the term is ending

    person: Mapped[Person] = relationship()
    community: Mapped[Community] = relationship()


@versioned(SOCIETY)
class TeamMember(Base):
    """A person in the programme team, with a moderator's rights in every community of the programme."""

    __tablename__ = "team_member"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime | None] = mapped_column(default=clock.now)  # None: from before this was kept


def current(today: date | BindParameter[date] | None = None) -> ColumnElement[bool]:
    """Return the condition that a membership has not ended and its term is not over."""
    today = clock.today() if today is None else today
    return Membership.ended.is_(None) & (Membership.until.is_(None) | (Membership.until >= today))


def membership_of(person_id: int, community_id: int) -> Membership | None:
    """Return the membership that has not ended, whatever its term, else None."""
    return db.session.scalar(
        select(Membership).where(
            Membership.person_id == person_id, Membership.community_id == community_id, Membership.ended.is_(None)
        )
    )


def enrol(person: Person, community: Community, role: str, until: date | None = None) -> Membership:
    """Make `person` a member in the running transaction; a current member gets the new role and term."""
    found = membership_of(person.id, community.id)
    if found is None:
        found = Membership(person_id=person.id, community_id=community.id, role=role, until=until)
        db.session.add(found)
    else:
        found.role, found.until, found.warned = role, until, None
    return found


def people_in(
    audience_id: Any, today: date | BindParameter[date] | None = None, among: BindParameter[Any] | None = None
) -> CompoundSelect[int]:
    """Return the ids of the people in an audience today, as a select; some twice. The values may be bound.

    among: the ids of a few people, who are then looked up one by one, however many are in the audience.

    - a community: its members and the team of its programme
    - a group of communities: the members of these and the team of their programme
    - a programme: the members of its communities and its team
    - a partnership: its people and the team of its programme
    """
    partnership = select(AUDIENCE.c.partnership_id).where(AUDIENCE.c.id == audience_id).scalar_subquery()
    people = [
        select(Membership.person_id).where(Membership.community_id.in_(communities_of(audience_id)), current(today)),
        select(TeamMember.person_id).where(TeamMember.programme_id.in_(programme_of(audience_id))),
        select(PartnerPerson.person_id).where(PartnerPerson.partnership_id == partnership),
    ]
    if among is not None:
        people = [one.where(one.selected_columns[0].in_(among)) for one in people]
    return union_all(*people)


def communities_of(audience_id: Any) -> CompoundSelect[Any]:
    """Return the ids of the communities whose members are in an audience, as a select; a partnership has none."""
    here = AUDIENCE.c.id == audience_id
    return union_all(
        select(AUDIENCE.c.community_id).where(here),
        select(GROUPED.c.community_id)
        .select_from(AUDIENCE.join(GROUPED, GROUPED.c.group_id == AUDIENCE.c.group_id))
        .where(here),
        select(COMMUNITY.c.id)
        .select_from(AUDIENCE.join(COMMUNITY, COMMUNITY.c.programme_id == AUDIENCE.c.programme_id))
        .where(here, AUDIENCE.c.kind == "programme"),
    )


def audiences_of_groups(community_id: int) -> list[int]:
    """Return the audiences of the groups that a community is in."""
    found = (
        select(AUDIENCE.c.id)
        .select_from(AUDIENCE.join(GROUPED, GROUPED.c.group_id == AUDIENCE.c.group_id))
        .where(GROUPED.c.community_id == community_id)
    )
    ids: list[int] = cached(("audiences_of_groups", community_id), lambda: list(db.session.scalars(found)))
    return ids


def programme_of(audience_id: Any) -> CompoundSelect[Any]:
    """Return the id of the programme of an audience, as a select."""
    owners = (
        (AUDIENCE.c.programme_id, AUDIENCE),
        (COMMUNITY.c.programme_id, AUDIENCE.join(COMMUNITY, COMMUNITY.c.id == AUDIENCE.c.community_id)),
        (PARTNERSHIP.c.programme_id, AUDIENCE.join(PARTNERSHIP, PARTNERSHIP.c.id == AUDIENCE.c.partnership_id)),
    )
    here = AUDIENCE.c.id == audience_id
    return union_all(*(select(programme).select_from(owner).where(here) for programme, owner in owners))


def moderators_of(audience_id: Any) -> CompoundSelect[int]:
    """Return the ids of who decides for an audience, as a select: moderators of a community, and the programme's team.

    The id may be a column.
    """
    community = select(AUDIENCE.c.community_id).where(AUDIENCE.c.id == audience_id).scalar_subquery()
    moderators = Membership.community_id == community, Membership.role == "moderator", current()
    return union_all(
        select(Membership.person_id).where(*moderators),
        select(TeamMember.person_id).where(TeamMember.programme_id.in_(programme_of(audience_id))),
    )


def people_of_programme(programme_id: int) -> ColumnElement[bool]:
    """Return the condition on Person that somebody takes part in a programme today, also in a partnership of it alone."""
    partners = select(PartnerPerson.person_id).join(Partnership, Partnership.id == PartnerPerson.partnership_id)
    audience = (
        select(Audience.id).where(Audience.programme_id == programme_id, Audience.kind == "programme").scalar_subquery()
    )
    return (Person.state != "deactivated") & or_(
        Person.id.in_(people_in(audience)), Person.id.in_(partners.where(Partnership.programme_id == programme_id))
    )


class AudienceSize(NamedTuple):
    """The number of people in an audience, of their organisations, and of those invited who have not entered yet."""

    people: int
    organisations: int
    invited: int


def audience_size(audience_id: int) -> AudienceSize:
    """Return how many people and organisations can read what stands for an audience, and how many are only invited."""
    today = clock.today()
    found: AudienceSize = cached(("audience_size", audience_id, today), lambda: _counted(audience_id, today))
    return found


def _counted(audience_id: int, today: date) -> AudienceSize:
    return _SIZE.rows(audience=audience_id, today=today)[0]


def _size() -> Select[int, int, int]:
    has_entered = Person.entered.is_not(None)
    here = people_in(bindparam("audience", type_=Integer), bindparam("today", type_=Date))
    return select(
        func.count(case((has_entered, Person.id))).label("people"),
        func.count(func.distinct(case((has_entered, Person.organisation_id)))).label("organisations"),
        func.count(case((Person.entered.is_(None), Person.id))).label("invited"),
    ).where(Person.id.in_(here), Person.state != "deactivated")


_SIZE = PreparedQuery(_size, AudienceSize)


def members(community: Community) -> tuple[Row[Any], ...]:
    """Return the people in a community, programme team included, by organisation and surname.

    Rows carry organisation, role and the last day of the term. They are cached until somebody's data change, since to
    sort them takes as long as there are people.
    """
    found: tuple[Row[Any], ...] = cached(("members", community.id, clock.today()), lambda: tuple(_members(community)))
    return found


class Company(NamedTuple):
    """The people of a community in short: how many have entered, of how many organisations, and who helps them."""

    people: int
    organisations: int
    hosts: tuple[Row[Any], ...]  # moderators, programme team and experts


HOSTS = ("team", "moderator", "expert")


def company(community: Community) -> Company:
    """Return the people of a community in short; cached as `members` is."""

    def make() -> Company:
        people = [row for row in members(community) if row.entered]
        hosts = [row for role in HOSTS for row in people if row.role == role]
        return Company(len(people), len({row.organisation for row in people} - {None, ""}), tuple(hosts))

    found: Company = cached(("company", community.id, clock.today()), make)
    return found


def _members(community: Community) -> list[Row[Any]]:
    here = (Membership.person_id == Person.id) & (Membership.community_id == community.id) & current()
    team = (TeamMember.person_id == Person.id) & (TeamMember.programme_id == community.programme_id)
    leads = TeamMember.programme_id.is_not(None)
    rows: Iterable[Row[Any]] = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.photo,
            Person.function,
            Person.entered,
            Person.seen,
            Person.mail,
            Person.mail_shown,
            Membership.id.label("membership_id"),
            Membership.since,
            case((leads, "team"), else_=Membership.role).label("role"),
            case((leads, None), else_=Membership.until).label("until"),
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation"),
            Organisation.kind.label("organisation_kind"),
        )
        .select_from(Person)
        .outerjoin(Membership, here)
        .outerjoin(TeamMember, team)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Membership.id.is_not(None) | leads, Person.state != "deactivated")
    )
    return sorted(rows, key=_by_organisation)


def _by_organisation(row: Any) -> tuple[bool, str, str]:
    return row.organisation is None, (row.organisation or "").casefold(), surname(row.name)


PARTICLES = {
    "van",
    "de",
    "den",
    "der",
    "het",
    "'t",
    "ten",
    "ter",
    "te",
    "in",
    "op",
    "aan",
    "von",
    "dr.",
    "drs.",
    "ir.",
    "mr.",
}


def surname(name: str) -> str:
    """Return the key to sort a name by: the surname without tussenvoegsel ('Anna van den Berg' under b)."""
    words = [w for w in name.casefold().split() if w not in PARTICLES]
    return " ".join([*words[1:], *words[:1]])


def readers_of(
    audience_id: Any, place_id: Any = None, today: Any = None, among: BindParameter[Any] | None = None
) -> ColumnElement[bool]:
    """Return the condition on Person that somebody is in an audience today or a guest of a place in it.

    The values may be bound. among: the ids of a few people, as in `people_in`.
    """
    readers = people_in(audience_id, today, among)
    if place_id is not None:
        readers = union_all(*readers.selects, guests_of(place_id, today))
    return (Person.state != "deactivated") & Person.id.in_(readers)


def names_in(place: Any, source: str) -> NameIndex:
    """Return the names of the readers of a thread or room, for mentions; none where the source has no @.

    Those of an audience are cached until somebody's data change, since a text names a few of many.
    """
    if "@" not in source:
        return NO_NAMES
    top: int = place.parent_id or place.id
    if db.session.scalar(guests_of(top).limit(1)) is not None:
        return _names(readers_of(place.audience_id, top))
    found: NameIndex = cached(
        ("names", place.audience_id, clock.today()), lambda: _names(readers_of(place.audience_id))
    )
    return found


def _names(readers: ColumnElement[bool]) -> NameIndex:
    names: dict[str, list[int]] = {}
    for id, name in db.session.execute(select(Person.id, Person.name).where(readers).order_by(Person.id)):
        names.setdefault(name, []).append(id)
    return NameIndex(names)


class NamedPerson(NamedTuple):
    """A person who can be mentioned; `mention` is what is typed for them: the name, with the id where others have it."""

    id: int
    name: str
    function: str
    organisation: str
    mention: str


def people_named(audience_id: int, typed: str, most: int = 8) -> list[NamedPerson]:
    """Return the readers of an audience whose name matches what was typed of it, the best first."""

    def make() -> list[NamedPerson]:
        people: list[NamedPerson] = cached(("named", audience_id, clock.today()), lambda: _mentionable(audience_id))
        ranked = ((matches(typed, one.name), number) for number, one in enumerate(people))
        best = nsmallest(most, ((rank, number) for rank, number in ranked if rank is not None))
        return [people[number] for _rank, number in best]

    # Everybody types the same first letters of a name.
    found: list[NamedPerson] = cached(("named", audience_id, clock.today(), typed, most), make)
    return found


def _mentionable(audience_id: int) -> list[NamedPerson]:
    rows = db.session.execute(
        select(Person.id, Person.name, Person.function, Organisation.name.label("organisation"))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(readers_of(audience_id), Person.name != "")
    ).all()
    alike = Counter(fold_name(row.name) for row in rows)
    return [
        NamedPerson(
            row.id,
            row.name,
            row.function,
            row.organisation or "",
            as_typed(row.name, row.id) if alike[fold_name(row.name)] > 1 else f"@{row.name}",
        )
        for row in sorted(rows, key=lambda row: (fold_name(row.name), row.organisation or "", row.id))
    ]
