"""Calendars to subscribe to: a secret address for one person, with all their meetings or those of a community."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.base import clock
from cop.base.calendars import Item
from cop.base.db import Base, db
from cop.base.words import _
from cop.meetings.mailing import described
from cop.meetings.models import OPEN, Invitee, Meeting, MeetingDay, days_of_each
from cop.society.audience import Audience
from cop.society.credentials import digest
from cop.society.memberships import audiences_of_groups
from cop.society.people import Person
from cop.society.programmes import Community

SHOWN_BACK = timedelta(days=366)
MOST = 500  # meetings in one feed
FEEDS = 20  # of one person


class CalendarFeed(Base):
    """A calendar to subscribe to; its address holds the secret, the row the digest of that. It ends like an API token.

    audience_id: of the community whose meetings it has; none for all of the person. etag: of what was fetched last;
    changed: when that changed.
    """

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    audience_id: Mapped[int | None] = mapped_column(ForeignKey("audience.id", ondelete="CASCADE"), index=True)
    epoch: Mapped[int]
    made: Mapped[datetime] = mapped_column(default=clock.now)
    etag: Mapped[str] = mapped_column(default="")
    changed: Mapped[datetime] = mapped_column(default=clock.now)


class ListedFeed(NamedTuple):
    """A feed as its owner sees it; `name` is that of its community, "" for all meetings."""

    id: int
    name: str
    made: datetime


def new_secret() -> str:
    """Return a secret for the address of a feed."""
    return secrets.token_urlsafe(32)


def address_of(secret: str) -> str:
    """Return the address of a feed."""
    return f"{current_app.config['COP'].base_url}/calendar/{secret}.ics"


def feeds_of(person: Person) -> list[ListedFeed]:
    """Return the feeds of a person that work, the oldest first."""
    rows = db.session.execute(
        select(CalendarFeed.id, Community.name, CalendarFeed.made)
        .outerjoin(Audience, Audience.id == CalendarFeed.audience_id)
        .outerjoin(Community, Community.id == Audience.community_id)
        .where(CalendarFeed.person_id == person.id, CalendarFeed.epoch == person.epoch)
        .order_by(CalendarFeed.id)
    )
    return [ListedFeed(row.id, row.name or "", row.made) for row in rows]


def find_feed(secret: str) -> tuple[CalendarFeed, Person] | None:
    """Return the feed of a secret with its person, None where there is none or it has ended."""
    found = db.session.execute(
        select(CalendarFeed, Person)
        .join(Person, (Person.id == CalendarFeed.person_id) & (Person.epoch == CalendarFeed.epoch))
        .where(CalendarFeed.key == digest(secret), Person.state == "active")
    ).one_or_none()
    if found is None:
        return None
    access.drop_cached_rights(found[1])
    return found[0], found[1]


def items_of(feed: CalendarFeed, person: Person) -> list[tuple[Item, datetime]]:
    """Return the days of the meetings of a feed that the person may see now, and when each meeting last changed.

    Cancelled meetings are left out, and of all their meetings those to which they answered no. So are days from which
    one has still to be chosen: most of them vanish again, and a calendar program would show them as busy until it fetches
    the address the next time, up to a day later.
    """
    own = access.rights(person).audiences
    audiences = list(own)
    if feed.audience_id is not None:
        one = own.get(feed.audience_id)
        audiences = [] if one is None else _around(one, own)
    query = (
        select(
            Meeting.uid,
            Meeting.time_sequence,
            Meeting.stamp,
            Meeting.edited,
            Meeting.starts,
            Meeting.ends,
            Meeting.title,
            Meeting.venue,
            Meeting.purpose,
            (Meeting.video_url != "").label("online"),
            Meeting.id,
        )
        .where(
            Meeting.audience_id.in_(audiences),
            Meeting.status.in_((*OPEN, "held")),
            Meeting.ends > clock.now() - SHOWN_BACK,
            access.visible_to(person, Meeting),
        )
        .order_by(Meeting.starts.desc(), Meeting.id)
        .limit(MOST)
    )
    if feed.audience_id is None:
        declined = select(Invitee.meeting_id).where(Invitee.person_id == person.id, Invitee.answer == "no")
        query = query.where(Meeting.id.not_in(declined))
    rows = db.session.execute(query).all()
    days = days_of_each(rows)
    return [(item, max(row.edited or row.stamp, row.stamp)) for row in rows for item in day_items(row, days[row.id])]


def _around(one: access.AudienceRow, own: dict[int, access.AudienceRow]) -> list[int]:
    """Return an audience and, as far as they are a person's own, its whole programme and the groups that it is in."""
    groups = audiences_of_groups(one.id) if one.kind == "community" else []
    return [
        id
        for id, row in own.items()
        if id == one.audience_id or id in groups or (row.kind == "programme" and row.programme_id == one.programme_id)
    ]


def day_items(row: Any, days: list[MeetingDay]) -> Iterator[Item]:
    """Yield an item for each day of a meeting: with one UID, calendar programs would keep only one of them."""
    url = f"{current_app.config['COP'].base_url}/meetings/{row.id}"
    for number, day in enumerate(days, 1):
        title = row.title
        if len(days) > 1:
            title = _("%(title)s (dag %(n)s van %(total)s)", title=title, n=number, total=len(days))
        yield Item(
            uid=row.uid if number == 1 else f"{row.uid}-d{number}",
            sequence=row.time_sequence,
            stamp=row.stamp,
            starts=day.starts,
            ends=day.ends,
            title=title,
            place=row.venue,
            text=described(row.purpose, row.online, url),
            url=url,
        )


def etag_of(name: str, items: Iterable[tuple[Item, datetime]]) -> str:
    """Return the tag of what a feed holds: it changes with any part of it."""
    return hashlib.sha256(repr((name, list(items))).encode()).hexdigest()[:32]


def name_of(feed: CalendarFeed, person: Person) -> str:
    """Return the name under which calendar programs show a feed."""
    audience = access.rights(person).audiences.get(feed.audience_id or 0)
    return audience.name if audience is not None else _("Mijn bijeenkomsten")
