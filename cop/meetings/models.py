"""Meetings and the people invited to them, and the queries on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from itertools import islice
from typing import Any, Literal, NamedTuple, Protocol
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import ForeignKey, Index, Row, Select, String, Table, Text, func, or_, select, tuple_, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop import access
from cop.base import clock
from cop.base.db import Base, db
from cop.base.fast.rows import set_loaded
from cop.base.web import Slice, cached
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.meetings import answer_links
from cop.meetings.guests import KEPT as GUESTS_KEPT
from cop.meetings.guests import MeetingGuest, guest_of, is_guest
from cop.society.audience import Audience
from cop.society.memberships import audiences_of_groups
from cop.society.organisations import Organisation
from cop.society.people import GUEST, Affiliation, Person
from cop.society.programmes import AudienceOwner, Community, CommunityGroup, Partnership, Programme
from cop.things import Thing, shown_on

MeetingKind = Literal["kick_off", "thematic", "symposium", "other"]
# draft: shown to those who curate its audience · announced · moved: announced with another time or place since ·
# cancelled and held: final
Status = Literal["draft", "announced", "moved", "cancelled", "held"]
# "": none yet · waiting: yes, when a seat becomes free
Answer = Literal["", "yes", "maybe", "no", "waiting"]
Owner = AudienceOwner

OPEN: tuple[Status, ...] = ("announced", "moved")
LINK_SHOWN = timedelta(hours=24)  # before the start, to those who come
NEEDS_KEPT = timedelta(days=30)  # after the end
MOST_DAYS = 10
PAGE = 50


class MeetingSeries(Base):
    """Meetings that belong together, numbered by date; it stands for the audience for which it was planned."""

    __tablename__ = "meeting_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"), index=True)
    title: Mapped[str]
    text: Mapped[str] = mapped_column(Text, default="")

    @property
    def url(self) -> str:
        return f"/series/{self.id}"


class Meeting(Thing):
    """A meeting of the people of an audience; its title, audience and author are those of its thing.

    sequence: of the last message that calendars must follow; time_sequence: of the last one about time or place. stamp:
    when that was. organizer: the address from which it is mailed, kept when that of the platform changes.
    """

    __tablename__ = "meeting"
    __table_args__ = (Index("ix_meeting_ends", "status", "ends"),)  # type: ignore[assignment]  # not those of things

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    meeting_kind: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12), default="draft")
    purpose: Mapped[str] = mapped_column(Text, default="")
    host: Mapped[str] = mapped_column(default="")
    host_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"), index=True)
    venue: Mapped[str] = mapped_column(default="")
    route: Mapped[str] = mapped_column(Text, default="")
    accessibility: Mapped[str] = mapped_column(Text, default="")
    parking: Mapped[str] = mapped_column(Text, default="")
    video_url: Mapped[str] = mapped_column(Text, default="")
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    capacity: Mapped[int | None]
    uid: Mapped[str] = mapped_column(default="")
    organizer: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    time_sequence: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    series_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_series.id", ondelete="SET NULL"), index=True)
    reminded: Mapped[int | None]  # how many days before this time the last reminder was for

    day_rows: Mapped[list[MeetingDayRow]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="MeetingDayRow.starts"
    )

    __mapper_args__ = {"polymorphic_identity": "meeting"}

    @property
    def url(self) -> str:
        return f"/meetings/{self.id}"

    @property
    def all_day(self) -> bool:
        """Whether it lasts whole days: each of its days from midnight to midnight."""
        return all(day.all_day for day in days_of(self))

    @property
    def answerable(self) -> bool:
        """Whether people can say that they come, or change their answer."""
        return self.status in OPEN and clock.now() < self.starts


@shown_on("meeting_id")
class MeetingDayRow(Base):
    """A day of a meeting of several days; a meeting of one day has none."""

    __tablename__ = "meeting_day"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    starts: Mapped[datetime] = mapped_column(primary_key=True)
    ends: Mapped[datetime]


class Invitee(Base):
    """A person who is invited to a meeting, with their answer; `place` is that on the waiting list.

    offered_until: of somebody who waits, until when a free seat is held for them; once over, they are not asked again.
    has_item: the meeting stands in their calendar, by the message with `sent_sequence`.
    """

    __tablename__ = "invitee"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    answer: Mapped[str] = mapped_column(String(8), default="")
    place: Mapped[int | None]
    offered_until: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    diet: Mapped[str] = mapped_column(Text, default="")
    access_needs: Mapped[str] = mapped_column(Text, default="")
    answered: Mapped[datetime | None]
    answered_sequence: Mapped[int] = mapped_column(default=0)  # the time_sequence of the meeting then
    has_item: Mapped[bool] = mapped_column(default=False)
    sent_sequence: Mapped[int | None]

    person: Mapped[Person] = relationship()

    @property
    def is_offered(self) -> bool:
        """Whether a free seat is held for them until they answer."""
        return self.answer == "waiting" and self.offered_until is not None and clock.now() < self.offered_until

    @property
    def has_seat(self) -> bool:
        """Whether a seat is theirs, or held for them."""
        return self.answer == "yes" or self.is_offered

    def answers(self, meeting: Meeting) -> bool:
        """Return whether the answer is about the time of the meeting as it is now."""
        return self.answered_sequence >= meeting.time_sequence


MEETING: Table = Meeting.__table__  # type: ignore[assignment]


class Planned(Protocol):
    """What is planned for an audience."""

    audience_id: Any


class MeetingDay(NamedTuple):
    """A day of a meeting, with its hours; a whole day lasts from midnight to midnight."""

    starts: datetime
    ends: datetime

    @property
    def last_date(self) -> date:
        """The date in Amsterdam of its last moment."""
        return clock.last_date(self.ends)

    @property
    def date(self) -> date:
        """The day in Amsterdam."""
        return clock.local(self.starts).date()

    @property
    def all_day(self) -> bool:
        """Whether it lasts from midnight to midnight."""
        return clock.whole_days(self.starts, self.ends) is not None


def whole_dates(starts: datetime, ends: datetime) -> list[MeetingDay]:
    """Return the dates in Amsterdam that a time touches, as whole days; one more than a meeting can have at most."""
    dates = islice(clock.dates(starts, ends), MOST_DAYS + 1)
    return [MeetingDay(clock.midnight(one), clock.midnight(one + timedelta(days=1))) for one in dates]


def days_of(meeting: Meeting) -> list[MeetingDay]:
    """Return the days of a meeting, the first one first; reads nothing for a meeting that ends on the day it starts."""
    whole = MeetingDay(meeting.starts, meeting.ends)
    if whole.date == whole.last_date:
        return [whole]
    return [MeetingDay(row.starts, row.ends) for row in meeting.day_rows] or [whole]


def days_of_each(meetings: Iterable[Any]) -> dict[int, list[MeetingDay]]:
    """Return the days of meetings by id, as `days_of` does, by one statement at most; rows need `id`, `starts`, `ends`."""
    found = {row.id: [MeetingDay(row.starts, row.ends)] for row in meetings}
    longer = [id for id, (whole,) in found.items() if whole.date != whole.last_date]
    if longer:
        several: dict[int, list[MeetingDay]] = {}
        rows = select(MeetingDayRow).where(MeetingDayRow.meeting_id.in_(longer)).order_by(MeetingDayRow.starts)
        for row in db.session.scalars(rows):
            several.setdefault(row.meeting_id, []).append(MeetingDay(row.starts, row.ends))
        found |= several
    return found


def set_days(meeting: Meeting, days: Sequence[MeetingDay]) -> None:
    """Give a meeting these days; it lasts from the start of the first to the end of the last."""
    meeting.starts, meeting.ends = days[0].starts, days[-1].ends
    kept = {row.starts: row for row in meeting.day_rows}
    rows = []
    for day in days if len(days) > 1 else ():
        row = kept.get(day.starts) or MeetingDayRow(starts=day.starts)
        row.ends = day.ends
        rows.append(row)
    meeting.day_rows = rows


def owner_of(meeting: Planned) -> Owner:
    """Return the community, group of communities, programme or partnership for which a meeting, or what precedes one,
    stands."""
    # The programme is read along, as pages and mails name it.
    programme = func.coalesce(Audience.programme_id, Community.programme_id, Partnership.programme_id)
    community, group, partnership, whole = db.session.execute(
        select(Community, CommunityGroup, Partnership, Programme)
        .select_from(Audience)
        .outerjoin(Community, Community.id == Audience.community_id)
        .outerjoin(CommunityGroup, CommunityGroup.id == Audience.group_id)
        .outerjoin(Partnership, Partnership.id == Audience.partnership_id)
        .join(Programme, Programme.id == programme)
        .where(Audience.id == meeting.audience_id)
    ).one()
    owner: Owner = community or group or partnership or whole
    if owner is not whole:
        set_loaded(owner, "programme", whole)
    return owner


def programme_of(owner: Owner) -> Programme:
    """Return the programme of a community, group or partnership, or the programme itself."""
    return owner if isinstance(owner, Programme) else owner.programme


def identify(meeting: Meeting) -> None:
    """Give a meeting its identity in calendars, which it keeps: its UID, and the address from which it is mailed."""
    settings = current_app.config["COP"]
    meeting.uid = f"meeting-{meeting.id}@{urlsplit(settings.base_url).hostname or 'localhost'}"
    meeting.organizer = parseaddr(settings.mail_from)[1]


# Seats. Every change of them begins with `lock`, so that two do not take the same seat.


def lock(meeting: Meeting) -> int:
    """Lock a meeting until the commit, read it anew, and return the next number of its sequence."""
    taken: int = db.session.execute(
        update(MEETING)
        .where(MEETING.c.id == meeting.id)
        .values(sequence=MEETING.c.sequence + 1)
        .returning(MEETING.c.sequence),
        execution_options={"changes": ()},
    ).scalar_one()
    db.session.refresh(meeting)
    return taken


def invitee_of(meeting_id: int, person_id: int) -> Invitee | None:
    """Return the invitation of a person to a meeting, None where they have none yet."""
    return db.session.get(Invitee, (meeting_id, person_id), populate_existing=True)


def new_invitee(meeting_id: int, person_id: int) -> Invitee:
    """Add an invitation of a person who was not invited, without an answer."""
    invitee = Invitee(meeting_id=meeting_id, person_id=person_id, answered_sequence=0, has_item=False)
    invitee.answer, invitee.remark, invitee.diet, invitee.access_needs = "", "", "", ""
    db.session.add(invitee)
    return invitee


class Seats(NamedTuple):
    """How many people come, wait for a seat, come perhaps, do not come, and have not answered."""

    yes: int
    waiting: int
    maybe: int
    no: int
    open: int

    def full(self, capacity: int | None) -> bool:
        """Return whether the next who wants to come waits: no seat is free, or others wait already."""
        return capacity is not None and (self.yes >= capacity or self.waiting > 0)


def seats(meeting_id: int) -> Seats:
    """Return the numbers of a meeting's answers."""
    found: dict[str, int] = dict(
        db.session.execute(
            select(Invitee.answer, func.count()).where(Invitee.meeting_id == meeting_id).group_by(Invitee.answer)
        ).all()
    )
    return Seats(*(found.get(name, 0) for name in ("yes", "waiting", "maybe", "no", "")))


