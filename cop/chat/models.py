"""Rooms, their messages and who is in them, and the questions asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Row, Select, String, Text, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db, upsert
from cop.base.fast.prepared import PreparedQuery
from cop.base.web import Slice
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import NEWEST, Body, KeysetPager, Thing, ThingLink, community_of
from cop.things.forms import PAGE

QUOTED = 160  # characters of the message that is answered


class Room(Thing):
    """A room in a community, in which people talk live."""

    __tablename__ = "room"

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__ = {"polymorphic_identity": "room"}

    @property
    def url(self) -> str:
        return f"/rooms/{self.id}"


class Message(Thing):
    """A message in a room; its text is its body."""

    __mapper_args__ = {"polymorphic_identity": "message"}

    @property
    def url(self) -> str:
        return f"/messages/{self.id}"


class Presence(Base):
    """A lease: somebody has the room open, in one process of the product; it ends by itself when not renewed."""

    __tablename__ = "presence"

    room_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    process: Mapped[str] = mapped_column(String(24), primary_key=True)
    until: Mapped[datetime]


ROOM = Room.__table__
BODY = Body.__table__
LINK = ThingLink.__table__
THING = Thing.__table__
PERSON = Person.__table__
ORGANISATION = Organisation.__table__
ANSWERED, ANSWERED_THING, ANSWERED_PERSON = BODY.alias(), THING.alias(), PERSON.alias()
BECAME = THING.alias()
# The newest thread that was made from a message.
_NEWEST = (
    select(func.max(LINK.c.from_id))
    .where(LINK.c.to_id == THING.c.id, LINK.c.kind == "source")
    .correlate(THING)
    .scalar_subquery()
)


def _messages() -> Select[Any]:
    """Messages as rows, with their authors, what they answer and what they became, by Core: the hot page reads many."""
    return select(
        THING.c.id,
        THING.c.seq,
        THING.c.changed,
        THING.c.state,
        THING.c.reason,
        THING.c.version,
        THING.c.made,
        THING.c.edited,
        THING.c.client_id,
        THING.c.author_id,
        THING.c.author_role,
        THING.c.audience_id,
        THING.c.parent_id.label("room_id"),
        BODY.c.html,
        PERSON.c.name.label("author_name"),
        PERSON.c.photo.label("author_photo"),
        ORGANISATION.c.name.label("organisation_name"),
        BODY.c.reply_to_id,
        ANSWERED_PERSON.c.name.label("answered_name"),
        ANSWERED_THING.c.state.label("answered_state"),
        func.substr(ANSWERED.c.plain, 1, QUOTED + 1).label("answered_plain"),
        BECAME.c.id.label("became_id"),
        BECAME.c.title.label("became_title"),
    ).select_from(
        THING.join(BODY, BODY.c.thing_id == THING.c.id)
        .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
        .outerjoin(ANSWERED, ANSWERED.c.thing_id == BODY.c.reply_to_id)
        .outerjoin(ANSWERED_THING, ANSWERED_THING.c.id == ANSWERED.c.thing_id)
        .outerjoin(ANSWERED_PERSON, ANSWERED_PERSON.c.id == ANSWERED_THING.c.author_id)
        # A thread that was hidden, or moved to another circle, is not named here.
        .outerjoin(
            BECAME,
            (BECAME.c.id == _NEWEST) & (BECAME.c.state == "live") & (BECAME.c.audience_id == THING.c.audience_id),
        )
    )


PAGER = KeysetPager("message", _messages())


def message_rows(ids: Iterable[int]) -> list[Any]:
    """These messages as rows, in the order of their place."""
    return PAGER.these(ids)


def messages(
    room_id: int,
    *,
    after: int | None = None,
    before: int | None = None,
    changed_after: int | None = None,
    limit: int = PAGE,
) -> Slice:
    """A stretch of a room's messages by position (without a key the newest), or what changed since a seq."""
    if changed_after is not None:
        return PAGER.changed(room_id, changed_after, limit)
    if after is not None:
        return PAGER.after(room_id, after, limit)
    return PAGER.before(room_id, NEWEST if before is None else before, limit)


