"""Bulletins, and the queries on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, ScalarSelect, func, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.society.audience import Audience
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.things import Thing

PAGE = 20


class Bulletin(Thing):
    """A bulletin for a whole programme or one of its communities; its title is the subject, its text is its body.

    A draft is seen by the programme team alone. Once sent, its audience reads it while its state is live; one that was
    removed or withdrawn is retracted.
    """

    __tablename__ = "bulletin"

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    sent: Mapped[datetime | None]

    __mapper_args__ = {"polymorphic_identity": "bulletin"}

    @property
    def url(self) -> str:
        return f"/bulletins/{self.id}"


THING, BULLETIN = Thing.__table__, Bulletin.__table__
Index("ix_bulletin_programme", BULLETIN.c.programme_id, BULLETIN.c.sent)
# By the names of the list: the state of its bulletins, and whether they were sent.
SHOWN = {
    "sent": (THING.c.state == "live") & BULLETIN.c.sent.is_not(None),
    "drafts": THING.c.state == "draft",
    "removed": THING.c.state == "retracted",
}


def find_bulletin(person: Person, id: int) -> Bulletin:
    """Return a bulletin that the person may see: the team any, its audience one that was sent. Else raise NotFound."""
    found = db.session.get(Bulletin, id)
    if found is None:
        raise NotFound
    if access.rights(person).leads(found.programme_id):
        return found
    if found.sent is None:  # also for its author, who may have left the team
        raise NotFound
    return access.find(person, Bulletin, id)


class BulletinRow(NamedTuple):
    """A bulletin as the list shows it; `audience` is the name of its community, "" for the whole programme."""

    id: int
    title: str
    state: str
    version: int
    made: datetime
    sent: datetime | None
    edited: datetime | None
    audience: str
    author: str


def bulletins(
    person: Person, programme: Programme, *, show: str = "sent", after: str | None = None, limit: int = PAGE
) -> Slice[BulletinRow]:
    """Return a page of the bulletins of a programme that the person may see, newest first."""
    order = (func.coalesce(BULLETIN.c.sent, THING.c.made), THING.c.id)
    query = (
        select(
            THING.c.id,
            THING.c.title,
            THING.c.state,
            THING.c.version,
            THING.c.made,
            BULLETIN.c.sent,
            THING.c.edited,
            func.coalesce(Community.name, "").label("audience"),
            func.coalesce(Person.name, "").label("author"),
        )
        .select_from(BULLETIN.join(THING, THING.c.id == BULLETIN.c.id))
        .join(Audience, Audience.id == THING.c.audience_id)
        .outerjoin(Community, Community.id == Audience.community_id)
        .outerjoin(Person, Person.id == THING.c.author_id)
        .where(
            BULLETIN.c.programme_id == programme.id,
            SHOWN[show],
            THING.c.audience_id.in_(list(access.rights(person).roles)),
        )
        .order_by(*(column.desc() for column in order))
        .limit(limit + 1)
    )
    if after:
        query = query.where(tuple_(*order) < tuple_(*decode_cursor(after)))
    rows = [BulletinRow(*row) for row in db.session.execute(query)]
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    return Slice(rows[:limit], next=encode_cursor(last.sent or last.made, last.id) if last else None)


def last_sent(audience_id: int) -> datetime | None:
    """Return when the last bulletin was sent to an audience, None before the first."""
    found: datetime | None = db.session.scalar(
        select(BULLETIN.c.sent)
        .join(THING, THING.c.id == BULLETIN.c.id)
        .where(THING.c.audience_id == audience_id, BULLETIN.c.sent.is_not(None))
        .order_by(BULLETIN.c.sent.desc())
        .limit(1)
    )
    return found


def newest_draft(programme_id: Any) -> ScalarSelect[int | None]:
    """Return the id of the newest draft of a programme, as a column of a query; the value may be a column."""
    bulletin, thing = BULLETIN.alias(), THING.alias()
    return (
        select(func.max(bulletin.c.id))
        .select_from(bulletin.join(thing, thing.c.id == bulletin.c.id))
        .where(bulletin.c.programme_id == programme_id, bulletin.c.sent.is_(None), thing.c.state == "draft")
        .scalar_subquery()
    )
