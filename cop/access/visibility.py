"""Which rows a person may see, as SQL, and the lookups that respect it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import Any, Generic, TypeVar, cast, overload

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    inspect,
    not_,
    or_,
    select,
    true,
    union,
)

from cop.access.rights import SYSTEM, Rights, rights
from cop.base.action import unproxied
from cop.base.db import db
from cop.base.errors import NotFound, SignInNeeded
from cop.base.fast.prepared import PreparedQuery
from cop.society.departures import departure_of
from cop.society.memberships import Membership, TeamMember, current
from cop.society.organisations import Organisation
from cop.society.people import GUEST, Affiliation, Person
from cop.society.programmes import Community, PartnerOrganisation, PartnerPerson, Partnership, Programme
from cop.things import Thing, ThingLink, as_read, kinds, reading

T = TypeVar("T")
Ids = Collection[int] | BindParameter[Any]
Row = TypeVar("Row", bound=tuple[Any, ...])


def visible_to(person: Person, kind: type[object]) -> ColumnElement[bool]:
    """Return the condition that a person may see a row of `kind`; lists, search, sockets and mail use it."""
    if person is SYSTEM:
        return true()
    if not getattr(person, "is_authenticated", False):
        return false()
    own = rights(person)
    if issubclass(kind, Thing):
        return _things(person, own, kind)
    if kind is Community:
        return Community.id.in_([c.id for c in own.communities])
    if kind is Programme:
        mine = {row.programme_id for row in own.audiences.values()}  # also of a partner who is in no community yet
        return or_(Programme.id.in_(sorted(mine)), true() if person.is_admin else false())
    if kind is Partnership:
        return or_(
            Partnership.programme_id.in_(own.programmes),
            Partnership.id.in_([row.id for row in own.audiences.values() if row.kind == "partnership"]),
            true() if person.is_admin else false(),
        )
    if kind is Person:
        return Person.state != GUEST if person.is_admin else people_visible(own.programmes, person.id)
    if kind is Organisation:
        return true() if person.is_admin else _organisations(own, person.id)
    raise TypeError(f"no rule says who may see a {kind.__name__}")


def _things(person: Person, own: Rights, kind: type[Thing]) -> ColumnElement[bool]:
    seen = things_visible(kind, list(own.roles), own.curated, own.planned, person.id, list(own.guests))
    # The table implies the kind, but the index on audience, kind and state needs it. A table that has the audience itself
    # has indexes of its own, and there PostgreSQL would expect fewer rows for the condition than there are.
    table = kind.__table__
    if kind is Thing or (table is not Thing.__table__ and "audience_id" in table.c):
        return seen
    return and_(kind.kind == inspect(kind).polymorphic_identity, seen)


def things_visible(
    columns: Any, audiences: Ids, curated: Ids, planned: Ids, person: int | BindParameter[Any], guests: Ids
) -> ColumnElement[bool]:
    """Return the condition that a person may see a thing.

    They see live things of their audiences and those of which they are a guest, their own drafts, the planned things of
    audiences for which they plan, and the hidden and trashed things that they made or curate. A retracted or hidden post keeps its place
    as a tombstone, whose template leaves out the text, so only things without a parent vanish.

    columns: a model of things, or the columns of its table. The other values may be bound parameters.
    """
    return and_(
        _in_audience(columns, audiences, guests),
        or_(
            columns.state == "live",
            and_(columns.state.in_(("hidden", "retracted")), columns.parent_id.is_not(None)),
            and_(columns.state.in_(("hidden", "trashed")), columns.audience_id.in_(curated)),
            and_(columns.state == "planned", columns.audience_id.in_(planned)),
            and_(columns.author_id == person, columns.state.in_(("draft", "hidden", "trashed"))),
        ),
    )


def _in_audience(columns: Any, audiences: Ids, guests: Ids) -> ColumnElement[bool]:
    """Return the condition that a thing is of one of these audiences, or that a guest may read it.

    A guest reads the thing itself, its posts, and the files attached to those. A document that stayed behind when its
    thread moved is of another audience, and a guest may not read it.
    """
    audience = cast("ColumnElement[bool]", columns.audience_id.in_(audiences))
    if guests == []:
        return audience
    host, file, link = Thing.__table__.alias("host"), Thing.__table__.alias("attached_file"), ThingLink.__table__
    attached = (
        select(link.c.to_id)
        .join(host, host.c.id == link.c.from_id)
        .join(file, (file.c.id == link.c.to_id) & (file.c.audience_id == host.c.audience_id))
        .where(
            link.c.kind == "attachment",
            host.c.state == "live",
            or_(host.c.id.in_(guests), host.c.parent_id.in_(guests)),
        )
    )
    return or_(audience, columns.id.in_(guests), columns.parent_id.in_(guests), columns.id.in_(attached))


def _visible(guest: bool) -> ColumnElement[bool]:
    """Return the condition that the person with the bound rights may see a thing."""
    guests: Ids = _list("guests") if guest else []
    return things_visible(
        Thing.__table__.c, _list("mine"), _list("curated"), _list("planned"), bindparam("person"), guests
    )


def _list(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


class VisibleQuery(Generic[Row]):
    """A prepared query on `thing`, narrowed to the rows that a person may see.

    row: as for a PreparedQuery. also: the condition that a row is about no thing, and so returned too. There are two variants, since almost nobody is a guest: the query plans of all others
    stay simple.
    """

    @overload
    def __init__(self: VisibleQuery[Any], query: Select[Any], *, also: ColumnElement[bool] | None = None) -> None: ...
    @overload
    def __init__(self, query: Select[Any], row: type[Row], *, also: ColumnElement[bool] | None = None) -> None: ...
    def __init__(
        self, query: Select[Any], row: type[Row] | None = None, *, also: ColumnElement[bool] | None = None
    ) -> None:
        def narrowed(guest: bool) -> Select[Any]:
            return query.where(_visible(guest) if also is None else or_(also, _visible(guest)))

        self.variants: dict[bool, PreparedQuery[Row]] = {
            guest: PreparedQuery(narrowed(guest), *([row] if row else [])) for guest in (False, True)
        }

    def rows(self, person: Person, **given: object) -> list[Row]:
        """Return all rows that the person may see."""
        bound = bound_rights(person)
        return self.variants["guests" in bound].rows(**bound, **given)


def bound_rights(person: Person) -> dict[str, object]:
    """Return the rights of a person as the values of a statement; `guests` only for a guest."""
    own = rights(person)
    given: dict[str, object] = {
        "mine": list(own.roles),
        "curated": own.curated,
        "planned": own.planned,
        "person": person.id,
    }
    return {**given, "guests": list(own.guests)} if own.guests else given


@cache
def _by_id(kind: type[Thing]) -> VisibleQuery[Any]:
    """Return the query for one visible thing by `:id`."""
    return VisibleQuery(reading(kind).where(Thing.__table__.c.id == bindparam("id")))


def people_visible(programmes: Ids, person: int | BindParameter[Any]) -> ColumnElement[bool]:
    """Return the condition that a person may see another.

    They see themselves, those who share a programme with them, and in a partnership of theirs its people and the team of
    its programme. The values may be bound parameters.
    """
    mine = _partnerships(person)
    around = select(Partnership.programme_id).where(Partnership.id.in_(mine))
    return or_(
        Person.id == person,
        _people_of(programmes),
        Person.id.in_(select(TeamMember.person_id).where(TeamMember.programme_id.in_(around))),
        Person.id.in_(select(PartnerPerson.person_id).where(PartnerPerson.partnership_id.in_(mine))),
    )


def _partnerships(person: int | BindParameter[Any]) -> Select[int]:
    """Return the ids of the partnerships that a person is in, as a select."""
    return select(PartnerPerson.partnership_id).where(PartnerPerson.person_id == person)


def _people_of(programmes: Ids) -> ColumnElement[bool]:
    """Return the condition that a person takes or took part in one of these programmes."""
    members = select(Membership.person_id).join(Community, Community.id == Membership.community_id)
    partners = select(PartnerPerson.person_id).join(Partnership, Partnership.id == PartnerPerson.partnership_id)
    return or_(
        Person.id.in_(members.where(Community.programme_id.in_(programmes))),
        Person.id.in_(select(TeamMember.person_id).where(TeamMember.programme_id.in_(programmes))),
        Person.id.in_(partners.where(Partnership.programme_id.in_(programmes))),
    )


def _organisations(own: Rights, person: int) -> ColumnElement[bool]:
    """Return the condition that a person may see an organisation.

    They see those of the people and partnerships that they may see, and those that they or their programme team recorded.
    A team also sees those that an administrator recorded, as long as they take part nowhere.
    """
    mine, everybody = Partnership.id.in_(_partnerships(person)), true()
    prepared = and_(
        Organisation.added_by_id.in_(select(Person.id).where(Person.is_admin)),
        not_(_organisations_of(everybody, everybody)),
    )
    return or_(
        _organisations_of(
            people_visible(own.programmes, person), or_(Partnership.programme_id.in_(own.programmes), mine)
        ),
        _recorded_by_team(own.programmes),
        Organisation.added_by_id == person,
        prepared if own.led else false(),
    )


def _organisations_of(people: ColumnElement[bool], partnerships: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that an organisation is that of one of these people, or takes part in these partnerships."""
    works = select(Affiliation.organisation_id).join(Person, Person.id == Affiliation.person_id)
    takes_part = select(PartnerOrganisation.organisation_id).join(
        Partnership, Partnership.id == PartnerOrganisation.partnership_id
    )
    return or_(
        Organisation.id.in_(select(Person.organisation_id).where(Person.organisation_id.is_not(None), people)),
        Organisation.id.in_(works.where(people)),
        Organisation.id.in_(takes_part.where(partnerships)),
    )