_SOURCES = PreparedQuery(
    select(
        THING.c.id,
        THING.c.made,
        PERSON.c.name.label("author_name"),
        ORGANISATION.c.name.label("organisation_name"),
        BODY.c.source,
        BODY.c.format,
        BODY.c.html,
        BODY.c.plain,
    )
    .select_from(
        THING.join(BODY, BODY.c.thing_id == THING.c.id)
        .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
    )
    .where(
        THING.c.id.in_(bindparam("ids", expanding=True)),
        THING.c.parent_id == bindparam("room"),
        THING.c.kind == "message",
        THING.c.state == "live",
    )
    .order_by(THING.c.seq)
)


def message_sources(room_id: int, ids: Iterable[int]) -> list[Any]:
    """Return the live messages of a room among `ids` as they were written, with their authors, in order."""
    return _SOURCES.rows(room=room_id, ids=list(ids))


_LATER = PreparedQuery(
    select(THING.c.seq)
    .where(THING.c.parent_id == bindparam("room"), THING.c.kind == "message", THING.c.seq > bindparam("seq"))
    .order_by(THING.c.seq)
    .limit(PAGE)
)


def address(message: Message) -> str:
    """Where a message stands: the newest stretch of its room, or an earlier one that goes on a little after it."""
    later = _LATER.rows(room=message.parent_id, seq=message.seq)
    stretch = f"?before={later[PAGE // 2].seq}" if len(later) == PAGE else ""
    return f"/rooms/{message.parent_id}{stretch}#message-{message.id}"


def rooms(condition: Any) -> list[Row[Any]]:
    """The rooms for which `condition` holds, the oldest first."""
    return list(
        db.session.execute(
            select(
                THING.c.id,
                THING.c.title,
                THING.c.state,
                THING.c.version,
                THING.c.made,
                THING.c.last_seq,
                THING.c.audience_id,
                community_of(THING.c.audience_id).label("community_id"),
                ROOM.c.purpose,
            )
            .select_from(THING.join(ROOM, ROOM.c.id == THING.c.id))
            .where(condition)
            .order_by(THING.c.id)
        )
    )


def ensure_room(community: Community, title: str = "", purpose: str = "") -> Room:
    """The first room of a community, made in the running unit when there is none, and called as is given."""
    room = db.session.scalar(select(Room).where(Room.audience_id == community.audience_id).order_by(Room.id).limit(1))
    if room is None:
        room = Room(audience_id=community.audience_id, title="Live gesprek", purpose="")
        db.session.add(room)
    room.title, room.purpose = title or room.title, purpose or room.purpose
    db.session.flush()
    return room


def enter(room_id: int, person_id: int, process: str, until: datetime) -> None:
    """Gives or renews a lease, in the running unit, and drops those that ran out in this room."""
    db.session.execute(delete(Presence).where(Presence.room_id == room_id, Presence.until <= clock.now()))
    upsert(Presence, {"room_id": room_id, "person_id": person_id, "process": process}, {"until": until})


def leave(room_id: int, person_id: int, process: str) -> None:
    """Ends a lease, in the running unit."""
    db.session.execute(
        delete(Presence).where(
            Presence.room_id == room_id, Presence.person_id == person_id, Presence.process == process
        )
    )


def people_in(room_id: int) -> list[Row[Any]]:
    """Who is in a room now, by name: rows with id, name and photo."""
    here = select(Presence.person_id).where(Presence.room_id == room_id, Presence.until > clock.now())
    return list(
        db.session.execute(
            select(Person.id, Person.name, Person.photo).where(Person.id.in_(here)).order_by(Person.name, Person.id)
        )
    )
