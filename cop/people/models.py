"""People, their organisations, their sessions and the one-time links by which they enter."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Literal, cast

from flask_login import UserMixin
from sqlalchemy import (
    ForeignKey,
    ScalarSelect,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from cop.base import clock, stamps
from cop.base.db import Base, Moment, as_row, columns_of, db
from cop.base.ready import Ready
from cop.base.stamps import stamped, word

OrganisationKind = Literal["municipality", "housing", "care", "knowledge", "organiser"]
ORGANISATION_KINDS = ("municipality", "housing", "care", "knowledge", "organiser")
PersonState = Literal["invited", "active", "deactivated"]
SESSION_LASTS = timedelta(days=30)
LINK_LASTS = {
    "sign-in": timedelta(minutes=30),
    "invitation": timedelta(days=14),
    "mail-old": timedelta(hours=1),
    "mail-new": timedelta(hours=1),
    "first": timedelta(days=7),
}

SOCIETY = "society"  # the stamp of who is there, for whom they work and where they take part
TRIES = 5  # of the code of one link


def digest(secret: str) -> str:
    """What is kept of a secret that was handed out."""
    return hashlib.sha256(secret.encode()).hexdigest()


@stamped(SOCIETY)
class Organisation(Base):
    """A municipality, housing corporation, care provider, knowledge organisation or organiser."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)
    region: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(Text, default="")

    @property
    def url(self) -> str:
        return f"/organisations/{self.id}"


@stamped(SOCIETY)
class Affiliation(Base):
    """A person works for an organisation; `main` marks the one shown beside the name."""

    __tablename__ = "affiliation"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    main: Mapped[bool] = mapped_column(default=True)


@stamped(SOCIETY)
class Person(UserMixin, Base):
    """Somebody who takes part; nobody is ever deleted, who leaves is deactivated."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column(unique=True)  # compared in lower case, see by_mail
    name: Mapped[str] = mapped_column(default="")
    function: Mapped[str] = mapped_column(default="")
    bio: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(default="")
    mail_shown: Mapped[bool] = mapped_column(default=False)  # on the profile, by the person's own choice
    themes: Mapped[list] = mapped_column(default=list)
    language: Mapped[str] = mapped_column(String(5), default="nl")
    photo: Mapped[str | None]  # SHA-256 of the portrait in the file store
    password: Mapped[str | None]  # Argon2id
    is_admin: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="invited")
    epoch: Mapped[int] = mapped_column(default=0)  # a session of an older epoch is over
    entered: Mapped[datetime | None]  # when the first-entry page was completed
    made: Mapped[datetime] = mapped_column(default=clock.now)
    # The one shown beside the name.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    memo = cast(Any, None)  # what is worth keeping with a person as they were read; see access.rights

    @property
    def url(self) -> str:
        return f"/people/{self.id}"

    @property
    def photo_url(self) -> str | None:
        return f"/people/{self.id}/photo?{self.photo[:12]}" if self.photo else None

    @property
    def is_authenticated(self) -> bool:
        return self.state != "deactivated"

    @property
    def is_active(self) -> bool:
        return self.state != "deactivated"

    @property
    def short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.mail

    def get_id(self) -> str:
        return str(self.id)


class Session(Base):
    """A signed-in browser; the cookie holds the secret, the row its digest."""

    __tablename__ = "session"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    epoch: Mapped[int]
    agent: Mapped[str] = mapped_column(default="")
    made: Mapped[datetime] = mapped_column(default=clock.now)
    expires: Mapped[datetime]


class Token(Base):
    """A bearer token for the API; shown once, kept as its digest."""

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    epoch: Mapped[int]
    name: Mapped[str] = mapped_column(default="")
    made: Mapped[datetime] = mapped_column(default=clock.now)
    expires: Mapped[datetime | None]


class Link(Base):
    """A one-time link with its 6-digit code: for signing in, an invitation or a new mail address."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str]
    purpose: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(default="")  # the new address, where the link confirms one
    next: Mapped[str] = mapped_column(default="/")
    tries: Mapped[int] = mapped_column(default=0)
    made: Mapped[datetime] = mapped_column(default=clock.now)
    expires: Mapped[datetime]
    used: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def holds(self) -> bool:
        """Whether the link can still be used."""
        return self.used is None and self.expires > clock.now() and self.person.state != "deactivated"


