"""Outcomes of meetings and conversations, and the queries on them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.base.db import UtcDateTime, db
from cop.base.errors import NotFound
from cop.base.fast.prepared import PreparedQuery
from cop.base.web import Slice
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.meetings.models import MEETING, OPEN, Meeting
from cop.society.memberships import people_in
from cop.society.people import Person
from cop.things import Thing, ThingLink, kinds

OutcomeKind = Literal["outcome", "decision", "action"]
# Of an action; another outcome has none.
Status = Literal["open", "done", "dropped"]
LONGEST = 1000
PAGE = 50
MOST = 100  # of a meeting, or still open from before
MARKED = (*OPEN, "held")  # the states of a meeting for which outcomes are marked
LINK = "outcome"  # the kind of link from an outcome to its source


class Outcome(Thing):
    """An outcome, decision or action; its title is the beginning of its text.

    It stands for the audience of its meeting, or of the message or post that is its source: a link of the kind `outcome`.
    reminded_before, reminded_after: the date of the action for which its owner was reminded.
    """

    __tablename__ = "outcome"
    __table_args__ = (  # type: ignore[assignment]  # not those of things
        Index("ix_outcome_owner", "owner_id", "status", "due"),
        Index("ix_outcome_due", "status", "due"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    outcome_kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(8), default="")
    settled: Mapped[datetime | None]  # when it was done or dropped
    remark: Mapped[str] = mapped_column(Text, default="")  # the word or reason of the last change of its status or date
    reminded_before: Mapped[date | None]
    reminded_after: Mapped[date | None]

    __mapper_args__ = {"polymorphic_identity": "outcome"}

    @property
    def url(self) -> str:
        return f"/outcomes/{self.id}"


THING = Thing.__table__
OUTCOME: Table = Outcome.__table__  # type: ignore[assignment]
OWNER, AUTHOR = Person.__table__.alias("owner"), Person.__table__.alias("author")
_LINK, _SOURCE, _PLACE = ThingLink.__table__, THING.alias("source"), THING.alias("place")
_MEETING_THING = THING.alias("meeting_thing")


def _owner_takes_part() -> ColumnElement[bool]:
    """Return the condition that the owner of an outcome is still in its audience, of a query on THING and OWNER.

    The columns are literal because they are compared several selects deeper than SQLAlchemy correlates by itself.
    """
    owner = literal_column("owner.id", Integer)
    ways = people_in(literal_column("thing.audience_id", Integer)).selects
    here = or_(*(way.where(way.selected_columns[0] == owner).exists() for way in ways))  # type: ignore[attr-defined]
    return and_(OWNER.c.state != "deactivated", here)


TAKES_PART = _owner_takes_part()


class OutcomeRow(NamedTuple):
    """An outcome as pages show it.

    owner_name is "" for somebody who was erased or is not in the audience any more. The source is left out unless everybody
    in the audience can read it; `meeting_title` is None without a meeting.
    """

    id: int
    audience_id: int
    outcome_kind: str
    title: str
    text: str
    state: str
    version: int
    made: datetime
    author_id: int | None
    author_name: str
    meeting_id: int | None
    meeting_title: str | None
    owner_id: int | None
    owner_name: str
    due: date | None
    status: str
    settled: datetime | None
    remark: str
    source_id: int | None
    source_kind: str | None

    @property
    def url(self) -> str:
        return f"/outcomes/{self.id}"

    @property
    def source_url(self) -> str:
        """The address of the message or post that it was marked from, "" for none."""
        return kinds.url(self.source_kind, self.source_id) if self.source_id and self.source_kind else ""

    @property
    def meeting_url(self) -> str:
        return f"/meetings/{self.meeting_id}" if self.meeting_id else ""


def _rows() -> Select[Any]:
    columns: list[ColumnElement[Any]] = [
        THING.c.id,
        THING.c.audience_id,
        OUTCOME.c.outcome_kind,
        THING.c.title,
        OUTCOME.c.text,
        THING.c.state,
        THING.c.version,
        THING.c.made,
        THING.c.author_id,
        func.coalesce(AUTHOR.c.name, "").label("author_name"),
        OUTCOME.c.meeting_id,
        _MEETING_THING.c.title.label("meeting_title"),
        OUTCOME.c.owner_id,
        case((TAKES_PART, OWNER.c.name), else_="").label("owner_name"),
        OUTCOME.c.due,
        OUTCOME.c.status,
        OUTCOME.c.settled,
        OUTCOME.c.remark,
        _SOURCE.c.id.label("source_id"),
        _SOURCE.c.kind.label("source_kind"),
    ]
    source = (
        (_SOURCE.c.id == _LINK.c.to_id) & (_SOURCE.c.state == "live") & (_SOURCE.c.audience_id == THING.c.audience_id)
    )
    return select(*columns).select_from(
        OUTCOME.join(THING, THING.c.id == OUTCOME.c.id)
        .outerjoin(OWNER, OWNER.c.id == OUTCOME.c.owner_id)
        .outerjoin(AUTHOR, AUTHOR.c.id == THING.c.author_id)
        .outerjoin(_MEETING_THING, _MEETING_THING.c.id == OUTCOME.c.meeting_id)
        .outerjoin(_LINK, (_LINK.c.from_id == OUTCOME.c.id) & (_LINK.c.kind == LINK))
        .outerjoin(
            _SOURCE,
            source & select(_PLACE.c.id).where(_PLACE.c.id == _SOURCE.c.parent_id, _PLACE.c.state == "live").exists(),
        )
    )


_BY_ID = access.VisibleQuery(_rows().where(THING.c.id == bindparam("id")), row=OutcomeRow)


def find_row(person: Person, id: int) -> OutcomeRow:
    """Return an outcome as its page shows it; raise NotFound unless the person may see it."""
    return access.find_row(person, _BY_ID, id=id)


def find_removed(person: Person, id: int) -> Outcome:
    """Return an outcome that the person may see, or may put back; else raise NotFound."""
    found = db.session.get(Outcome, id)
    own = access.rights(person)
    if found is None or own.role(found.audience_id) is None:
        raise NotFound
    if found.state != "live" and found.author_id != person.id and not own.plans(found.audience_id):
        raise NotFound
    return found


def _sorted(rows: list[OutcomeRow]) -> list[OutcomeRow]:
    """Return outcomes by their kind, actions by their date."""
    order = ("outcome", "decision", "action")
    return sorted(rows, key=lambda row: (order.index(row.outcome_kind), row.due or date.max, row.id))


# Meetings

_OF_MEETING = PreparedQuery(
    _rows().where(OUTCOME.c.meeting_id == bindparam("meeting", type_=Integer), THING.c.state == "live"), row=OutcomeRow
)
_EARLIER, _EARLIER_THING = MEETING.alias("earlier"), THING.alias("earlier_thing")
_BEFORE = (
    select(_EARLIER.c.id)
    .select_from(_EARLIER.join(_EARLIER_THING, _EARLIER_THING.c.id == _EARLIER.c.id))
    .where(
        _EARLIER_THING.c.audience_id == bindparam("audience", type_=Integer),
        _EARLIER_THING.c.state == "live",
        _EARLIER.c.status == "held",
        _EARLIER.c.starts < bindparam("starts", type_=UtcDateTime),
    )
    .order_by(_EARLIER.c.starts.desc(), _EARLIER.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_LATER = select(MEETING.c.id).where(
    MEETING.c.id == OUTCOME.c.meeting_id, MEETING.c.starts >= bindparam("starts", type_=UtcDateTime)
)
# What was said at a meeting, with what the meeting before it left: its outcomes, and every action that is still open.
_AROUND_MEETING = PreparedQuery(
    _rows()
    .where(
        THING.c.audience_id == bindparam("audience", type_=Integer),
        THING.c.kind == "outcome",
        THING.c.state == "live",
        or_(
            OUTCOME.c.meeting_id == bindparam("meeting", type_=Integer),
            OUTCOME.c.meeting_id == _BEFORE,
            and_(OUTCOME.c.status == "open", ~_LATER.exists()),
        ),
    )
    .order_by(THING.c.id.desc())
    .limit(2 * MOST),
    row=OutcomeRow,
)


class OutcomeOfMeeting(NamedTuple):
    """An outcome of a meeting, as its minutes name it; `source_url` is "" without a source that all can read."""

    id: int
    outcome_kind: str
    text: str
    owner_name: str
    due: date | None
    status: str
    source_url: str


def outcomes_of(meeting_id: int) -> list[OutcomeOfMeeting]:
    """Return the outcomes of a meeting: outcomes, decisions, then actions by their date."""
    return [
        OutcomeOfMeeting(row.id, row.outcome_kind, row.text, row.owner_name, row.due, row.status, row.source_url)
        for row in rows_of(meeting_id)
    ]


def rows_of(meeting_id: int) -> list[OutcomeRow]:
    """Return the outcomes of a meeting as pages show them."""
    return _sorted(_OF_MEETING.rows(meeting=meeting_id))


def around(meeting: Meeting) -> tuple[list[OutcomeRow], list[OutcomeRow]]:
    """Return the outcomes of a meeting, and what earlier ones of its audience left: open actions, the last outcomes."""
    found = _AROUND_MEETING.rows(audience=meeting.audience_id, meeting=meeting.id, starts=meeting.starts)
    own = [row for row in found if row.meeting_id == meeting.id]
    before = [row for row in found if row.meeting_id != meeting.id and row.status in ("", "open")]
    return _sorted(own), _sorted(before)[-MOST:]


# Sources

_OF_SOURCE = PreparedQuery(
    _rows()
    .where(_LINK.c.to_id == bindparam("source", type_=Integer), _SOURCE.c.id.is_not(None), THING.c.state == "live")
    .order_by(THING.c.id),
    row=OutcomeRow,
)


def rows_from(source_id: int) -> list[OutcomeRow]:
    """Return the outcomes that were marked from a message or post and stand for the same audience."""
    return _OF_SOURCE.rows(source=source_id)


def meetings_for(audience_id: int) -> list[tuple[int, str, datetime]]:
    """Return the meetings to which an outcome of an audience can belong, the newest first."""
    found = db.session.execute(
        select(Meeting.id, Meeting.title, Meeting.starts)
        .where(Meeting.audience_id == audience_id, Meeting.state == "live", Meeting.status.in_(MARKED))
        .order_by(Meeting.starts.desc(), Meeting.id.desc())
        .limit(12)
    )
    return [(row.id, row.title, row.starts) for row in found]


def possible_owners(audience_id: int) -> list[tuple[int, str]]:
    """Return the people of an audience who can own an action, by name."""
    found = db.session.execute(
        select(Person.id, Person.name)
        .where(access.readers_of(audience_id), Person.state == "active", Person.name != "")
        .order_by(Person.name, Person.id)
    )
    return [(row.id, row.name) for row in found]


# Lists


def outcomes(
    person: Person,
    audiences: Collection[int],
    *,
    kind: str = "",
    state: str = "",
    owner_id: int | None = None,
    after: str = "",
    limit: int = PAGE,
) -> Slice[OutcomeRow]:
    """Return a page of the outcomes of these audiences, the newest first; `state` is that of actions."""
    query = _rows().where(
        THING.c.audience_id.in_(sorted(set(audiences) & access.rights(person).roles.keys())),
        THING.c.kind == "outcome",
        THING.c.state == "live",
    )
    if kind:
        query = query.where(OUTCOME.c.outcome_kind == kind)
    if state:
        query = query.where(OUTCOME.c.status == state)
    if owner_id is not None:
        query = query.where(OUTCOME.c.owner_id == owner_id)
    if after:
        query = query.where(tuple_(THING.c.made, THING.c.id) < tuple_(*decode_cursor(after)))
    query = query.order_by(THING.c.made.desc(), THING.c.id.desc()).limit(limit + 1)
    rows = [OutcomeRow(*row) for row in db.session.execute(query)]
    items = rows[:limit]
    return Slice(items, next=encode_cursor(items[-1].made, items[-1].id) if len(rows) > limit else None)
