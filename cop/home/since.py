"""The news for a person since their previous visit: posts, documents, chat messages and participants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Integer, bindparam, case, func, or_, select

from cop.base.db import UtcDateTime
from cop.base.fast.prepared import PreparedQuery
from cop.base.web import cached
from cop.documents.models import File
from cop.society.memberships import Membership
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import Follow, Mark, Thing, kinds

MOST = 500  # things looked at, the newest, after a long absence
SHOWN = 40  # places
THING, PLACE, LATER = Thing.__table__, Thing.__table__.alias("place"), Thing.__table__.alias("later")
FILE, MARK, FOLLOW = File.__table__, Mark.__table__, Follow.__table__
MEMBERSHIP, PERSON, ORGANISATION = Membership.__table__, Person.__table__, Organisation.__table__
HERE: BindParameter[Any] = bindparam("audiences", expanding=True)
ME, SINCE = bindparam("person", type_=Integer), bindparam("since", type_=UtcDateTime)


class NewsRow(NamedTuple):
    """A thread, chat room or document with something new; `posts` counts what the person has not read."""

    id: int
    kind: str
    title: str
    audience_id: int
    posts: int
    begun: bool  # it was started since
    followed: bool

    @property
    def url(self) -> str:
        """Its address."""
        return kinds.url(self.kind, self.id)


_NEWEST = select(func.max(LATER.c.id)).scalar_subquery()
# The id after which things are looked at: that of the last one before the visit, found from the newest backwards, no
# further than is looked at, as no column but the id is sorted by time. It is a single bound, as SQLite searches by only one.
_BEFORE = (
    select(LATER.c.id)
    .where(LATER.c.made <= SINCE, LATER.c.id > _NEWEST - MOST)
    .order_by(LATER.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_SAID = (
    select(THING.c.id, THING.c.kind, THING.c.parent_id, THING.c.seq)
    .where(
        THING.c.id > func.coalesce(_BEFORE, _NEWEST - MOST),
        (THING.c.audience_id + 0).in_(HERE),  # not by the index of an audience, which would read all that it has
        THING.c.state == "live",
        THING.c.kind.not_in(("thread", "room")),  # these are counted by what stands in them
        THING.c.author_id.is_distinct_from(ME),
    )
    .order_by(THING.c.id.desc())
    .limit(MOST)
    .subquery("said")
)
_NEWS = PreparedQuery(
    select(
        PLACE.c.id,
        PLACE.c.kind,
        PLACE.c.title,
        PLACE.c.audience_id,
        func.count().label("posts"),
        (PLACE.c.made > SINCE).label("begun"),
        func.max(case((FOLLOW.c.level == "all", FOLLOW.c.person_id), else_=0)).label("followed"),
    )
    .select_from(
        _SAID.join(PLACE, PLACE.c.id == func.coalesce(_SAID.c.parent_id, _SAID.c.id))
        .outerjoin(FILE, FILE.c.id == _SAID.c.id)
        .outerjoin(MARK, (MARK.c.thing_id == PLACE.c.id) & (MARK.c.person_id == ME))
        .outerjoin(FOLLOW, (FOLLOW.c.thing_id == PLACE.c.id) & (FOLLOW.c.person_id == ME))
    )
    .where(
        func.coalesce(FILE.c.attached, False).is_(False),
        func.coalesce(FOLLOW.c.level, "") != "silent",
        PLACE.c.state == "live",
        # What stands by itself has no position: it is read once its page was opened.
        or_(_SAID.c.seq > func.coalesce(MARK.c.seq, 0), _SAID.c.parent_id.is_(None) & MARK.c.seq.is_(None)),
    )
    .group_by(PLACE.c.id, PLACE.c.kind, PLACE.c.title, PLACE.c.audience_id, PLACE.c.made)
    .order_by(func.max(_SAID.c.id).desc())
    .limit(SHOWN),
    row=NewsRow,
)


class Newcomer(NamedTuple):
    """A person who takes part since."""

    id: int
    name: str
    organisation: str | None


_NEWCOMERS = PreparedQuery(
    select(PERSON.c.id, PERSON.c.name, ORGANISATION.c.name.label("organisation"))
    .select_from(
        MEMBERSHIP.join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id).outerjoin(
            ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id
        )
    )
    .where(
        MEMBERSHIP.c.community_id.in_(bindparam("communities", expanding=True)),
        MEMBERSHIP.c.ended.is_(None),
        or_(MEMBERSHIP.c.since > SINCE, PERSON.c.entered > SINCE),
        PERSON.c.entered.is_not(None),
        PERSON.c.state != "deactivated",
        PERSON.c.id != ME,
    )
    .distinct()
    .order_by(PERSON.c.name, PERSON.c.id)
    .limit(SHOWN),
    row=Newcomer,
)


@dataclass(frozen=True)
class News:
    """The news for a person since a moment."""

    since: datetime
    followed: list[NewsRow] = field(default_factory=list)  # threads that they follow
    begun: list[NewsRow] = field(default_factory=list)  # new threads
    others: list[NewsRow] = field(default_factory=list)  # other threads
    documents: list[NewsRow] = field(default_factory=list)
    rooms: list[NewsRow] = field(default_factory=list)
    newcomers: list[Newcomer] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.followed, self.begun, self.others, self.documents, self.rooms, self.newcomers))


def news(person: Person, audiences: Iterable[int], communities: Iterable[int], since: datetime) -> News:
    """Return what is new in these audiences and communities, without what the person wrote, read or muted."""
    found = News(since)
    for row in _NEWS.rows(person=person.id, audiences=list(audiences), since=since):
        if row.kind == "room":
            found.rooms.append(row)
        elif row.kind != "thread":
            found.documents.append(row)
        else:
            (found.followed if row.followed else found.begun if row.begun else found.others).append(row)
    found.newcomers.extend(cached(("newcomers", person.id, since), lambda: _newcomers(person, communities, since)))
    return found


def _newcomers(person: Person, communities: Iterable[int], since: datetime) -> tuple[Newcomer, ...]:
    """Return who takes part since; it depends on people and memberships only, whose version is in the cache's key."""
    return tuple(_NEWCOMERS.rows(person=person.id, communities=list(communities), since=since))