def seats_and_own(meeting_id: int, person_id: int) -> tuple[Seats, Invitee | None]:
    """Return the numbers of a meeting's answers and the invitation of a person, by one statement."""
    counts = (func.count().filter(Invitee.answer == name) for name in ("yes", "waiting", "maybe", "no", ""))
    total = select(*(count.label(f"n{place}") for place, count in enumerate(counts)))
    numbers = total.where(Invitee.meeting_id == meeting_id).subquery()
    mine = (Invitee.meeting_id == meeting_id) & (Invitee.person_id == person_id)
    *found, own = db.session.execute(
        select(*numbers.c, Invitee).select_from(numbers).outerjoin(Invitee, mine),
        execution_options={"populate_existing": True},
    ).one()
    return Seats(*found), own


def next_place(meeting_id: int) -> int:
    """Return the place at the end of the waiting list."""
    last = db.session.scalar(select(func.max(Invitee.place)).where(Invitee.meeting_id == meeting_id))
    return (last or 0) + 1


def waiting_before(meeting_id: int, place: int) -> int:
    """Return how many people stand before this place on the waiting list."""
    return (
        db.session.scalar(
            select(func.count()).where(
                Invitee.meeting_id == meeting_id, Invitee.answer == "waiting", Invitee.place < place
            )
        )
        or 0
    )


