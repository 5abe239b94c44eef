"""The rights of a person: the audiences in which they take part with their role in each, and where they are a guest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, cast

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    String,
    Subquery,
    bindparam,
    case,
    func,
    literal_column,
    null,
    outerjoin,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from cop.base import clock
from cop.base.fast import cache_versions
from cop.base.fast.prepared import PreparedQuery
from cop.society.audience import Audience, Guest, current_guest
from cop.society.memberships import Membership, TeamMember, current
from cop.society.people import Person
from cop.society.programmes import GROUPED, Community, CommunityGroup, PartnerPerson, Partnership, Programme
from cop.things import Thing

CURATORS = ("moderator", "team")
WRITERS = ("member", "expert", "moderator", "team")
RANKS = ("reader", "member", "expert", "moderator", "team")  # of several roles, the last counts


class System:
    """The platform itself, for commands and recurring jobs. It may run every verb, and has no name."""

    id = None
    is_admin = True
    name = ""
    language = "nl"
    organisation_id = None
    organisation = None


SYSTEM: Any = System()  # passes as a person


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """An audience as a page shows it to one person; `id` is that of its community, group, programme or partnership.

    A person who is not in it has no role and sees only its name: `url` and `slug` are "". The address of a group of
    communities is that of their programme.
    """

    audience_id: int
    kind: str
    id: int
    slug: str  # of the community; "" for another kind
    name: str
    url: str
    programme_id: int
    role: str | None
    archived: bool = False  # whether its programme is in the archive

    @property
    def writable(self) -> bool:
        """Whether the person can add to what stands in it."""
        return self.role in WRITERS and not self.archived

    @property
    def list_name(self) -> str:
        """The name of its mailing list; that of a community is its slug."""
        return self.slug if self.kind == "community" else f"{self.kind}-{self.id}"

    @property
    def has_shelf(self) -> bool:
        """Whether it has documents, those of a community or a partnership, and the person is in it."""
        return bool(self.url) and self.kind in ("community", "partnership")

    @property
    def is_community(self) -> bool:
        """Whether it is a community and the person is in it."""
        return bool(self.slug)


def _roles() -> Subquery:
    """Return the roles of `:person` on `:today`: by audience, which can have several, and by thing for a guest."""
    person, today = bindparam("person", type_=Integer), bindparam("today", type_=Date)
    audience, nothing = Audience.id.label("audience_id"), null().cast(Integer)
    member = (
        select(audience, Membership.role, nothing.label("thing_id"))
        .select_from(Membership)
        .where(Membership.person_id == person, current(today))
    )
    team = (
        select(audience, literal_column("'team'", String), nothing)
        .select_from(TeamMember)
        .where(TeamMember.person_id == person)
    )
    partner = (
        select(audience, literal_column("'member'", String), nothing)
        .select_from(PartnerPerson)
        .where(PartnerPerson.person_id == person)
    )
    return union_all(
        member.join(Audience, Audience.community_id == Membership.community_id),
        member.join(GROUPED, GROUPED.c.community_id == Membership.community_id).join(
            Audience, Audience.group_id == GROUPED.c.group_id
        ),
        member.join(Community, Community.id == Membership.community_id).join(
            Audience, (Audience.programme_id == Community.programme_id) & (Audience.kind == "programme")
        ),
        team.join(Audience, Audience.programme_id == TeamMember.programme_id),
        team.join(Community, Community.programme_id == TeamMember.programme_id).join(
            Audience, Audience.community_id == Community.id
        ),
        team.join(Partnership, Partnership.programme_id == TeamMember.programme_id).join(
            Audience, Audience.partnership_id == Partnership.id
        ),
        partner.join(Audience, Audience.partnership_id == PartnerPerson.partnership_id),
        select(nothing, case((_archived(Guest.thing_id), "reader"), else_=Guest.role), Guest.thing_id).where(
            Guest.person_id == person, current_guest(today)
        ),
    ).subquery("roles")


def _archived(thing_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Return the condition that a thing stands in a programme in the archive: its guests only read."""
    thing = Thing.__table__
    found = (
        select(Audience.id)
        .join(thing, thing.c.audience_id == Audience.id)
        .outerjoin(Community, Community.id == Audience.community_id)
        .outerjoin(Partnership, Partnership.id == Audience.partnership_id)
        .join(
            Programme,
            Programme.id == func.coalesce(Audience.programme_id, Community.programme_id, Partnership.programme_id),
        )
        .where(thing.c.id == thing_id, Programme.phase == "archive")
    )
    return found.exists()


def _described(source: FromClause | type[Audience], *more: ColumnElement[Any]) -> Select[Any]:
    """Return the query for audiences with what a page shows of them, and more columns of `source`."""
    programme_id = func.coalesce(Audience.programme_id, Community.programme_id, Partnership.programme_id)
    owner = Programme.__table__.alias("owner")
    return (
        select(
            Audience.id.label("audience_id"),
            Audience.kind,
            func.coalesce(
                Audience.community_id, Audience.group_id, Audience.programme_id, Audience.partnership_id
            ).label("id"),
            func.coalesce(Community.slug, Programme.slug).label("slug"),
            func.coalesce(Community.name, CommunityGroup.name, Programme.name, Partnership.name).label("name"),
            programme_id.label("programme_id"),
            (owner.c.phase == "archive").label("archived"),
            *more,
        )
        .select_from(source)
        .outerjoin(Community, Community.id == Audience.community_id)
        .outerjoin(CommunityGroup, CommunityGroup.id == Audience.group_id)
        .outerjoin(Programme, Programme.id == Audience.programme_id)
        .outerjoin(Partnership, Partnership.id == Audience.partnership_id)
        .outerjoin(owner, owner.c.id == programme_id)
        .order_by(programme_id, Community.position, Audience.id)
    )


