"""The contents of the overview by mail: what was said to a person, and news in threads, documents and chat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from cop import access
from cop.base import clock, text
from cop.base.db import db
from cop.documents.models import File, Version
from cop.notices.models import AT_ONCE, AudienceFollow, Notice, NoticeChoice, NoticeMailed
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import Body, Follow, Mark, Thing, imported, kinds
from cop.threads.models import Thread

MOST = 12  # most threads in one mail, and most documents
WHOLE = 4_000  # characters of a text that was said to the reader
QUOTED = 600  # characters of the latest post of a thread
FIRST_LINES, LINE = 3, 120  # messages of a chat room, and characters of each
LONGEST = timedelta(days=8)  # how far back a mail looks at most after a gap; more than a week, for the weekly mail
PLACE, SAID, THREAD = Thing.__table__.alias("place"), Thing.__table__.alias("said"), Thread.__table__
MARK, FOLLOW, BODY = Mark.__table__, Follow.__table__, Body.__table__
PERSON, ORGANISATION = Person.__table__, Organisation.__table__
FILE, VERSION = File.__table__, Version.__table__


def beginning(plain: str, length: int) -> list[str]:
    """Return the paragraphs of a plain text, at most about `length` characters, ending in … where text was cut."""
    lines: list[str] = []
    for line in plain.splitlines():
        if length <= 0:
            lines[-1] += " …"
            break
        lines.append(text.excerpt(line, length) if len(line) > length else line)
        length -= len(line)
    return lines


@dataclass(frozen=True)
class Item:
    """A thread or document with news, or a mention or answer for the reader, as the mail shows it."""

    kind: str  # the thread's kind, `room` or `file`
    title: str
    url: str
    community: str
    author: str
    organisation: str
    lines: list[str]  # of the text
    reason: str = "news"
    posts: int = 1


@dataclass
class RoomNews:
    """A chat room with unread messages: how many, and the first lines of the newest."""

    title: str
    url: str
    posts: int
    lines: list[tuple[str, str]] = field(default_factory=list)  # (author, first line), oldest first


def addressed(person: Person) -> dict[int, Item]:
    """Return the unread mentions and answers for a person who gets those by daily mail, newest first.

    Maps the id of the post or message to its Item; what was mailed before is left out.
    """
    daily = set(
        db.session.scalars(
            select(NoticeChoice.kind).where(NoticeChoice.person_id == person.id, NoticeChoice.how == "daily")
        )
    )
    rows = db.session.execute(
        select(
            Notice.thing_id,
            Notice.place_id,
            Notice.reason,
            PLACE.c.title,
            PLACE.c.kind.label("place_kind"),
            PLACE.c.audience_id,
            THREAD.c.thread_kind,
        )
        .join(PLACE, PLACE.c.id == Notice.place_id)
        .outerjoin(THREAD, THREAD.c.id == PLACE.c.id)
        .where(
            Notice.person_id == person.id,
            Notice.reason.in_(daily & set(AT_ONCE)),
            Notice.read.is_(None),
            Notice.at > clock.now() - LONGEST,
            PLACE.c.state == "live",
            _seen(person),
            ~_silent(person),
            Notice.thing_id.not_in(_mailed(person)),
        )
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(MOST)
    ).all()
    contributions, names = _contributions(row.thing_id for row in rows), _names(person)
    return {
        row.thing_id: Item(
            row.thread_kind or row.place_kind,
            row.title,
            kinds.url(contributions[row.thing_id].kind, row.thing_id),
            names(row.audience_id),
            *_byline(contributions[row.thing_id], WHOLE),
            reason=row.reason,
        )
        for row in rows
        if row.thing_id in contributions
    }


def news(person: Person, since: int) -> tuple[list[Item], int]:
    """Return threads with unread posts after thing `since`, newest first, and how many more there are.

    Posts that were mailed before or imported and muted threads are left out.
    """
    rows = db.session.execute(
        select(
            PLACE.c.id,
            PLACE.c.title,
            PLACE.c.audience_id,
            THREAD.c.thread_kind,
            func.count().label("posts"),
            func.max(SAID.c.id).label("newest"),
            func.min(SAID.c.id).label("first"),
            func.min(SAID.c.kind).label("kind"),
            func.count().over().label("threads"),
        )
        .select_from(
            SAID.join(PLACE, PLACE.c.id == func.coalesce(SAID.c.parent_id, SAID.c.id))
            .outerjoin(THREAD, THREAD.c.id == PLACE.c.id)
            .outerjoin(MARK, (MARK.c.thing_id == PLACE.c.id) & (MARK.c.person_id == person.id))
        )
        .where(
            SAID.c.id > since,
            SAID.c.kind.in_(kinds.names(lambda kind: kind.digest)),
            SAID.c.state == "live",
            PLACE.c.state == "live",
            SAID.c.author_id.is_distinct_from(person.id),
            # What stands by itself has no position: it is read once its page was opened.
            or_(SAID.c.seq > func.coalesce(MARK.c.seq, 0), SAID.c.parent_id.is_(None) & MARK.c.seq.is_(None)),
            _seen(person),
            ~_silent(person),
            SAID.c.id.not_in(_mailed(person)),
            SAID.c.id.not_in(imported()),
        )
        .group_by(PLACE.c.id, PLACE.c.title, PLACE.c.audience_id, THREAD.c.thread_kind)
        .order_by(func.max(SAID.c.id).desc())
        .limit(MOST)
    ).all()
    contributions, names = _contributions(row.newest for row in rows), _names(person)
    items = [
        Item(
            row.thread_kind or row.kind,
            row.title,
            kinds.url(row.kind, row.first),
            names(row.audience_id),
            *_byline(contributions[row.newest], QUOTED),
            posts=row.posts,
        )
        for row in rows
    ]
    return items, rows[0].threads - len(rows) if rows else 0


def _mailed(person: Person) -> Select[int]:
    return select(NoticeMailed.thing_id).where(NoticeMailed.person_id == person.id)


def _silent(person: Person) -> ColumnElement[bool]:
    """Return the condition that a person wants to hear nothing of a place, or of its audience if they chose nothing for it."""
    mine = select(FOLLOW.c.thing_id).where(FOLLOW.c.person_id == person.id)
    here = select(AudienceFollow.audience_id).where(
        AudienceFollow.person_id == person.id, AudienceFollow.level == "silent"
    )
    return or_(
        PLACE.c.id.in_(mine.where(FOLLOW.c.level == "silent")),
        PLACE.c.audience_id.in_(here) & PLACE.c.id.not_in(mine),
    )


def _seen(person: Person) -> ColumnElement[bool]:
    """Return the condition on a place that it is in the person's audiences, or that they are a guest of it."""
    rights = access.rights(person)
    return or_(PLACE.c.audience_id.in_(rights.roles), PLACE.c.id.in_(rights.guests))


