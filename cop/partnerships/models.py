"""The local challenge of a partnership with its versions, its monthly check-ins, and the questions asked from it."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import Date, ForeignKey, Integer, Row, String, Text, UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from cop import access
from cop.base import clock
from cop.base.db import Base, db
from cop.base.fast.prepared import PreparedQuery
from cop.society.credentials import digest
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, PartnerOrganisation, PartnerPerson, Partnership, Programme
from cop.things import Thing

ChallengeField = Literal["goal", "step", "obstacle", "next_step", "help_wanted"]
# open: asked · answered, skipped: by its people, who may change it until the next month · missed: nobody answered
CheckInState = Literal["open", "answered", "skipped", "missed"]

CHALLENGE: tuple[ChallengeField, ...] = ("goal", "step", "obstacle", "next_step", "help_wanted")


class ChallengeVersion(Base):
    """A version of the local challenge of a partnership; the last one is shown.

    private: the fields that only the partnership and the programme team read.
    """

    __tablename__ = "challenge_version"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    goal: Mapped[str] = mapped_column(Text, default="")
    step: Mapped[str] = mapped_column(Text, default="")  # where they are now
    obstacle: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    help_wanted: Mapped[str] = mapped_column(Text, default="")
    private: Mapped[list[str]] = mapped_column(default=list)
    # None: it was taken over from an application, or from before there were versions.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    restored_from: Mapped[int | None]  # the number of the older version that was put back
    made: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person | None] = relationship()


class ApplicationText(Base):
    """A text that the applicants wrote about their partnership, for its page; `key` is that of the block of the form."""

    __tablename__ = "application_text"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str]
    text: Mapped[str] = mapped_column(Text)


class CheckIn(Base):
    """What a partnership says in one month: where it stands, what is in the way, the help it wants, and what shows it."""

    __tablename__ = "check_in"
    __table_args__ = (UniqueConstraint("partnership_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    month: Mapped[date]  # the first day
    state: Mapped[str] = mapped_column(String(12), default="open")
    standing: Mapped[str] = mapped_column(Text, default="")
    obstacle: Mapped[str] = mapped_column(Text, default="")
    help_wanted: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(default="")  # why it was skipped
    private: Mapped[bool] = mapped_column(default=False)  # only the partnership and the programme team read it
    version: Mapped[int] = mapped_column(default=0)  # rises with every answer
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered: Mapped[datetime | None]

    answered_by: Mapped[Person | None] = relationship()


class CheckInLink(Base):
    """A link in a mail by which one person answers one check-in without signing in; `key` is the digest of its secret."""

    __tablename__ = "check_in_link"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    check_in_id: Mapped[int] = mapped_column(ForeignKey("check_in.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)

    check_in: Mapped[CheckIn] = relationship()
    person: Mapped[Person] = relationship()


class HelpQuestion(Base):
    """A question in a community that a partnership asked: from a check-in, or from its challenge."""

    __tablename__ = "help_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    check_in_id: Mapped[int | None] = mapped_column(ForeignKey("check_in.id"), unique=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime] = mapped_column(default=clock.now)


# The local challenge


def challenge_of(partnership_id: int) -> ChallengeVersion | None:
    """Return the last version of the local challenge, None where nobody described it."""
    return db.session.scalar(
        select(ChallengeVersion)
        .where(ChallengeVersion.partnership_id == partnership_id)
        .order_by(ChallengeVersion.number.desc())
        .limit(1)
    )


def challenge_versions(partnership_id: int) -> list[ChallengeVersion]:
    """Return every version of the local challenge, newest first."""
    return list(
        db.session.scalars(
            select(ChallengeVersion)
            .where(ChallengeVersion.partnership_id == partnership_id)
            .options(selectinload(ChallengeVersion.person))
            .order_by(ChallengeVersion.number.desc())
        )
    )


def application_texts(partnership_id: int) -> list[ApplicationText]:
    """Return what the applicants wrote, in the order of their form."""
    return list(
        db.session.scalars(
            select(ApplicationText)
            .where(ApplicationText.partnership_id == partnership_id)
            .order_by(ApplicationText.position)
        )
    )


# Check-ins


def this_month() -> date:
    """Return the first day of the month in Amsterdam."""
    return clock.today().replace(day=1)


def check_ins(partnership_id: int, limit: int = 24) -> list[CheckIn]:
    """Return the newest check-ins of a partnership, newest first."""
    return list(
        db.session.scalars(
            select(CheckIn)
            .where(CheckIn.partnership_id == partnership_id)
            .options(selectinload(CheckIn.answered_by))
            .order_by(CheckIn.month.desc())
            .limit(limit)
        )
    )


def current_check_in(partnership_id: int) -> CheckIn | None:
    """Return the check-in that its people can still answer or change, None when there is none."""
    newest = next(iter(check_ins(partnership_id, 1)), None)
    return newest if newest is not None and newest.state != "missed" else None


def new_check_in_link(check_in: CheckIn, person: Person) -> str:
    """Add a link to a check-in in the running transaction and return its secret."""
    secret = secrets.token_urlsafe(32)
    db.session.add(CheckInLink(key=digest(secret), check_in_id=check_in.id, person_id=person.id))
    return secret


def find_check_in_link(secret: str) -> CheckInLink | None:
    """Return the link with this secret while it can be used, else None.

    It ends with the month, when the next check-in opens, when the person leaves the partnership or is deactivated, and
    when the programme goes to the archive.
    """
    link = db.session.get(CheckInLink, digest(secret))
    if link is None or not link.person.is_active:
        return None
    now = current_check_in(link.check_in.partnership_id)
    if now is None or now.id != link.check_in_id or now.month != this_month():
        return None
    if db.session.get(PartnerPerson, (now.partnership_id, link.person_id)) is None:
        return None
    return None if db.session.get_one(Partnership, now.partnership_id).programme.archived else link


class AskedCheckIn(NamedTuple):
    """A check-in that waits for an answer, with the partnership that it is of."""

    partnership_id: int
    name: str
    month: date

    @property
    def url(self) -> str:
        """The address of the form."""
        return f"/partnerships/{self.partnership_id}/check-in"


_ASKED = PreparedQuery(
    select(CheckIn.partnership_id, Partnership.name, CheckIn.month)
    .join(Partnership, Partnership.id == CheckIn.partnership_id)
    .join(PartnerPerson, PartnerPerson.partnership_id == CheckIn.partnership_id)
    .join(Programme, Programme.id == Partnership.programme_id)
    .where(
        PartnerPerson.person_id == bindparam("person", type_=Integer),
        CheckIn.month == bindparam("month", type_=Date),
        CheckIn.state == "open",
        Programme.phase != "archive",
    )
    .order_by(Partnership.name, CheckIn.id),
    row=AskedCheckIn,
)


def asked_check_ins(person: Person) -> list[AskedCheckIn]:
    """Return the check-ins of this month that wait for an answer from the partnerships of a person."""
    return _ASKED.rows(person=person.id, month=this_month())


class Undescribed(NamedTuple):
    """A partnership whose people have not described their local challenge yet."""

    id: int
    name: str


_UNDESCRIBED = PreparedQuery(
    select(Partnership.id, Partnership.name)
    .join(PartnerPerson, PartnerPerson.partnership_id == Partnership.id)
    .join(Programme, Programme.id == Partnership.programme_id)
    .where(
        PartnerPerson.person_id == bindparam("person", type_=Integer),
        Programme.phase != "archive",
        Partnership.id.not_in(select(ChallengeVersion.partnership_id).where(ChallengeVersion.person_id.is_not(None))),
    )
    .order_by(Partnership.name, Partnership.id),
    row=Undescribed,
)


def undescribed(person: Person) -> list[Undescribed]:
    """Return the partnerships of a person whose local challenge nobody of them has described: their first task."""
    return _UNDESCRIBED.rows(person=person.id)


# Questions


def help_questions(person: Person, partnership_id: int) -> list[Row[Any]]:
    """Return the questions that a partnership asked and the person may see, newest first, with `check_in_id`."""
    return list(
        db.session.execute(
            select(HelpQuestion.check_in_id, Thing.id, Thing.title, Thing.made, Community.name.label("community"))
            .join(Thing, Thing.id == HelpQuestion.thread_id)
            .outerjoin(Community, Community.id == Thing.community_id)
            .where(HelpQuestion.partnership_id == partnership_id, access.visible_to(person, Thing))
            .order_by(HelpQuestion.id.desc())
        )
    )


# Consent


def organisations_of(partnership_id: int) -> list[Row[Any]]:
    """Return the organisations of a partnership by name, with their consent, when and by whom it was last changed."""
    return list(
        db.session.execute(
            select(
                Organisation.id,
                Organisation.name,
                Organisation.kind,
                Organisation.region,
                PartnerOrganisation.consent,
                PartnerOrganisation.consent_at,
                Person.name.label("consent_by"),
            )
            .join(PartnerOrganisation, PartnerOrganisation.organisation_id == Organisation.id)
            .outerjoin(Person, Person.id == PartnerOrganisation.consent_by_id)
            .where(PartnerOrganisation.partnership_id == partnership_id)
            .order_by(Organisation.name)
        )
    )