def _recorded_by_team(programmes: Ids) -> ColumnElement[bool]:
    """Return the condition that somebody of the team of one of these programmes recorded an organisation."""
    team = select(TeamMember.person_id).where(TeamMember.programme_id.in_(programmes))
    return Organisation.added_by_id.in_(team)


def leads_organisation(own: Rights, organisation: Organisation) -> bool:
    """Return whether an organisation takes part in a programme whose team the person is in, or was recorded for it."""
    if not own.led:
        return False
    here = or_(
        _organisations_of(_people_of(own.led), Partnership.programme_id.in_(own.led)), _recorded_by_team(own.led)
    )
    return db.session.scalar(select(Organisation.id).where(Organisation.id == organisation.id, here)) is not None


def leads_whole_person(own: Rights, person: Person) -> bool:
    """Return whether somebody who is no administrator takes part only in programmes whose team the person is in.

    For somebody who left, those that they left count.
    """
    if not own.led or person.is_admin:
        return False
    member = select(Community.programme_id).join(Membership, Membership.community_id == Community.id)
    partner = select(Partnership.programme_id).join(PartnerPerson, PartnerPerson.partnership_id == Partnership.id)
    programmes = set(
        db.session.scalars(
            union(
                member.where(Membership.person_id == person.id, current()),
                partner.where(PartnerPerson.person_id == person.id),
                select(TeamMember.programme_id).where(TeamMember.person_id == person.id),
            )
        )
    )
    departure = departure_of(person.id)
    programmes |= set(departure.ended["programmes"]) if departure else set()
    return bool(programmes) and programmes <= set(own.led)