def _names(person: Person) -> Callable[[int], str]:
    return lambda audience_id: access.audience(person, audience_id).name


def _contributions(ids: Iterable[int]) -> dict[int, Any]:
    """Return the texts with these ids that can still be read, with their authors, by id."""
    found = db.session.execute(
        select(
            SAID.c.id,
            SAID.c.kind,
            PERSON.c.name.label("author_name"),
            ORGANISATION.c.name.label("organisation_name"),
            func.coalesce(BODY.c.plain, "").label("plain"),
        )
        .select_from(
            SAID.outerjoin(BODY, BODY.c.thing_id == SAID.c.id)
            .outerjoin(PERSON, PERSON.c.id == SAID.c.author_id)
            .outerjoin(ORGANISATION, ORGANISATION.c.id == SAID.c.organisation_id)
        )
        .where(SAID.c.id.in_(list(ids)), SAID.c.state == "live")
    )
    return {row.id: row for row in found}


def _byline(row: Any, length: int) -> tuple[str, str, list[str]]:
    """Return author, organisation and the beginning of a text."""
    return row.author_name or "", row.organisation_name or "", beginning(row.plain, length)


def documents(person: Person, since: int, moment: datetime) -> list[Item]:
    """Return shared documents that others added after thing `since` or replaced after a moment, newest first."""
    rows = db.session.execute(
        select(
            PLACE.c.id,
            PLACE.c.title,
            PLACE.c.audience_id,
            VERSION.c.number,
            VERSION.c.remark,
            PERSON.c.name.label("author_name"),
            ORGANISATION.c.name.label("organisation_name"),
        )
        .select_from(
            PLACE.join(FILE, FILE.c.id == PLACE.c.id)
            .join(VERSION, (VERSION.c.file_id == FILE.c.id) & (VERSION.c.number == FILE.c.number))
            .outerjoin(PERSON, PERSON.c.id == VERSION.c.person_id)
            .outerjoin(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id)
            .outerjoin(MARK, (MARK.c.thing_id == PLACE.c.id) & (MARK.c.person_id == person.id))
        )
        .where(
            or_(PLACE.c.id > since, (VERSION.c.number > 1) & (VERSION.c.made > moment)),
            or_(VERSION.c.number > 1, MARK.c.seq.is_(None)),
            FILE.c.attached.is_(False),
            PLACE.c.state == "live",
            VERSION.c.person_id.is_distinct_from(person.id),
            _seen(person),
            ~_silent(person),
        )
        .order_by(VERSION.c.made.desc())
        .limit(MOST)
    ).all()
    names = _names(person)
    return [
        Item(
            "file",
            row.title,
            kinds.url("file", row.id),
            names(row.audience_id),
            row.author_name or "",
            row.organisation_name or "",
            beginning(row.remark, QUOTED),
            posts=row.number,
        )
        for row in rows
    ]


