"""Rooms, messages and presence, and the queries on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, Text, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.base import clock
from cop.base.db import Base, UtcDateTime, db, upsert
from cop.base.errors import Conflict
from cop.base.fast.prepared import PreparedQuery
from cop.base.web import Slice
from cop.base.words import _
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, Partnership
from cop.things import NEWEST, OUTCOME, Body, KeysetPager, Thing, ThingLink, community_of, newest_outcome
from cop.things.forms import PAGE

QUOTED = 160  # characters of the message that is replied to


class Room(Thing):
    """A chat room of a community or a partnership, or of a meeting (cop/meeting_rooms); one that is closed is only read."""

    __tablename__ = "room"

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, default="")
    closed: Mapped[datetime | None]

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
    """A lease on a room: a person has it open on one server process until `until`, unless the lease is renewed."""

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


class MessageRow(NamedTuple):
    """A message with its text, its author, the message it replies to, and the thread and outcome made from it."""

    id: int
    seq: int
    changed: int
    state: str
    reason: str
    version: int
    made: datetime
    edited: datetime | None
    client_id: str | None
    author_id: int | None
    author_role: str
    audience_id: int
    room_id: int
    html: str
    author_name: str | None
    author_photo: str | None
    organisation_name: str | None
    reply_to_id: int | None
    answered_name: str | None
    answered_state: str | None
    answered_plain: str | None
    became_id: int | None
    became_title: str | None
    outcome_id: int | None
    outcome_title: str | None


PAGER = KeysetPager(
    "message",
    MessageRow,
    select(
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
        OUTCOME.id.label("outcome_id"),
        OUTCOME.title.label("outcome_title"),
    ).select_from(
        THING.join(BODY, BODY.c.thing_id == THING.c.id)
        .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
        .outerjoin(ANSWERED, ANSWERED.c.thing_id == BODY.c.reply_to_id)
        .outerjoin(ANSWERED_THING, ANSWERED_THING.c.id == ANSWERED.c.thing_id)
        .outerjoin(ANSWERED_PERSON, ANSWERED_PERSON.c.id == ANSWERED_THING.c.author_id)
        # A thread that was hidden, or moved to another audience, is not named here.
        .outerjoin(
            BECAME,
            (BECAME.c.id == _NEWEST) & (BECAME.c.state == "live") & (BECAME.c.audience_id == THING.c.audience_id),
        )
        .outerjoin(OUTCOME, newest_outcome(THING))
    ),
)


def message_rows(ids: Iterable[int]) -> list[MessageRow]:
    """Return the messages with these ids, by position."""
    return PAGER.with_ids(ids)


def messages(
    room_id: int,
    *,
    after: int | None = None,
    before: int | None = None,
    changed_after: int | None = None,
    limit: int = PAGE,
) -> Slice[MessageRow]:
    """Return a slice of a room's messages by position, by default the newest, or those that changed after a seq."""
    if changed_after is not None:
        return PAGER.changed(room_id, changed_after, limit)
    if after is not None:
        return PAGER.after(room_id, after, limit)
    return PAGER.before(room_id, NEWEST if before is None else before, limit)


class MessageSource(NamedTuple):
    """A message as its author wrote it."""

    id: int
    made: datetime
    author_name: str | None
    organisation_name: str | None
    source: str
    format: str
    html: str
    plain: str


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
    .order_by(THING.c.seq),
    row=MessageSource,
)


def message_sources(room_id: int, ids: Iterable[int]) -> list[MessageSource]:
    """Return the live messages of a room among `ids` as they were written, with their authors, by position."""
    return _SOURCES.rows(room=room_id, ids=list(ids))


class _Position(NamedTuple):
    seq: int


_LATER = PreparedQuery(
    select(THING.c.seq)
    .where(THING.c.parent_id == bindparam("room"), THING.c.kind == "message", THING.c.seq > bindparam("seq"))
    .order_by(THING.c.seq)
    .limit(PAGE),
    row=_Position,
)


def address(message: Message) -> str:
    """Return the address of a message in its room: the newest messages, or earlier ones up to a little after it."""
    later = _LATER.rows(room=message.parent_id, seq=message.seq)
    before = f"?before={later[PAGE // 2].seq}" if len(later) == PAGE else ""
    return f"/rooms/{message.parent_id}{before}#message-{message.id}"


class RoomRow(NamedTuple):
    """A room in a list."""

    id: int
    title: str
    state: str
    version: int
    made: datetime
    last_seq: int
    audience_id: int
    community_id: int | None
    purpose: str
    closed: datetime | None


_ROOMS = access.VisibleQuery(
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
        ROOM.c.closed,
    )
    .select_from(THING.join(ROOM, ROOM.c.id == THING.c.id))
    .where(THING.c.audience_id == bindparam("audience"), THING.c.kind == "room", ROOM.c.closed.is_(None))
    .order_by(THING.c.id),
    row=RoomRow,
)


def rooms(person: Person, audience_id: int) -> list[RoomRow]:
    """Return the open rooms of an audience that the person may see, oldest first."""
    return access.rows(person, _ROOMS, audience=audience_id)


def ensure_room(owner: Community | Partnership, title: str = "", purpose: str = "") -> Room:
    """Return the first room of a community or partnership, made if there is none, with this title and purpose if given."""
    room = db.session.scalar(select(Room).where(Room.audience_id == owner.audience_id).order_by(Room.id).limit(1))
    if room is None:
        room = Room(audience_id=owner.audience_id, title="Chat", purpose="")
        db.session.add(room)
    room.title, room.purpose = title or room.title, purpose or room.purpose
    db.session.flush()
    return room


def require_open(room: Room) -> None:
    """Raise Conflict for a room that is closed."""
    if room.closed is not None:
        raise Conflict(_("Deze chat is gesloten. U kunt alles nog lezen, maar niets meer toevoegen of wijzigen."))


def enter(room_id: int, person_id: int, process: str, until: datetime) -> None:
    """Add or renew a lease, and delete the expired ones of this room."""
    db.session.execute(delete(Presence).where(Presence.room_id == room_id, Presence.until <= clock.now()))
    upsert(Presence, {"room_id": room_id, "person_id": person_id, "process": process}, {"until": until})


def leave(room_id: int, person_id: int, process: str) -> None:
    """Delete a lease."""
    db.session.execute(
        delete(Presence).where(
            Presence.room_id == room_id, Presence.person_id == person_id, Presence.process == process
        )
    )


class PresentPerson(NamedTuple):
    """A person who is in a room."""

    id: int
    name: str
    photo: str | None


_PRESENT = PreparedQuery(
    select(PERSON.c.id, PERSON.c.name, PERSON.c.photo)
    .where(
        PERSON.c.id.in_(
            select(Presence.person_id).where(
                Presence.room_id == bindparam("room"), Presence.until > bindparam("now", type_=UtcDateTime)
            )
        )
    )
    .order_by(PERSON.c.name, PERSON.c.id),
    row=PresentPerson,
)


def people_in(room_id: int) -> list[PresentPerson]:
    """Return the people who are in a room now, by name."""
    return _PRESENT.rows(room=room_id, now=clock.now())