def held_and_unasked(meeting_id: int, person_id: int = 0) -> tuple[int, int]:
    """Return how many seats are held for people who wait, and how many others than this person wait without an offer."""
    waits, until = Invitee.answer == "waiting", Invitee.offered_until
    held, unasked = db.session.execute(
        select(
            func.count().filter(waits, until > clock.now()),
            func.count().filter(waits, until.is_(None), Invitee.person_id != person_id),
        ).where(Invitee.meeting_id == meeting_id)
    ).one()
    return held, unasked


def first_waiting(meeting_id: int, most: int | None) -> list[Invitee]:
    """Return those who have waited longest and were not offered a seat, at most `most`."""
    return list(
        db.session.scalars(
            select(Invitee)
            .where(Invitee.meeting_id == meeting_id, Invitee.answer == "waiting", Invitee.offered_until.is_(None))
            .order_by(Invitee.place)
            .limit(most)
            .execution_options(populate_existing=True)
        )
    )


# Lists


class ListedMeeting(NamedTuple):
    """A meeting as a list shows it to one person, with their answer."""

    id: int
    title: str
    audience_id: int
    meeting_kind: str
    status: str
    host: str
    venue: str
    online: bool
    starts: datetime
    ends: datetime
    answer: str | None
    place: int | None
    answered_sequence: int | None
    time_sequence: int
    days: tuple[MeetingDay, ...] = ()

    @property
    def url(self) -> str:
        return f"/meetings/{self.id}"

    @property
    def answerable(self) -> bool:
        """Whether the person can answer it from the list."""
        return self.status in OPEN and clock.now() < self.starts

    @property
    def asked_again(self) -> bool:
        """Whether it was moved to another time since the person answered."""
        return bool(self.answer) and (self.answered_sequence or 0) < self.time_sequence


