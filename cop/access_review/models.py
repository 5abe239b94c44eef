"""What the team confirmed, when the last review was, and the queries for who may what in a programme."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Row, Select, delete, func, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, db
from cop.society.audience import Audience, Guest, current_guest
from cop.society.memberships import Membership, TeamMember, current, surname
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, PartnerPerson, Partnership, Programme
from cop.things import Thing, kinds, removal


class AccessConfirmation(Base):
    """The team of a programme confirmed what a person may do there."""

    __tablename__ = "access_confirmation"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class AccessReview(Base):
    """A finished review: everybody in the programme was confirmed or ended since the one before."""

    __tablename__ = "access_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime] = mapped_column(default=clock.now)

    by: Mapped[Person] = relationship()


class Place(NamedTuple):
    """One thing that a person may do: a role in a community, the team, a partnership, or as a guest of one thing."""

    kind: str  # community, team, partnership or guest
    name: str
    url: str
    role: str
    since: date | None
    until: date | None
    change_url: str  # of the page on which it is changed or ended; "" for a guest, who is ended in the review
    guest: int | None = None  # the id of the guest


class Reviewed(NamedTuple):
    """A person in a programme with all their places in it; `seen` is the first day of a month."""

    id: int
    name: str
    mail: str
    organisation: str
    entered: bool
    seen: date | None
    places: list[Place]
    confirmed: datetime | None
    confirmed_by: str


def last_review(programme_id: int) -> AccessReview | None:
    """Return the last finished review of a programme, None before the first."""
    return db.session.scalar(
        select(AccessReview).where(AccessReview.programme_id == programme_id).order_by(AccessReview.id.desc()).limit(1)
    )


def people_with_access(programme: Programme) -> list[Reviewed]:
    """Return who may what in a programme, by surname; the number of statements does not depend on how many they are."""
    people: dict[int, Any] = {}
    places: dict[int, list[Place]] = {}
    for row, place in _places(programme):
        people[row.person_id] = row
        places.setdefault(row.person_id, []).append(place)
    confirmed = _confirmations(programme.id)
    found = []
    for id, row in people.items():
        at, by = confirmed.get(id, (None, ""))
        found.append(
            Reviewed(
                id, row.name, row.mail, row.organisation or "", row.entered is not None, row.seen, places[id], at, by
            )
        )
    return sorted(found, key=lambda one: (surname(one.name or one.mail), one.id))


def _confirmations(programme_id: int) -> dict[int, tuple[datetime, str]]:
    rows = db.session.execute(
        select(AccessConfirmation.person_id, AccessConfirmation.at, Person.name)
        .join(Person, Person.id == AccessConfirmation.by_id)
        .where(AccessConfirmation.programme_id == programme_id)
    )
    return {row.person_id: (row.at, row.name) for row in rows}


def _person(*more: Any) -> Select[Any]:
    return select(
        Person.id.label("person_id"),
        Person.name,
        Person.mail,
        Person.entered,
        Person.seen,
        Organisation.name.label("organisation"),
        *more,
    ).outerjoin(Organisation, Organisation.id == Person.organisation_id)


def _places(programme: Programme) -> Iterator[tuple[Row[Any], Place]]:
    """Yield every place in a programme with the person who has it."""
    active = Person.state != "deactivated"
    team = _person(TeamMember.since).join(TeamMember, TeamMember.person_id == Person.id)
    for row in db.session.execute(team.where(TeamMember.programme_id == programme.id, active)):
        url = programme.url
        yield row, Place("team", programme.name, url, "team", _day(row.since), None, f"{url}/edit")
    members = (
        _person(Community.name.label("community"), Community.slug, Membership.role, Membership.since, Membership.until)
        .join(Membership, Membership.person_id == Person.id)
        .join(Community, Community.id == Membership.community_id)
        .where(Community.programme_id == programme.id, current(), active)
        .order_by(Community.position)
    )
    for row in db.session.execute(members):
        url, since = f"/communities/{row.slug}", _day(row.since)
        change = f"{url}/members/{row.person_id}"
        yield row, Place("community", row.community, url, row.role, since, row.until, change)
    partners = (
        _person(Partnership.id.label("partnership_id"), Partnership.name.label("partnership"), PartnerPerson.since)
        .join(PartnerPerson, PartnerPerson.person_id == Person.id)
        .join(Partnership, Partnership.id == PartnerPerson.partnership_id)
        .where(Partnership.programme_id == programme.id, active)
        .order_by(Partnership.name)
    )
    for row in db.session.execute(partners):
        url = f"/partnerships/{row.partnership_id}"
        yield row, Place("partnership", row.partnership, url, "member", _day(row.since), None, f"{url}/edit")
    yield from _guests(programme, active)


def _day(moment: datetime | None) -> date | None:
    return clock.local(moment).date() if moment else None


def guests_in(programme_id: int, of: Select[Any]) -> Select[Any]:
    """Return a select of guests narrowed to those of things in a programme that are there."""
    thing, owner = Thing.__table__, aliased(Audience)
    return (
        of.join(thing, thing.c.id == Guest.thing_id)
        .join(owner, owner.id == thing.c.audience_id)
        .outerjoin(Community, Community.id == owner.community_id)
        .outerjoin(Partnership, Partnership.id == owner.partnership_id)
        .where(
            func.coalesce(owner.programme_id, Community.programme_id, Partnership.programme_id) == programme_id,
            or_(thing.c.state == "live", thing.c.state == "hidden"),
        )
    )


def _guests(programme: Programme, active: Any) -> Iterator[tuple[Row[Any], Place]]:
    thing = Thing.__table__
    guests = _person(
        Guest.id.label("guest_id"),
        thing.c.id.label("thing_id"),
        thing.c.kind.label("thing_kind"),
        Guest.role,
        Guest.made,
        Guest.until,
    ).join(Guest, Guest.person_id == Person.id)
    for row in db.session.execute(guests_in(programme.id, guests).where(current_guest(), active).order_by(thing.c.id)):
        kind = kinds.get(row.thing_kind)
        url = kinds.url(row.thing_kind, row.thing_id)
        yield row, Place("guest", kind.noun(), url, row.role, _day(row.made), row.until, "", row.guest_id)


@removal.before_removal
def remove_reviews(audience_id: int) -> None:
    """Remove the reviews of a programme that is removed."""
    programme = select(Programme.id).where(Programme.audience_id == audience_id)
    for kind in (AccessConfirmation, AccessReview):
        db.session.execute(delete(kind).where(kind.programme_id.in_(programme)))
