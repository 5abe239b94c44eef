"""What people used in their own work, and what came of it; and the questions that something answered already."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    case,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from cop import access
from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.base.fast.prepared import PreparedQuery
from cop.base.web import Slice
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.meetings import answer_links
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import PartnerPerson, Partnership
from cop.things import Thing, Usage, kinds, shown_on
from cop.threads.kinds import THREADS
from cop.threads.models import THREAD, Post, Thread

# used: in one's own work · answered: it answered a question that the person then did not ask
UseKind = Literal["used", "answered"]
Outcome = Literal["solved", "partly", "no", "busy"]
OUTCOMES: tuple[Outcome, ...] = ("solved", "partly", "no", "busy")
LONGEST = 1000  # characters of what was changed
PAGE = 25


def _shown_on(use: ThingUse) -> list[int]:
    """Return the id of the thing whose version rises with a use: of a thread or post, whose page is cached by it.

    The version of a document is that on which an edit is based: a use does not raise it.
    """
    kind = kinds.find(db.session.get_one(Thing, use.thing_id).kind)
    return [use.thing_id] if kind is not None and (kind.live or kind.place) else []


@shown_on(_shown_on)
class ThingUse(Base):
    """What one person used a thing for, and perhaps what they changed and for which partnership.

    purpose: of the kind `answered` the question, which only its person and the moderators read. organisation_id: that of
    the person at that moment. told: when the author heard of it; asked: when the person was asked what came of it.
    """

    __tablename__ = "thing_use"
    __table_args__ = (
        Index("ix_thing_use_thing", "thing_id", "at", "id"),
        Index("ix_thing_use_at", "at"),
        Index(
            "uq_thing_use_alone",
            "thing_id",
            "person_id",
            unique=True,
            sqlite_where=sql("withdrawn IS NULL AND kind = 'used' AND partnership_id IS NULL"),
            postgresql_where=sql("withdrawn IS NULL AND kind = 'used' AND partnership_id IS NULL"),
        ),
        Index(
            "uq_thing_use_partnership",
            "thing_id",
            "person_id",
            "partnership_id",
            unique=True,
            sqlite_where=sql("withdrawn IS NULL AND kind = 'used' AND partnership_id IS NOT NULL"),
            postgresql_where=sql("withdrawn IS NULL AND kind = 'used' AND partnership_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), default="used")
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"), index=True)
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(200))
    changed: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn: Mapped[datetime | None]
    told: Mapped[datetime | None]
    asked: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(8), default="")
    remark: Mapped[str] = mapped_column(String(200), default="")
    outcome_at: Mapped[datetime | None]

    thing: Mapped[Thing] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def url(self) -> str:
        return f"/uses/{self.id}"

    @property
    def audience_id(self) -> int:
        """The audience of the thing, by which rules judge."""
        return self.thing.audience_id


USE, THING, PERSON = ThingUse.__table__, Thing.__table__, Person.__table__
ORGANISATION, PARTNERSHIP = Organisation.__table__, Partnership.__table__


class UseRow(NamedTuple):
    """A use as pages show it; person_name is "" for somebody who left without it."""

    id: int
    kind: str
    thing_id: int
    thing_kind: str
    purpose: str
    changed: str
    at: datetime
    withdrawn: datetime | None
    person_id: int
    person_name: str
    organisation_id: int | None
    organisation_name: str | None
    partnership_id: int | None
    partnership_name: str | None
    outcome: str
    remark: str
    outcome_at: datetime | None

    @property
    def url(self) -> str:
        return f"/uses/{self.id}"

    @property
    def thing_url(self) -> str:
        return kinds.url(self.thing_kind, self.thing_id)


def _rows() -> Select[Any]:
    return select(
        USE.c.id,
        USE.c.kind,
        USE.c.thing_id,
        THING.c.kind.label("thing_kind"),
        *(USE.c[name] for name in ("purpose", "changed", "at", "withdrawn", "person_id")),
        PERSON.c.name.label("person_name"),
        USE.c.organisation_id,
        ORGANISATION.c.name.label("organisation_name"),
        USE.c.partnership_id,
        PARTNERSHIP.c.name.label("partnership_name"),
        *(USE.c[name] for name in ("outcome", "remark", "outcome_at")),
    ).select_from(
        USE.join(THING, THING.c.id == USE.c.thing_id)
        .join(PERSON, PERSON.c.id == USE.c.person_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == USE.c.organisation_id)
        .outerjoin(PARTNERSHIP, PARTNERSHIP.c.id == USE.c.partnership_id)
    )


# Finding


def in_audience(person: Person, thing: Thing) -> bool:
    """Return whether a person reads all that was used: a guest of a thing sees what partnerships used alone."""
    return person is access.SYSTEM or access.rights(person).role(thing.audience_id) is not None


def readable(person: Person, thing: Thing) -> ColumnElement[bool]:
    """Return the condition that a person reads a standing use of a thing that they may see."""
    own = USE.c.person_id == person.id
    read = (USE.c.kind == "used") if in_audience(person, thing) else _by_partnership()
    plans = access.rights(person).plans(thing.audience_id)
    return USE.c.withdrawn.is_(None) & (or_(read, own) if not plans else or_(read, USE.c.kind == "answered"))


def _by_partnership() -> ColumnElement[bool]:
    return (USE.c.kind == "used") & USE.c.partnership_id.is_not(None)


def find_subject(person: Person, id: int) -> Thing:
    """Return a live thing that the person may see and that can be used, or answers questions; else raise NotFound."""
    found = access.find(person, Thing, id)
    if found.state != "live" or not (is_usable(found) or answers_questions(found)):
        raise NotFound
    return found


def is_usable(thing: Thing) -> bool:
    """Return whether people can say that they used a thing: of a question they use the answers."""
    kind = kinds.find(thing.kind)
    if kind is None or not kind.usable:
        return False
    if isinstance(thing, Post) and thing.seq == 1:
        return db.session.get_one(Thread, thing.parent_id).thread_kind != "question"
    return True


def answers_questions(thing: Thing) -> bool:
    """Return whether a thing can answer a question: a thread, or whatever can be used."""
    kind = kinds.find(thing.kind)
    return kind is not None and (kind is THREADS or kind.usable)


def find_use(person: Person, id: int) -> ThingUse:
    """Return a use that the person may see; else raise NotFound.

    What was withdrawn, and a question that something answered, only its person and the moderators see.
    """
    found = db.session.get(ThingUse, id)
    if found is None:
        raise NotFound
    thing = find_subject(person, found.thing_id)
    if found.person_id == person.id or access.rights(person).plans(thing.audience_id):
        return found
    hidden = found.withdrawn is not None or found.kind != "used"
    if hidden or not (in_audience(person, thing) or found.partnership_id is not None):
        raise NotFound
    return found


def row_of(use: ThingUse) -> UseRow:
    """Return a use as its page shows it."""
    return UseRow(*db.session.execute(_rows().where(USE.c.id == use.id)).one())


def standing(
    person_id: int, thing_id: int, partnership_id: int | None = None, *, kind: str = "used", purpose: str | None = None
) -> ThingUse | None:
    """Return the standing use of a person of a thing for a partnership, or for none."""
    query = select(ThingUse).where(
        ThingUse.person_id == person_id,
        ThingUse.thing_id == thing_id,
        ThingUse.kind == kind,
        ThingUse.withdrawn.is_(None),
        ThingUse.partnership_id.is_(None) if partnership_id is None else ThingUse.partnership_id == partnership_id,
    )
    if purpose is not None:
        query = query.where(ThingUse.purpose == purpose)
    return db.session.scalars(query.order_by(ThingUse.id).limit(1)).first()


def uses_of(person: Person, thing: Thing, *, after: str = "", limit: int = PAGE) -> Slice[UseRow]:
    """Return a page of the standing uses of a thing that a person may read, the newest first."""
    query = _rows().where(USE.c.thing_id == thing.id, readable(person, thing))
    if after:
        query = query.where(tuple_(USE.c.at, USE.c.id) < tuple_(*decode_cursor(after)))
    query = query.order_by(USE.c.at.desc(), USE.c.id.desc()).limit(limit + 1)
    rows = [UseRow(*row) for row in db.session.execute(query)]
    items = rows[:limit]
    return Slice(items, next=encode_cursor(items[-1].at, items[-1].id) if len(rows) > limit else None)


def partnerships_of(person_id: int, programme_id: int) -> list[tuple[int, str]]:
    """Return the partnerships in a programme that a person belongs to, by name."""
    found = db.session.execute(
        select(Partnership.id, Partnership.name)
        .join(PartnerPerson, PartnerPerson.partnership_id == Partnership.id)
        .where(PartnerPerson.person_id == person_id, Partnership.programme_id == programme_id)
        .order_by(Partnership.name, Partnership.id)
    )
    return [(row.id, row.name) for row in found]


# Counting

_USED, _ALONE = USE.c.kind == "used", USE.c.partnership_id.is_(None)
_COUNTS = (
    func.count(func.distinct(case((_USED, USE.c.partnership_id)))).label("partnerships"),
    func.count(func.distinct(case((_USED & _ALONE, USE.c.organisation_id)))).label("organisations"),
    func.count(func.distinct(case((_USED & _ALONE & USE.c.organisation_id.is_(None), USE.c.person_id)))).label(
        "people"
    ),
    func.count(case((USE.c.kind == "answered", USE.c.id))).label("answered"),
)
_COUNTED = (USE.c.withdrawn.is_(None), THING.c.state == "live")


class _CountRow(NamedTuple):
    thing_id: int
    partnerships: int
    organisations: int
    people: int
    answered: int


_USAGE = PreparedQuery(
    select(USE.c.thing_id, *_COUNTS)
    .select_from(USE.join(THING, THING.c.id == USE.c.thing_id))
    .where(USE.c.thing_id.in_(bindparam("ids", expanding=True)), *_COUNTED)
    .group_by(USE.c.thing_id),
    row=_CountRow,
)


def used_by(ids: Collection[int]) -> dict[int, Usage]:
    """Return how often each of these things is used, as everybody in their audiences sees it; without those that are not."""
    return {row.thing_id: Usage(*row[1:]) for row in _USAGE.rows(ids=list(ids))} if ids else {}


class UsedRow(NamedTuple):
    """How often a thing, or a post in it, is used; accepted: the post is the accepted answer."""

    thing_id: int
    audience_id: int
    seq: int
    accepted: bool
    author_name: str | None
    partnerships: int
    organisations: int
    people: int
    answered: int

    @property
    def usage(self) -> Usage:
        return Usage(self.partnerships, self.organisations, self.people, self.answered)


_POST, _AUTHOR, _PLACE = aliased(THING, name="used"), aliased(PERSON, name="used_author"), THREAD.alias("used_in")


def _used(condition: ColumnElement[bool]) -> Select[Any]:
    accepted = func.coalesce(_PLACE.c.answer_id, 0) == _POST.c.id
    columns = (_POST.c.id.label("thing_id"), _POST.c.audience_id, _POST.c.seq)
    return (
        select(*columns, accepted.label("accepted"), _AUTHOR.c.name.label("author_name"), *_COUNTS)
        .select_from(
            _POST.join(USE, USE.c.thing_id == _POST.c.id)
            .outerjoin(_AUTHOR, _AUTHOR.c.id == _POST.c.author_id)
            .outerjoin(_PLACE, _PLACE.c.id == _POST.c.parent_id)
        )
        .where(condition, USE.c.withdrawn.is_(None), _POST.c.state == "live")
        .group_by(*columns, _PLACE.c.answer_id, _AUTHOR.c.name)
    )


_ID = bindparam("id", type_=Integer)
_USED_IN = PreparedQuery(
    union_all(_used(_POST.c.id == _ID), _used((_POST.c.parent_id == _ID) & (_POST.c.kind == "post"))), row=UsedRow
)


def used_in(id: int) -> list[UsedRow]:
    """Return the usage of a thing and of the posts in it, those of most partnerships and organisations first."""
    rows: list[UsedRow] = _USED_IN.rows(id=id)
    return sorted(rows, key=lambda row: (row.thing_id != id, -row.partnerships, -row.organisations, row.seq))


# The link in the mail

LINKS = "use-outcome"


def answer_token(use_id: int, person_id: int) -> str:
    """Return the signed token by which one person says what came of a use without signing in."""
    return answer_links.sign(LINKS, use_id, person_id)


def read_answer_token(token: str) -> ThingUse | None:
    """Return the use of a token, None unless it is valid, stands, and its person may still see what they used."""
    found = answer_links.read(LINKS, token)
    use = db.session.get(ThingUse, found[0]) if found else None
    if found is None or use is None or use.person_id != found[1].id or not is_askable(use):
        return None
    return use


def is_askable(use: ThingUse) -> bool:
    """Return whether a use stands and its person, whose rights were read anew, still sees what they used."""
    try:
        find_subject(use.person, use.thing_id)
    except NotFound:
        return False
    own = access.rights(use.person)
    in_archive = own.archived(use.thing)
    return (
        use.kind == "used" and use.withdrawn is None and own.role(use.thing.audience_id) is not None and not in_archive
    )