class DescribedAudience(NamedTuple):
    """An audience as `_described` selects it."""

    audience_id: int
    kind: str
    id: int
    slug: str | None
    name: str
    programme_id: int
    archived: bool


class RoleRow(NamedTuple):
    """A role of a person in an audience, or as a guest of a thing: then only `role` and `thing_id` are set."""

    audience_id: int
    kind: str
    id: int
    slug: str | None
    name: str
    programme_id: int
    archived: bool
    role: str
    thing_id: int | None


_ROLES = _roles()
AUDIENCES = PreparedQuery(
    _described(
        outerjoin(_ROLES, Audience.__table__, Audience.id == _ROLES.c.audience_id), _ROLES.c.role, _ROLES.c.thing_id
    ),
    row=RoleRow,
)
AUDIENCE = PreparedQuery(_described(Audience).where(Audience.id == bindparam("audience")), row=DescribedAudience)


def _as_audience(row: DescribedAudience | RoleRow, role: str | None) -> AudienceRow:
    """Return an audience as a person with this role sees it."""
    community = row.kind == "community"
    path = f"/{_PATHS[row.kind]}/{row.slug or row.id}" if role else ""
    slug = (row.slug or "") if community and role else ""
    return AudienceRow(
        row.audience_id, row.kind, row.id, slug, row.name, path, row.programme_id, role, bool(row.archived)
    )


_PATHS = {
    "community": "communities",
    "group": "programmes",
    "programme": "programmes",
    "partnership": "partnerships",
}


class ThingRow(Protocol):
    """A thing, or a row of one."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...


class Rights:
    """The roles of a person in their audiences, and as a guest of single things."""

    def __init__(self, person: Person):
        self.roles: dict[int, str] = {}  # by audience
        self.guests: dict[int, str] = {}  # the roles of a guest, by thing
        found: dict[int, RoleRow] = {}
        for row in AUDIENCES.rows(person=person.id, today=clock.today()):
            if row.thing_id is not None:
                self.guests[row.thing_id] = row.role
                continue
            found[row.audience_id] = row
            self.roles[row.audience_id] = max(row.role, self.roles.get(row.audience_id, RANKS[0]), key=RANKS.index)
        self.audiences = {id: _as_audience(row, self.roles[id]) for id, row in found.items()}
        self.communities = [row for row in self.audiences.values() if row.kind == "community"]
        # The programmes whose audience the person is in.
        self.programmes = sorted(row.id for row in self.audiences.values() if row.kind == "programme")
        # The programmes whose team the person is in, whether or not a community stands in them yet.
        self.led = [row.id for row in self.audiences.values() if row.kind == "programme" and row.role == "team"]
        # The audiences in which the person is moderator or programme team.
        self.curated = [id for id, role in self.roles.items() if role in CURATORS]
        # Those for which the person plans; for a whole programme or several communities only the team does.
        self.planned = [
            id
            for id in self.curated
            if self.roles[id] == "team" or self.audiences[id].kind not in ("group", "programme")
        ]

    def role(self, audience_id: int | None) -> str | None:
        """Return the role in an audience, None for a person who is not in it."""
        return self.roles.get(audience_id) if audience_id is not None else None

    def role_for(self, thing: object) -> str | None:
        """Return the role in the audience of a thing or community, else as a guest of the thing or of its parent."""
        role = self.role(audience_of(self, thing))
        if role is None and self.guests and hasattr(thing, "author_id"):  # only things have an author
            thing = cast(ThingRow, thing)
            role = self.guests.get(thing.id) or (self.guests.get(thing.parent_id) if thing.parent_id else None)
        return role

    def curates(self, audience_id: int | None) -> bool:
        """Return whether the person is moderator or programme team in an audience."""
        return self.role(audience_id) in CURATORS

    def plans(self, audience_id: int | None) -> bool:
        """Return whether the person plans for an audience: as its moderator or programme team; for a programme, as team."""
        return audience_id in self.planned

    def leads(self, programme_id: int | None) -> bool:
        """Return whether the person is in the team of a programme."""
        return programme_id in self.led

    def archived(self, thing: object) -> bool:
        """Return whether a thing, community, programme or partnership is in the archive."""
        row = self.audiences.get(audience_of(self, thing) or 0)
        if row is not None:
            return row.archived
        return bool(getattr(thing, "archived", False))


def rights(person: Person) -> Rights:
    """Return the rights of a person, read once and cached with the person."""
    memo = getattr(person, "memo", None)
    # A transaction that may be rolled back does not share what it read with other requests.
    if memo is None or ("rights" not in memo and cache_versions.has_changes()):
        memo = person.memo = {}
    if "rights" not in memo:
        memo["rights"] = Rights(person)
    cached: Rights = memo["rights"]
    return cached


def audience(person: Person, audience_id: int) -> AudienceRow:
    """Return an audience as the person sees it: only its name if they are not in it, such as a guest."""
    role = "team" if person is SYSTEM else None
    known = None if person is SYSTEM else rights(person).audiences.get(audience_id)
    if known is not None:
        return known
    (row,) = AUDIENCE.rows(audience=audience_id)
    return _as_audience(row, role)


def drop_cached_rights(person: Person) -> None:
    """Drop the person's cached rights."""
    person.memo = None


def audience_of(rights: Rights, thing: object) -> int | None:
    """Return the audience of a thing, community, programme or partnership, or of the community of a membership."""
    id = getattr(thing, "audience_id", None)
    if id is not None:
        return int(id)
    community = getattr(thing, "community_id", None)
    return next((row.audience_id for row in rights.communities if row.id == community), None)