def _listed(person: Person, audiences: list[int]) -> Select[Any]:
    query: Any = (  # SQLAlchemy types ten columns at most
        select(
            Meeting.id,
            Meeting.title,
            Meeting.audience_id,
            Meeting.meeting_kind,
            Meeting.status,
            Meeting.host,
            Meeting.venue,
            (Meeting.video_url != "").label("online"),
            Meeting.starts,
            Meeting.ends,
            Invitee.answer,
            Invitee.place,
            Invitee.answered_sequence,
            Meeting.time_sequence,
        )
        .outerjoin(Invitee, (Invitee.meeting_id == Meeting.id) & (Invitee.person_id == person.id))
        .where(Meeting.audience_id.in_(audiences), access.visible_to(person, Meeting))
    )
    return query


def coming(person: Person, audiences: list[int], after: str = "", limit: int = PAGE) -> Slice[ListedMeeting]:
    """Return the meetings of these audiences that are not over, the next one first."""
    query = _listed(person, audiences).where(Meeting.ends > clock.now(), Meeting.status != "held")
    if after:
        query = query.where(tuple_(Meeting.starts, Meeting.id) > tuple_(*decode_cursor(after)))
    return _slice(query.order_by(Meeting.starts, Meeting.id), limit)


def past(person: Person, audiences: list[int], after: str = "", limit: int = PAGE) -> Slice[ListedMeeting]:
    """Return the meetings of these audiences that are over, the newest first."""
    query = _listed(person, audiences).where(or_(Meeting.ends <= clock.now(), Meeting.status == "held"))
    if after:
        query = query.where(tuple_(Meeting.starts, Meeting.id) < tuple_(*decode_cursor(after)))
    return _slice(query.order_by(Meeting.starts.desc(), Meeting.id.desc()), limit)


def _slice(query: Select[Any], limit: int) -> Slice[ListedMeeting]:
    rows = [ListedMeeting(*row) for row in db.session.execute(query.limit(limit + 1))]
    items = rows[:limit]
    days = days_of_each(items)
    items = [row._replace(days=tuple(days[row.id])) for row in items]
    return Slice(items, next=encode_cursor(items[-1].starts, items[-1].id) if len(rows) > limit else None)


def audiences_of(person: Person, owner: Owner) -> list[int]:
    """Return the audiences whose meetings the list of a community, programme or partnership shows to a person.

    A community also shows those of its whole programme and of the groups that it is in; a programme those of everything in
    it that the person is in.
    """
    own = access.rights(person)
    if isinstance(owner, Programme):
        return sorted(id for id, row in own.audiences.items() if row.programme_id == owner.id)
    if isinstance(owner, Community):
        return [owner.audience_id, owner.programme.audience_id, *audiences_of_groups(owner.id)]
    return [owner.audience_id]