class Acceptance(Base):
    """A person accepted a version of the house rules or the privacy statement."""

    __tablename__ = "acceptance"
    __table_args__ = (UniqueConstraint("person_id", "document", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    document: Mapped[str]
    version: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


def by_mail(mail: str) -> Person | None:
    """The person with this mail address, whatever its case."""
    return db.session.scalar(select(Person).where(func.lower(Person.mail) == mail.strip().lower()))


def whose(mail: str) -> int:
    """The id of who can sign in with this address, 0 for nobody; the same small work for every address."""
    known = select(Person.id).where(func.lower(Person.mail) == mail.strip().lower(), Person.state != "deactivated")
    return db.session.scalar(known) or 0


def new_session(person: Person, agent: str = "") -> str:
    """Adds a session in the running unit and gives the secret for the cookie."""
    secret = secrets.token_urlsafe(32)
    db.session.add(
        Session(
            key=digest(secret),
            person_id=person.id,
            epoch=person.epoch,
            agent=agent[:200],
            expires=clock.now() + SESSION_LASTS,
        )
    )
    return secret


def new_token(person: Person, name: str = "", lasts: timedelta | None = None) -> str:
    """Adds an API token in the running unit and gives its secret, `cop_…`."""
    secret = f"cop_{secrets.token_urlsafe(32)}"
    db.session.add(
        Token(
            key=digest(secret),
            person_id=person.id,
            epoch=person.epoch,
            name=name,
            expires=clock.now() + lasts if lasts else None,
        )
    )
    return secret


def new_link(person: Person, purpose: str, *, address: str = "", next: str = "/") -> tuple[str, str]:
    """Adds a one-time link in the running unit and gives its secret and its 6-digit code."""
    secret, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06d}"
    db.session.add(
        Link(
            key=digest(secret),
            code=digest(f"{person.id}:{code}"),
            purpose=purpose,
            person_id=person.id,
            address=address,
            next=next,
            expires=clock.now() + LINK_LASTS[purpose],
        )
    )
    return secret, code


def link_of(secret: str, *purposes: str) -> Link | None:
    """The link with this secret made for one of `purposes`, used and expired ones too."""
    return db.session.scalar(select(Link).where(Link.key == digest(secret), Link.purpose.in_(purposes)))


def try_code(mail: str, code: str) -> Link | None:
    """The link whose code this is, among those that this address can still use; counts a try on each of them."""
    id = whose(mail)
    tried = db.session.execute(
        update(Link)
        .where(
            Link.person_id == id,
            Link.purpose.in_(("sign-in", "invitation")),
            Link.used.is_(None),
            Link.expires > clock.now(),
            Link.tries < TRIES,
        )
        .values(tries=Link.tries + 1)
        .returning(Link.id, Link.code)
    )
    right = [row.id for row in tried if secrets.compare_digest(row.code, digest(f"{id}:{code}"))]
    return db.session.get(Link, right[0]) if right else None


def use(link: Link) -> bool:
    """Uses up a link, in the running unit, by one conditional statement: of two that press its button one gets True."""
    now = clock.now()
    held = update(Link).where(Link.id == link.id, Link.used.is_(None), Link.expires > now)
    return db.session.execute(held.values(used=now)).rowcount == 1  # type: ignore[attr-defined,no-any-return]


def end_links(person: Person, *purposes: str) -> None:
    """Makes the links of a person worthless, in the running unit: all of them, or those for `purposes`."""
    now = clock.now()
    ended = update(Link).where(Link.person_id == person.id, Link.expires > now).values(expires=now)
    db.session.execute(ended.where(Link.purpose.in_(purposes)) if purposes else ended)


def end_sessions(person: Person) -> None:
    """Ends every session and API token of a person, in the running unit; their sockets are cut after it."""
    person.epoch = Person.epoch + 1  # type: ignore[assignment]  # counted by the database: two may do so at once
    db.session.flush()
    for kind in (Session, Token):
        db.session.execute(delete(kind).where(kind.person_id == person.id, kind.epoch < person.epoch))


@dataclass(frozen=True)
class Standing:
    """Who is asking, as every request reads it first, in one question.

    `session_id` is negative for an API token; `society` is the stamp under which people and rights may be kept in
    memory; `along` are the numbers that other rooms had read along, by name.
    """

    person: Person
    session_id: int
    society: str | None
    along: dict[str, Any]


_along: dict[str, ScalarSelect[Any]] = {}


def read_along(name: str, question: ScalarSelect[Any]) -> None:
    """Has `question`, correlated to the person, answered with every request: cheaper than to ask it by itself."""
    _along[name] = question
    _standing.cache_clear()


@cache
def _standing(kind: type[Session] | type[Token]) -> Ready:
    unexpired = kind.expires > bindparam("now", type_=Moment)
    return Ready(
        select(kind.id, Person.id, word(SOCIETY), *_along.values())
        .join(Person, kind.person_id == Person.id)
        .where(
            kind.key == bindparam("key"),
            kind.epoch == Person.epoch,
            Person.state != "deactivated",
            unexpired if kind is Session else or_(kind.expires.is_(None), unexpired),
        )
    )


class Known:
    """People as they were read under one stamp and day, for the requests that only read; at most `MOST` of them.

    They belong to no database session: nothing can be changed through them.
    """

    MOST = 2000

    def __init__(self) -> None:
        # Stamp, day and people in one: whoever takes it has people that belong to that stamp.
        self.kept: tuple[str | None, date, dict[int, Person]] = (None, date.min, {})

    def get(self, id: int, society: str | None, to_write: bool) -> Person | None:
        """The person as kept; `to_write` as a row of the running session, in which they can be changed."""
        under, day, people = self.kept
        person = people.get(id) if (under, day) == (society, clock.today()) else None
        if person is None:
            person = self._read(id, society, to_write)
        if person is None or not to_write or person in db.session:
            return person
        mine, theirs = as_row(Person, columns_of(person)), person.organisation
        set_committed_value(mine, "organisation", as_row(Organisation, columns_of(theirs)) if theirs else None)
        mine.memo = person.memo  # what is known of them is known of the row
        return mine

    def _read(self, id: int, society: str | None, to_write: bool) -> Person | None:
        before = to_write and db.session.identity_map.get(identity_key(Person, id))
        person = db.session.get(Person, id, populate_existing=True)
        if person is None or society is None or before or stamps.touched():  # a unit may be rolled back
            return person
        under, day, people = self.kept
        today = clock.today()
        if (under, day) != (society, today) or len(people) >= self.MOST:
            people = {}
            self.kept = (society, today, people)
        if person.organisation is not None:
            db.session.expunge(person.organisation)
        db.session.expunge(person)
        person.memo = {}
        people[id] = person
        return person


known = Known()


def _asking(kind: type[Session] | type[Token], secret: str, to_write: bool) -> Standing | None:
    row = _standing(kind).first(key=digest(secret), now=clock.now())
    person = known.get(row[1], row[2], to_write) if row else None
    if row is None or person is None:
        return None
    id = row[0] if kind is Session else -row[0]
    return Standing(person, id, row[2], dict(zip(_along, row[3:], strict=True)))


def session_of(secret: str, to_write: bool = True) -> Standing | None:
    """Whose session the cookie's secret names, while it holds; who will only read gets a person kept in memory."""
    return _asking(Session, secret, to_write)


def token_of(secret: str, to_write: bool = True) -> Standing | None:
    """Whose bearer token this is, while it holds."""
    return _asking(Token, secret, to_write)
