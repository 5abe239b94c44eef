"""What the page of a meeting shows of its room, its open round and its photos, by one statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, case, func, literal, null, select, union_all

from cop.base.db import UtcDateTime
from cop.base.fast.prepared import PreparedQuery
from cop.chat.models import ROOM
from cop.meeting_rooms.models.photos import MeetingPhoto
from cop.meeting_rooms.models.rooms import MeetingRoom
from cop.meeting_rooms.models.rounds import AnswerRow, MeetingRound, RoundAnswer, RoundRow, seen_by
from cop.society.people import Person, shown_name

SHOWN = 4  # photos
_NUMBER, _WORDS, _MOMENT = null().cast(Integer), null().cast(String), null().cast(UtcDateTime)


class _Part(NamedTuple):
    """A row of any of the tables; what a column means depends on `what`."""

    what: str
    id: int
    number: int | None
    total: int | None
    person_id: int | None
    name: str | None
    text: str | None
    at: datetime | None


_MEETING = bindparam("meeting", type_=Integer)
_ROUNDS = (
    select(
        MeetingRound.id,
        MeetingRound.version,
        MeetingRound.prompt,
        MeetingRound.shown,
        MeetingRound.closed,
        MeetingRound.removed,
    )
    .where(MeetingRound.meeting_id == _MEETING)
    .cte("rounds")
)
_COUNT = select(func.count()).where(RoundAnswer.round_id == _ROUNDS.c.id).correlate(_ROUNDS).scalar_subquery()
_PHOTOS = (
    select(
        MeetingPhoto.id,
        MeetingPhoto.width,
        MeetingPhoto.alt,
        func.count().over().label("total"),
    )
    .where(MeetingPhoto.meeting_id == _MEETING, MeetingPhoto.removed.is_(None))
    .order_by(MeetingPhoto.id.desc())
    .limit(SHOWN)
    .subquery()
)
_PARTS = PreparedQuery(
    union_all(
        select(
            literal("room").label("what"),
            ROOM.c.id.label("id"),
            _NUMBER.label("number"),
            _NUMBER.label("total"),
            _NUMBER.label("person_id"),
            _WORDS.label("name"),
            _WORDS.label("text"),
            ROOM.c.closed.label("at"),
        )
        .select_from(MeetingRoom.__table__.join(ROOM, ROOM.c.id == MeetingRoom.room_id))
        .where(MeetingRoom.meeting_id == _MEETING),
        select(
            literal("round"),
            _ROUNDS.c.id,
            _ROUNDS.c.version,
            _COUNT,
            case((_ROUNDS.c.removed.is_(None), 1), else_=0),
            _ROUNDS.c.shown,
            _ROUNDS.c.prompt,
            _ROUNDS.c.closed,
        ),
        select(
            literal("answer"),
            RoundAnswer.round_id,
            case((Person.former, 1), else_=0),
            _NUMBER,
            RoundAnswer.person_id,
            Person.name,
            RoundAnswer.text,
            RoundAnswer.at,
        )
        .join(_ROUNDS, _ROUNDS.c.id == RoundAnswer.round_id)
        .join(Person, Person.id == RoundAnswer.person_id)
        .where(_ROUNDS.c.closed.is_(None), _ROUNDS.c.removed.is_(None)),
        select(
            literal("photo"), _PHOTOS.c.id, _PHOTOS.c.width, _PHOTOS.c.total, _NUMBER, _WORDS, _PHOTOS.c.alt, _MOMENT
        ),
    ),
    row=_Part,
)


@dataclass
class Parts:
    """The parts of one meeting, as one person sees them; `seq` is the last change of its rounds."""

    room_id: int | None = None
    room_closed: datetime | None = None
    open_round: RoundRow | None = None
    closed_rounds: list[RoundRow] = field(default_factory=list)
    photos: list[Any] = field(default_factory=list)
    photo_count: int = 0
    seq: int = 0

    def __bool__(self) -> bool:
        return bool(self.room_id or self.open_round or self.closed_rounds or self.photos)


def parts_of(meeting_id: int, person_id: int) -> Parts:
    """Return the room of a meeting, its rounds with the answers to the open one, and its newest photos."""
    rows = _PARTS.rows(meeting=meeting_id)
    found = Parts()
    answers = [
        AnswerRow(row.id, row.person_id or 0, shown_name(row.name, bool(row.number)), row.text or "", row.at)  # type: ignore[arg-type]
        for row in rows
        if row.what == "answer"
    ]
    answers.sort(key=lambda one: (one.at, one.person_id))
    for row in sorted(rows, key=lambda one: -one.id):
        if row.what == "room":
            found.room_id, found.room_closed = row.id, row.at
        elif row.what == "round":
            found.seq += row.number or 0
            if not row.person_id:  # it was removed
                continue
            known = SimpleNamespace(
                id=row.id, meeting_id=meeting_id, version=row.number, prompt=row.text, shown=row.name, closed=row.at
            )
            round = seen_by(person_id, known, answers if row.at is None else [])._replace(total=row.total or 0)
            if row.at is None:
                found.open_round = round
            else:
                found.closed_rounds.append(round)
        elif row.what == "photo":
            found.photos.append(SimpleNamespace(id=row.id, alt=row.text))
            found.photo_count = row.total or 0
    return found