def host_organisations(person: Person) -> list[str]:
    """Return the names of the organisations that a person may see, as suggestions for the host."""
    return list(
        db.session.scalars(
            select(Organisation.name).where(access.visible_to(person, Organisation)).order_by(Organisation.name)
        )
    )


def is_host(person: Person, meeting: Meeting) -> bool:
    """Return whether a person works for the organisation that hosts a meeting of theirs."""
    if meeting.host_id is None or access.rights(person).role_for(meeting) is None:
        return False
    works = select(Affiliation.person_id).where(
        Affiliation.organisation_id == meeting.host_id, Affiliation.person_id == person.id
    )
    return person.organisation_id == meeting.host_id or bool(
        cached(("host", person.id, meeting.host_id), lambda: db.session.scalar(works) is not None)
    )


def prepares(person: Person, meeting: Meeting) -> bool:
    """Return whether a person prepares and leads a meeting: its team, and the people of its host."""
    return access.rights(person).plans(meeting.audience_id) or is_host(person, meeting)


def answers(meeting_id: int) -> list[Row[Any]]:
    """Return everybody who is invited to a meeting with their answer; of a guest with the organisation in words."""
    return list(
        db.session.execute(
            select(
                Person.id,
                Person.name,
                Person.mail,
                func.coalesce(MeetingGuest.organisation, Organisation.name).label("organisation"),
                (Person.state == GUEST).label("guest"),
                Invitee.answer,
                Invitee.place,
                Invitee.offered_until,
                Invitee.remark,
                Invitee.diet,
                Invitee.access_needs,
                Invitee.answered,
                Invitee.answered_sequence,
            )
            .join(Invitee, Invitee.person_id == Person.id)
            .outerjoin(Organisation, Organisation.id == Person.organisation_id)
            .outerjoin(MeetingGuest, MeetingGuest.person_id == Person.id)
            .where(Invitee.meeting_id == meeting_id)
        )
    )


def coming_ids(meeting_id: int, *, guests: bool) -> Select[Any]:
    """Return the ids of the people of the audience, or of the guests, who said that they come to a meeting, as a select."""
    here = select(Invitee.person_id).where(Invitee.meeting_id == meeting_id, Invitee.answer == "yes")
    return here.where(is_guest(Invitee.person_id) if guests else ~is_guest(Invitee.person_id))


def guests_coming(meeting_id: int) -> int:
    """Return how many guests said that they come to a meeting; they count on when who they were is erased."""
    return db.session.scalar(select(func.count()).select_from(coming_ids(meeting_id, guests=True).subquery())) or 0


def invited_ids(meeting_id: int) -> list[int]:
    """Return the ids of the people of its audience who are invited to a meeting."""
    invited = select(Invitee.person_id).where(Invitee.meeting_id == meeting_id, ~is_guest(Invitee.person_id))
    return list(db.session.scalars(invited))


def is_invited(person: Person, meeting: Meeting) -> bool:
    """Return whether somebody may answer an invitation: they are in the audience, or a guest of the meeting."""
    if person.state != GUEST:
        return access.rights(person).role_for(meeting) is not None
    kept = clock.now() < meeting.ends + GUESTS_KEPT and meeting.state == "live"
    return kept and guest_of(meeting.id, person.id) is not None


# The link in the mail

LINKS = "meeting-answer"


def answer_token(meeting_id: int, person_id: int) -> str:
    """Return the signed token by which one person answers one meeting without signing in."""
    return answer_links.sign(LINKS, meeting_id, person_id)


def read_answer_token(token: str) -> tuple[Meeting, Person] | None:
    """Return the meeting and person of a token, None unless it is valid and they may still see the meeting."""
    return read_link(LINKS, token)


def read_link(salt: str, token: str) -> tuple[Meeting, Person] | None:
    """Return the meeting and person of a token of this kind, None unless it is valid and they may still see the meeting."""
    found = answer_links.read(salt, token)
    if found is None:
        return None
    id, person = found
    if person.state == GUEST:
        meeting = db.session.get(Meeting, id)
        return (meeting, person) if meeting is not None and is_invited(person, meeting) else None
    meeting = db.session.scalar(select(Meeting).where(Meeting.id == id, access.visible_to(person, Meeting)))
    return (meeting, person) if meeting is not None else None
