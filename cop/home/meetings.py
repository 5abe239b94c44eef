"""The next meeting, with the answer at hand: on home and on the page of a community."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy import Integer, bindparam, select

from cop.access.rights import Rights
from cop.base import clock
from cop.base.db import UtcDateTime
from cop.base.fast.prepared import PreparedQuery
from cop.base.web.pages import part
from cop.meetings.models import MEETING, OPEN, Invitee
from cop.society.people import Person
from cop.things import Thing

THING, INVITEE = Thing.__table__, Invitee.__table__


class NextMeeting(NamedTuple):
    """The next meeting of a person; `answer` is theirs."""

    id: int
    title: str
    audience_id: int
    starts: datetime
    ends: datetime
    venue: str
    online: bool
    answer: str | None
    answered_sequence: int | None
    time_sequence: int

    @property
    def url(self) -> str:
        return f"/meetings/{self.id}"

    @property
    def asked_again(self) -> bool:
        """Whether it was moved to another time since the person answered."""
        return bool(self.answer) and (self.answered_sequence or 0) < self.time_sequence


NEXT = (
    select(
        MEETING.c.id,
        THING.c.title,
        THING.c.audience_id,
        MEETING.c.starts,
        MEETING.c.ends,
        MEETING.c.venue,
        (MEETING.c.video_url != "").label("online"),
        INVITEE.c.answer,
        INVITEE.c.answered_sequence,
        MEETING.c.time_sequence,
    )
    .select_from(
        MEETING.join(THING, THING.c.id == MEETING.c.id).outerjoin(
            INVITEE,
            (INVITEE.c.meeting_id == MEETING.c.id) & (INVITEE.c.person_id == bindparam("person", type_=Integer)),
        )
    )
    .where(
        MEETING.c.status.in_(OPEN),
        MEETING.c.ends > bindparam("now", type_=UtcDateTime),
        THING.c.audience_id.in_(bindparam("audiences", expanding=True)),
        THING.c.state == "live",
    )
    .order_by(MEETING.c.starts, MEETING.c.id)
    .limit(1)
)
_NEXT = PreparedQuery(NEXT, row=NextMeeting)


def next_meeting(person: Person, audiences: Collection[int]) -> NextMeeting | None:
    """Return the first meeting of these audiences that is not over."""
    if not audiences:
        return None
    found = _NEXT.rows(person=person.id, now=clock.now(), audiences=list(audiences))
    return found[0] if found else None


def section(meeting: NextMeeting | None, rights: Rights) -> Markup:
    """Return the section of the next meeting; "" where there is none."""
    if meeting is None:
        return Markup()
    audience = rights.audiences[meeting.audience_id]
    given = {
        "meeting": meeting,
        "audience": audience,
        "answerable": clock.now() < meeting.starts and not audience.archived,
    }
    key = (clock.today(), *meeting, audience.name, given["answerable"])
    return Markup(part("meetings/_next.html", key, lambda: given))
