"""Queries on the materials of meetings: links of a meeting to threads and documents."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal, select

from cop import access
from cop.base.db import db
from cop.base.fast.prepared import PreparedQuery
from cop.meetings.models import MEETING, Meeting
from cop.society.people import Person
from cop.things import Thing, ThingLink, kinds
from cop.threads.models import THREAD

# The kind of link from a meeting, by the kind of thing.
LINKS = {"thread": "material", "file": "document"}
MOST = 50  # of a meeting
FOUND = 20  # to choose from
NAMED = 5  # meetings on the page of a thread or document

THING, LINK = Thing.__table__, ThingLink.__table__


class MaterialRow(NamedTuple):
    """A thread or document as the page of a meeting shows it; `kind` is that of the thing, `shown_kind` of a thread its own."""

    id: int
    kind: str
    shown_kind: str
    title: str
    made: datetime
    audience_id: int
    attached: bool

    @property
    def url(self) -> str:
        return kinds.url(self.kind, self.id)


def _rows(attached: ColumnElement[bool]) -> Select[tuple[int, str, str, str, datetime, int, bool]]:
    return select(
        THING.c.id,
        THING.c.kind,
        func.coalesce(THREAD.c.thread_kind, THING.c.kind).label("shown_kind"),
        THING.c.title,
        THING.c.made,
        THING.c.audience_id,
        attached.label("attached"),
    )


_OF_MEETING = access.VisibleQuery(
    _rows(literal(True))
    .select_from(LINK.join(THING, THING.c.id == LINK.c.to_id).outerjoin(THREAD, THREAD.c.id == THING.c.id))
    .where(
        LINK.c.from_id == bindparam("meeting", type_=Integer),
        LINK.c.kind.in_(LINKS.values()),
        THING.c.state == "live",  # what is hidden or in the trash comes back when it is restored
    )
    .order_by(LINK.c.id)
    .limit(MOST),
    row=MaterialRow,
)


def materials_of(person: Person, meeting: Meeting) -> list[MaterialRow]:
    """Return the materials of a meeting that a person may see, in the order in which they were attached."""
    return access.rows(person, _OF_MEETING, meeting=meeting.id)


def link_to(meeting_id: int, thing: Thing) -> ThingLink | None:
    """Return the link by which a thing belongs to a meeting, None where it does not."""
    here = select(ThingLink).where(ThingLink.from_id == meeting_id, ThingLink.to_id == thing.id)
    found: ThingLink | None = db.session.scalar(here.where(ThingLink.kind == LINKS.get(thing.kind)))
    return found


def number_of(meeting_id: int) -> int:
    """Return how many things belong to a meeting, also those that nobody sees now."""
    here = (ThingLink.from_id == meeting_id, ThingLink.kind.in_(LINKS.values()))
    return db.session.scalar(select(func.count()).select_from(ThingLink).where(*here)) or 0


# Choosing


def choices(person: Person, meeting: Meeting, words: str) -> list[MaterialRow]:
    """Return threads and documents that a person can attach to a meeting, with these words in the title; the newest first.

    Without words, those of the audience of the meeting.
    """
    own = access.rights(person)
    here = own.audiences.get(meeting.audience_id)
    audiences = [id for id, row in own.audiences.items() if here and row.programme_id == here.programme_id]
    attached = select(LINK.c.id).where(
        LINK.c.from_id == meeting.id, LINK.c.to_id == THING.c.id, LINK.c.kind.in_(LINKS.values())
    )
    query = (
        _rows(attached.exists())
        .select_from(THING.outerjoin(THREAD, THREAD.c.id == THING.c.id))
        .where(
            THING.c.audience_id.in_(audiences if words else [meeting.audience_id]),
            THING.c.kind.in_(LINKS),
            THING.c.state == "live",
            access.visible_to(person, Thing),
        )
        .order_by(THING.c.id.desc())
        .limit(FOUND)
    )
    if words:
        query = query.where(THING.c.title.icontains(words, autoescape=True))
    return [MaterialRow._make(row) for row in db.session.execute(query)]


def left_out(person: Person, meeting: Meeting, audience_id: int) -> str | None:
    """Return the name of the audience that alone sees a thing of it, "" where the person does not know that name;
    None where everybody sees it who is invited to the meeting."""
    own = access.rights(person)
    invited, seen = own.audiences.get(meeting.audience_id), own.audiences.get(audience_id)
    if audience_id == meeting.audience_id:
        return None
    if invited and seen and invited.kind in ("community", "group") and seen.kind == "programme":
        return None if invited.programme_id == seen.programme_id else seen.name
    return seen.name if seen else ""


# The way back


class NamedMeeting(NamedTuple):
    """A meeting as the page of a thread or document names it."""

    id: int
    title: str
    starts: datetime
    audience_id: int

    @property
    def url(self) -> str:
        return f"/meetings/{self.id}"


_MEETINGS = PreparedQuery(
    select(THING.c.id, THING.c.title, MEETING.c.starts, THING.c.audience_id)
    .select_from(LINK.join(THING, THING.c.id == LINK.c.from_id).join(MEETING, MEETING.c.id == THING.c.id))
    .where(
        LINK.c.to_id == bindparam("thing", type_=Integer),
        LINK.c.kind.in_(LINKS.values()),
        THING.c.state == "live",  # a draft is named nowhere
        MEETING.c.status != "cancelled",
    )
    .order_by(MEETING.c.starts.desc(), THING.c.id.desc()),
    row=NamedMeeting,
)


def meetings_with(thing_id: int) -> list[NamedMeeting]:
    """Return the announced meetings to which a thing belongs, whoever may see them; the latest first."""
    return _MEETINGS.rows(thing=thing_id)


def seen_by(person: Person, meetings: list[NamedMeeting]) -> list[NamedMeeting]:
    """Return those of these announced meetings that a person may see, without a statement."""
    own = access.rights(person)
    return [one for one in meetings if own.role(one.audience_id) is not None or one.id in own.guests][:NAMED]
