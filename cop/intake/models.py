"""Tables of calls, applications with their contacts, reviews and decisions."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, db
from cop.base.fast.cache_versions import versioned
from cop.base.questionnaires import Answering, Snapshot
from cop.society.people import Person
from cop.society.programmes import Partnership, Programme

# How long a term lasts that the team does not set itself is in `Call`.
INTAKE = "intake"  # the subject of the cache version of what the table of a call shows
BLINDNESS = ("always", "after_own", "after_all")  # when a reviewer sees the reviews of others
OUTCOMES = ("admit", "reserve", "refuse")
CLOSED_STATES = ("withdrawn", "erased")
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # of references: none that look alike


class Call(Base):
    """A public call of a programme.

    `admitted` counts the places that are taken: by applications that are to be admitted and by open offers.
    """

    __tablename__ = "call"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    intro: Mapped[str] = mapped_column(Text, default="")  # Markdown
    intro_html: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(default="")  # mail address for questions of applicants
    cap: Mapped[int | None]
    admitted: Mapped[int] = mapped_column(default=0)
    blindness: Mapped[str] = mapped_column(String(12), default="after_own")
    offer_days: Mapped[int] = mapped_column(default=7)  # to accept an offered place
    keep_weeks: Mapped[int] = mapped_column(default=4)  # of refused and withdrawn applications
    published: Mapped[datetime | None]
    round_closed: Mapped[datetime | None]
    made: Mapped[datetime] = mapped_column(default=clock.now)

    programme: Mapped[Programme] = relationship(lazy="joined")
    windows: Mapped[list[CallWindow]] = relationship(order_by="CallWindow.id", lazy="selectin")

    @property
    def url(self) -> str:
        return f"/calls/{self.slug}"

    @property
    def audience_id(self) -> int:
        """The audience of its programme, whose archive it shares."""
        return self.programme.audience_id

    @property
    def archived(self) -> bool:
        """Whether its programme is in the archive."""
        return self.programme.archived

    @property
    def opens(self) -> datetime | None:
        """The first moment at which it was open."""
        return min((window.opens for window in self.windows), default=None)

    @property
    def closes(self) -> datetime | None:
        """The first moment at which it is closed for good."""
        return max((window.closes for window in self.windows), default=None)

    def open_at(self, moment: datetime, extension: datetime | None = None) -> bool:
        """Return whether something received at `moment` is in time; an extension is of one application."""
        if self.published is None or self.archived or self.opens is None or moment < self.opens:
            return False
        inside = any(window.opens <= moment < window.closes for window in self.windows)
        return inside or (extension is not None and moment < extension)


class CallWindow(Base):
    """A time in which a call is open; `closes` is the first moment that is refused."""

    __tablename__ = "call_window"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    opens: Mapped[datetime]
    closes: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    made: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class _OfCall:
    """What belongs to an application: its call, programme and audience, as rules read them."""

    call: Any

    @property
    def programme_id(self) -> int:
        return int(self.call.programme_id)

    @property
    def audience_id(self) -> int:
        return int(self.call.audience_id)

    @property
    def archived(self) -> bool:
        return bool(self.call.archived)


@versioned(INTAKE)
class Application(_OfCall, Base):
    """An application; state is unverified, draft, submitted, withdrawn or erased.

    `outcome` is what was announced: admit, reserve, refuse, or offered, accepted, declined and expired for a place that
    a reserve was offered. What the team proposes is in `Decision`, which applicants never read.
    """

    __tablename__ = "application"
    __table_args__ = (Index("ix_application_call_state", "call_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    answering_id: Mapped[int] = mapped_column(ForeignKey("answering.id"), unique=True)
    reference: Mapped[str] = mapped_column(unique=True)  # random: gaps in a series would tell of others
    state: Mapped[str] = mapped_column(String(12), default="unverified")
    extension: Mapped[datetime | None]
    started: Mapped[datetime] = mapped_column(default=clock.now)
    submitted: Mapped[datetime | None]
    withdrawn: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(12))
    announced: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    erased: Mapped[datetime | None]
    # Kept when the rest is erased: what the programme reports about.
    kinds: Mapped[list[str]] = mapped_column(default=list)
    region: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")  # of the organisations, as of the last submission

    call: Mapped[Call] = relationship(lazy="joined")
    answering: Mapped[Answering] = relationship(lazy="joined")
    contacts: Mapped[list[Contact]] = relationship(order_by="Contact.id", lazy="selectin")

    @property
    def url(self) -> str:
        return f"/applications/{self.reference}"

    @property
    def name(self) -> str:
        """The title, or the reference where nothing was sent in yet."""
        return self.title or self.reference

    @property
    def lead(self) -> Contact | None:
        """The contact who sends in, withdraws and answers an offer."""
        return next((one for one in self.contacts if one.is_lead and one.removed is None), None)

    @property
    def deadline(self) -> datetime | None:
        """The first moment at which it is too late."""
        return max(filter(None, (self.call.closes, self.extension)), default=None)

    def open_at(self, moment: datetime) -> bool:
        """Return whether something received at `moment` is in time."""
        return self.call.open_at(moment, self.extension)


class Contact(Base):
    """Somebody who works on an application. A contact is no person of the platform, and is erased with it."""

    __tablename__ = "contact"
    __table_args__ = (
        Index(
            "uq_contact_current",
            "application_id",
            "mail",
            unique=True,
            sqlite_where=sql("removed IS NULL"),
            postgresql_where=sql("removed IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    mail: Mapped[str] = mapped_column(index=True)  # in lower case
    name: Mapped[str]
    organisation: Mapped[str] = mapped_column(default="")
    is_lead: Mapped[bool] = mapped_column(default=False)
    verified: Mapped[datetime | None]
    removed: Mapped[datetime | None]
    email_id: Mapped[int | None]  # the last mail with a link, which may have bounced

    @property
    def shown_name(self) -> str:
        return self.name or self.mail


class ContactKey(Base):
    """A link in a mail or a signed-in browser of a contact; only the digest of its secret is stored."""

    __tablename__ = "contact_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(8))  # link or session
    key: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    made: Mapped[datetime] = mapped_column(default=clock.now)
    expires: Mapped[datetime]


class Reviewer(Base):
    """A person who reviews the applications of a call, until it is ended."""

    __tablename__ = "reviewer"
    __table_args__ = (UniqueConstraint("call_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made: Mapped[datetime] = mapped_column(default=clock.now)
    ended: Mapped[datetime | None]

    call: Mapped[Call] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def programme_id(self) -> int:
        return self.call.programme_id

    @property
    def audience_id(self) -> int:
        return self.call.audience_id


@versioned(INTAKE)
class Review(_OfCall, Base):
    """The review of an application by one person; state is assigned, draft, done, abstained or conflict.

    `cleared` is when the reviewer said to have no conflict of interest: before that the text stays closed.
    """

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("application_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="assigned")
    suggested: Mapped[bool] = mapped_column(default=False)  # the platform suspects a conflict: the same organisation
    cleared: Mapped[datetime | None]
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)
    first_scores: Mapped[dict[str, Any] | None]  # as they were before those of others could be seen
    for_applicant: Mapped[str] = mapped_column(Text, default="")
    for_reviewers: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(default="")  # of abstaining
    snapshot: Mapped[int] = mapped_column(default=0)  # the number of the snapshot that was judged
    changed_after: Mapped[bool] = mapped_column(default=False)  # a score changed after others could be seen
    done: Mapped[datetime | None]
    made: Mapped[datetime] = mapped_column(default=clock.now)

    application: Mapped[Application] = relationship(lazy="joined")
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def call(self) -> Call:
        return self.application.call

    @property
    def url(self) -> str:
        return f"/reviews/{self.id}"


@versioned(INTAKE)
class Decision(_OfCall, Base):
    """What the team proposes for an application, and the mail that announces it.

    mail_state: none, draft, ready or sent. `outcome` none takes no place; admit takes one, and so does an open offer.
    """

    __tablename__ = "decision"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8), default="none")
    rank: Mapped[int | None]  # of a reserve
    shortlisted: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")  # of the meeting
    reason: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(Text, default="")
    mail_state: Mapped[str] = mapped_column(String(8), default="none")
    mail_version: Mapped[int] = mapped_column(default=0)
    holds_place: Mapped[bool] = mapped_column(default=False)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(lazy="joined")

    @property
    def call(self) -> Call:
        return self.application.call

    @property
    def id(self) -> int:
        return self.application_id


class AcceptedApplication(_OfCall, Base):
    """An application that became a partnership; within a day it can be undone while nobody entered."""

    __tablename__ = "accepted_application"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id", ondelete="SET NULL"))
    made: Mapped[datetime] = mapped_column(default=clock.now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    known: Mapped[list[Any]] = mapped_column(default=list)  # ids of its people who had an account before
    organisations: Mapped[list[Any]] = mapped_column(default=list)  # ids of those it made
    entered: Mapped[datetime | None]
    undone: Mapped[datetime | None]

    application: Mapped[Application] = relationship(lazy="joined")
    partnership: Mapped[Partnership | None] = relationship(lazy="joined")

    @property
    def call(self) -> Call:
        return self.application.call


def new_reference(prefix: str) -> str:
    """Return a reference that no application has, such as WTW-7K3Q."""
    while True:
        reference = f"{prefix}-{''.join(secrets.choice(LETTERS) for _letter in range(5))}"
        if db.session.scalar(select(Application.id).where(Application.reference == reference)) is None:
            return reference


def newest_snapshot(application: Application) -> Snapshot:
    """Return what was sent in last."""
    query = select(Snapshot).where(Snapshot.answering_id == application.answering_id)
    return db.session.scalars(query.order_by(Snapshot.number.desc()).limit(1)).one()
