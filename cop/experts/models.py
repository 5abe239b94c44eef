"""Requests to experts: who asked, whom it was put to in turn, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ForeignKey, Index, Integer, Select, String, bindparam, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop import access
from cop.base import clock
from cop.base import text as texts
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.base.fast.prepared import PreparedQuery
from cop.base.web import Slice
from cop.meetings import answer_links
from cop.society.audience import Guest, current_guest
from cop.society.memberships import Membership, current
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Body, Thing
from cop.things.versions import shown_on
from cop.threads.models import THREAD, Thread

# queued: waits for a place · asked: put to an expert · accepted: they will answer · answered: they did ·
# declined: nobody is left who can · withdrawn: by whoever asked or a moderator, or because the question is closed
State = Literal["queued", "asked", "accepted", "answered", "declined", "withdrawn"]
WITH_EXPERT = ("asked", "accepted")
OPEN = ("queued", *WITH_EXPERT)
# Of an expert in turn: asked and accepted as above · declined, handed: by them · passed: they take no part any more ·
# ended: the request was withdrawn
TurnState = Literal["asked", "accepted", "answered", "declined", "handed", "passed", "ended"]
Reason = Literal["time", "field", "other"]
MOST_OPEN = 2  # requests with one expert of a community at a time
TERM = 5  # working days to answer
REMIND = 3  # working days after which an expert is reminded
LONGEST = 300  # characters of a word with a decline
EXCERPT = 600
PAGE = 20
_IS_OPEN = sql("state IN ('queued', 'asked', 'accepted')")


@shown_on("thread_id")
class ExpertRequest(Base):
    """A question that an expert is asked to answer.

    theme: by which an expert is found, "" for any; named_id: the only one it is for. ahead: while it is queued, how many
    requests go before it. due: the last day of the term of the expert; while it is queued, the day by which an answer can
    be expected.
    """

    __tablename__ = "expert_request"
    __table_args__ = (
        Index("uq_expert_request_open", "thread_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index("ix_expert_request_thread", "thread_id", "id"),
        Index("ix_expert_request_desk", "audience_id", "state", "id"),
        Index("ix_expert_request_expert", "expert_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"))
    thread_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)  # who asked
    theme: Mapped[str] = mapped_column(String(200), default="")
    named_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(10), default="queued")
    ahead: Mapped[int] = mapped_column(default=0)
    due: Mapped[date | None]
    made: Mapped[datetime] = mapped_column(default=clock.now)
    put: Mapped[datetime | None]  # when it was put to the expert who has it
    reminded: Mapped[datetime | None]
    escalated: Mapped[datetime | None]
    settled: Mapped[datetime | None]
    post_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"), index=True)  # the answer

    @property
    def url(self) -> str:
        return f"/expert/{self.id}"


class ExpertTurn(Base):
    """An expert to whom a request was put, and what they did with it."""

    __tablename__ = "expert_turn"
    __table_args__ = (Index("ix_expert_turn_person", "person_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("expert_request.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    reason: Mapped[str] = mapped_column(String(10), default="")
    word: Mapped[str] = mapped_column(String(LONGEST), default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    settled: Mapped[datetime | None]

    request: Mapped[ExpertRequest] = relationship()
    person: Mapped[Person] = relationship()


REQUEST, TURN = ExpertRequest.__table__, ExpertTurn.__table__
THING, BODY, PERSON, ORGANISATION = Thing.__table__, Body.__table__, Person.__table__, Organisation.__table__
_EXPERT, _ASKER = PERSON.alias("expert"), PERSON.alias("asker")
_EXPERT_AT, _ASKER_AT = ORGANISATION.alias("expert_at"), ORGANISATION.alias("asker_at")
_OPENING = THING.alias("opening")


class RequestRow(NamedTuple):
    """A request with its question, and the names of who asked and of who has it."""

    id: int
    audience_id: int
    thread_id: int
    person_id: int
    theme: str
    expert_id: int | None
    state: str
    ahead: int
    due: date | None
    made: datetime
    put: datetime | None
    escalated: datetime | None
    settled: datetime | None
    post_id: int | None
    title: str
    replies: int
    expert_name: str | None
    expert_organisation: str | None
    asker_name: str | None
    asker_organisation: str | None
    plain: str | None

    @property
    def url(self) -> str:
        return f"/expert/{self.id}"

    @property
    def thread_url(self) -> str:
        return f"/threads/{self.thread_id}"

    @property
    def excerpt(self) -> str:
        """The beginning of the question."""
        return texts.excerpt(self.plain or "", EXCERPT)

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def with_expert(self) -> bool:
        return self.state in WITH_EXPERT


def _rows(*conditions: Any) -> Select[Any]:
    """Return the query for requests as rows."""
    return (
        select(
            *(REQUEST.c[name] for name in RequestRow._fields[:14]),
            THING.c.title,
            THREAD.c.replies,
            _EXPERT.c.name.label("expert_name"),
            _EXPERT_AT.c.name.label("expert_organisation"),
            _ASKER.c.name.label("asker_name"),
            _ASKER_AT.c.name.label("asker_organisation"),
            func.substr(BODY.c.plain, 1, 2 * EXCERPT).label("plain"),
        )
        .select_from(
            REQUEST.join(THING, THING.c.id == REQUEST.c.thread_id)
            .join(THREAD, THREAD.c.id == REQUEST.c.thread_id)
            .outerjoin(_OPENING, (_OPENING.c.parent_id == THING.c.id) & (_OPENING.c.seq == 1))
            .outerjoin(BODY, BODY.c.thing_id == _OPENING.c.id)
            .outerjoin(_EXPERT, _EXPERT.c.id == REQUEST.c.expert_id)
            .outerjoin(_EXPERT_AT, _EXPERT_AT.c.id == _EXPERT.c.organisation_id)
            .outerjoin(_ASKER, _ASKER.c.id == REQUEST.c.person_id)
            .outerjoin(_ASKER_AT, _ASKER_AT.c.id == _ASKER.c.organisation_id)
        )
        .where(*conditions)
    )


_ONE = PreparedQuery(_rows(REQUEST.c.id == bindparam("id", type_=Integer)), row=RequestRow)
_NEWEST = PreparedQuery(
    _rows(REQUEST.c.thread_id == bindparam("thread", type_=Integer)).order_by(REQUEST.c.id.desc()).limit(1),
    row=RequestRow,
)
_DESK = access.VisibleQuery(
    _rows(REQUEST.c.expert_id == bindparam("expert", type_=Integer), REQUEST.c.state.in_(WITH_EXPERT)).order_by(
        REQUEST.c.due, REQUEST.c.id
    ),
    row=RequestRow,
)
_ANSWERED = access.VisibleQuery(
    _rows(
        REQUEST.c.expert_id == bindparam("expert", type_=Integer),
        REQUEST.c.state == "answered",
        REQUEST.c.id < bindparam("before", type_=Integer),
        THING.c.state == "live",
    )
    .order_by(REQUEST.c.id.desc())
    .limit(bindparam("most", type_=Integer)),
    row=RequestRow,
)


def request_row(id: int) -> RequestRow:
    """Return a request as its page shows it."""
    return _ONE.rows(id=id)[0]


def newest_of(thread_id: int) -> RequestRow | None:
    """Return the last request of a thread, None where there was none."""
    return next(iter(_NEWEST.rows(thread=thread_id)), None)


def open_of(person: Person) -> list[RequestRow]:
    """Return the requests that wait for an expert, the one that is due first above."""
    return access.rows(person, _DESK, expert=person.id)


def answered_by(person: Person, *, before: int | None = None, limit: int = PAGE) -> Slice[RequestRow]:
    """Return the requests that an expert answered, the newest first."""
    rows = access.rows(person, _ANSWERED, expert=person.id, before=before or 2**31 - 1, most=limit + 1)
    return Slice(rows[:limit], next=str(rows[limit - 1].id) if len(rows) > limit else None)


def find_request(person: Person, id: int) -> ExpertRequest:
    """Return a request about a thread that the person sees; raise NotFound for any other."""
    found = db.session.get(ExpertRequest, id)
    if found is None:
        raise NotFound
    access.find(person, Thread, found.thread_id)
    return found


class TurnRow(NamedTuple):
    """An expert to whom a request was put, by name."""

    id: int
    person_id: int
    state: str
    reason: str
    word: str
    at: datetime
    settled: datetime | None
    name: str
    organisation: str | None


def turns_of(request_id: int) -> list[TurnRow]:
    """Return to whom a request was put, in turn."""
    found = (
        select(
            *(TURN.c[name] for name in TurnRow._fields[:7]), PERSON.c.name, ORGANISATION.c.name.label("organisation")
        )
        .select_from(
            TURN.join(PERSON, PERSON.c.id == TURN.c.person_id).outerjoin(
                ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id
            )
        )
        .where(TURN.c.request_id == request_id)
        .order_by(TURN.c.id)
    )
    return [TurnRow._make(row) for row in db.session.execute(found)]


def turn_of(request: ExpertRequest) -> ExpertTurn | None:
    """Return the turn of the expert who has a request now."""
    newest = select(ExpertTurn).where(ExpertTurn.request_id == request.id).order_by(ExpertTurn.id.desc()).limit(1)
    return db.session.scalar(newest) if request.state in WITH_EXPERT else None


# Where somebody is an expert


class Term(NamedTuple):
    """A community or single thread of which somebody is an expert, until a last day."""

    name: str
    url: str
    until: date | None


def terms_of(person: Person) -> list[Term]:
    """Return where a person is an expert now: communities, then single threads."""
    here = (
        select(Community.name, Community.slug, Membership.until)
        .join(Membership, Membership.community_id == Community.id)
        .where(Membership.person_id == person.id, Membership.role == "expert", current())
        .order_by(Community.name)
    )
    alone = (
        select(Thing.title, Thing.id, Guest.until)
        .join(Guest, Guest.thing_id == Thing.id)
        .where(Guest.person_id == person.id, Guest.role == "expert", current_guest(), Thing.state == "live")
        .order_by(Thing.id)
    )
    return [
        *(Term(name, f"/communities/{slug}", until) for name, slug, until in db.session.execute(here)),
        *(Term(title or "", f"/threads/{id}", until) for title, id, until in db.session.execute(alone)),
    ]


class GuestRow(NamedTuple):
    """A guest of a thread, by name."""

    id: int
    person_id: int
    name: str
    mail: str
    organisation: str | None
    role: str
    until: date | None


def guests_here(thread_id: int) -> list[GuestRow]:
    """Return the guests of a thread today, in the order in which they were invited."""
    found = (
        select(
            Guest.id,
            Guest.person_id,
            PERSON.c.name,
            PERSON.c.mail,
            ORGANISATION.c.name.label("organisation"),
            Guest.role,
            Guest.until,
        )
        .join(PERSON, PERSON.c.id == Guest.person_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id)
        .where(Guest.thing_id == thread_id, current_guest())
        .order_by(Guest.id)
    )
    return [GuestRow._make(row) for row in db.session.execute(found)]


# The links in the mail

DECIDING, ANSWERING = "expert-decide", "expert-answer"


def decide_token(turn: ExpertTurn) -> str:
    """Return the signed token by which an expert accepts or declines one request without signing in."""
    return answer_links.sign(DECIDING, turn.id, turn.person_id)


def answer_token(turn: ExpertTurn) -> str:
    """Return the signed token by which an expert answers one request without signing in."""
    return answer_links.sign(ANSWERING, turn.id, turn.person_id)


def read_token(purpose: str, token: str) -> tuple[ExpertRequest, Person] | None:
    """Return the request and the expert of a token, None unless it is valid and the request still waits for that.

    A token to decide is void once the expert has accepted, declined or handed on; one to answer once it is answered or
    with somebody else.
    """
    found = answer_links.read(purpose, token)
    if found is None:
        return None
    id, person = found
    turn = db.session.get(ExpertTurn, id, populate_existing=True)
    if turn is None or turn.person_id != person.id:
        return None
    waits = ("asked",) if purpose == DECIDING else WITH_EXPERT
    if turn.state not in waits:
        return None
    try:
        return find_request(person, turn.request_id), person
    except NotFound:
        return None