def rooms(person: Person, since: int) -> list[RoomNews]:
    """Return chat rooms with unread messages after thing `since`, with the first lines of the newest."""
    numbered = (
        select(
            PLACE.c.id.label("room_id"),
            PLACE.c.audience_id,
            SAID.c.id,
            PERSON.c.name.label("author_name"),
            func.coalesce(BODY.c.plain, "").label("plain"),
            func.count().over(partition_by=PLACE.c.id).label("posts"),
            func.row_number().over(partition_by=PLACE.c.id, order_by=SAID.c.id.desc()).label("number"),
        )
        .select_from(
            SAID.join(PLACE, PLACE.c.id == SAID.c.parent_id)
            .outerjoin(BODY, BODY.c.thing_id == SAID.c.id)
            .outerjoin(PERSON, PERSON.c.id == SAID.c.author_id)
            .outerjoin(MARK, (MARK.c.thing_id == PLACE.c.id) & (MARK.c.person_id == person.id))
        )
        .where(
            SAID.c.id > since,
            SAID.c.kind == "message",
            SAID.c.state == "live",
            PLACE.c.state == "live",
            SAID.c.author_id.is_distinct_from(person.id),
            SAID.c.seq > func.coalesce(MARK.c.seq, 0),
            _seen(person),
            ~_silent(person),
            SAID.c.id.not_in(_mailed(person)),
        )
        .subquery("numbered")
    )
    found: dict[int, RoomNews] = {}
    names = _names(person)
    for row in db.session.execute(select(numbered).where(numbered.c.number <= FIRST_LINES).order_by(numbered.c.id)):
        room = found.setdefault(
            row.room_id, RoomNews(names(row.audience_id), kinds.url("room", row.room_id), row.posts)
        )
        room.lines.append((row.author_name or "", text.excerpt(row.plain, LINE)))
    return list(found.values())