def leads_whole_organisation(own: Rights, organisation: Organisation) -> bool:
    """Return whether it takes part only in programmes whose team the person is in."""
    works = select(Affiliation.person_id).where(Affiliation.organisation_id == organisation.id)
    others = select(Person.id).where(
        or_(Person.organisation_id == organisation.id, Person.id.in_(works)), not_(_people_of(own.led))
    )
    elsewhere = (
        select(Partnership.id)
        .join(PartnerOrganisation, PartnerOrganisation.partnership_id == Partnership.id)
        .where(PartnerOrganisation.organisation_id == organisation.id, Partnership.programme_id.not_in(own.led))
    )
    return leads_organisation(own, organisation) and not any(
        db.session.scalar(select(found.exists())) for found in (others, elsewhere)
    )


def find(person: Person, kind: type[T], id: int | None = None, **by: object) -> T:
    """Return the thing with this id (or these fields); raise NotFound unless it exists and the person may see it."""
    person = unproxied(person)
    if person is not SYSTEM and not getattr(person, "is_authenticated", False):
        raise SignInNeeded()
    if id is not None and person is not SYSTEM and issubclass(kind, Thing) and kind is not Thing:
        seen = _by_id(kind).rows(person, id=id)
        found = cast(T, as_read(kind, seen[0])) if seen else None
    else:
        query = select(kind).where(visible_to(person, kind))
        query = query.where(kind.id == id) if id is not None else query.filter_by(**by)  # type: ignore[attr-defined]
        found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    if isinstance(found, Thing) and found.parent_id is not None:
        _check_parent(person, found)
    return found


def rows(person: Person, query: VisibleQuery[Row], **values: object) -> list[Row]:
    """Return the rows of a query that the person may see; raise SignInNeeded unless they are signed in."""
    if not getattr(person, "is_authenticated", False):
        raise SignInNeeded()
    return query.rows(person, **values)


def find_row(person: Person, query: VisibleQuery[Row], **values: object) -> Row:
    """Return the first row of a query that the person may see; raise NotFound if there is none."""
    found = rows(person, query, **values)
    if not found:
        raise NotFound()
    return found[0]


def _check_parent(person: Person, thing: Thing) -> None:
    """Raise NotFound for a post in a thread that was retracted, or that is hidden from the person."""
    parent = db.session.get(Thing, thing.parent_id)
    if parent is None or parent.state == "live" or person is SYSTEM:
        return
    sees_hidden = rights(person).curates(parent.audience_id) or parent.author_id == person.id
    if parent.state == "retracted" or not sees_hidden:
        raise NotFound()


# The places of features that are no things, such as `minutes:7`: for (person, id), their last seq or None.
OWN_PLACES: dict[str, Callable[[Person, int], int | None]] = {}


def place(person: Person, name: str) -> int | None:
    """Return the last seq of a live place (`thread:7`, `room:2`, `page:3`), None unless the person may join it."""
    kind, _colon, id = name.partition(":")
    if not id.isdecimal() or len(id) > 9:
        return None
    if kind in OWN_PLACES:
        return OWN_PLACES[kind](person, int(id))
    if kind not in kinds.names(lambda one: one.live):
        return None
    try:
        thing = find(person, Thing, int(id))
    except NotFound:
        return None
    return thing.last_seq if thing.kind == kind else None
