"""Sessions, API tokens and one-time links, and the queries that create, find and end them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import (
    ForeignKey,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import clock, email, live
from cop.base.action import on_commit
from cop.base.db import Base, db
from cop.society.people import Person, id_by_mail

email.holds_secret(  # a one-time link
    *(f"people/{name}" for name in ("link", "invitation", "mail_old", "mail_new")),
    "members/invitation",
    "partnerships/partner",
    "programmes/team",
)
SESSION_LASTS = timedelta(days=30)


LINK_LASTS = {
    "sign-in": timedelta(minutes=30),
    "invitation": timedelta(days=14),
    "mail-old": timedelta(hours=1),
    "mail-new": timedelta(hours=1),
    "first": timedelta(days=7),
}


CODE_TRIES = 5  # for the code of one link


def digest(secret: str) -> str:
    """Return the SHA-256 digest under which a secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


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
    """A bearer token for the API, shown once and stored as its digest."""

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    epoch: Mapped[int]
    name: Mapped[str] = mapped_column(default="")
    made: Mapped[datetime] = mapped_column(default=clock.now)
    expires: Mapped[datetime | None]


class OneTimeLink(Base):
    """A one-time link with its 6-digit code, for signing in, an invitation or a new mail address."""

    __tablename__ = "one_time_link"

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
        """Return whether the link can still be used."""
        return self.used is None and self.expires > clock.now() and self.person.state != "deactivated"


def new_session(person: Person, agent: str = "") -> str:
    """Add a session in the running transaction and return the secret for the cookie."""
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
    """Add an API token in the running transaction and return its secret, `cop_…`."""
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
    """Add a one-time link in the running transaction and return its secret and its 6-digit code."""
    secret, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06d}"
    db.session.add(
        OneTimeLink(
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


def find_link(secret: str, *purposes: str) -> OneTimeLink | None:
    """Return the link with this secret made for one of `purposes`, used and expired ones included."""
    return db.session.scalar(
        select(OneTimeLink).where(OneTimeLink.key == digest(secret), OneTimeLink.purpose.in_(purposes))
    )


def try_code(mail: str, code: str) -> OneTimeLink | None:
    """Return the usable link of this address with this code; count a try on each usable link."""
    id = id_by_mail(mail)
    tried = db.session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.person_id == id,
            OneTimeLink.purpose.in_(("sign-in", "invitation")),
            OneTimeLink.used.is_(None),
            OneTimeLink.expires > clock.now(),
            OneTimeLink.tries < CODE_TRIES,
        )
        .values(tries=OneTimeLink.tries + 1)
        .returning(OneTimeLink.id, OneTimeLink.code)
    )
    right = [row.id for row in tried if secrets.compare_digest(row.code, digest(f"{id}:{code}"))]
    return db.session.get(OneTimeLink, right[0]) if right else None


def use_up(link: OneTimeLink) -> bool:
    """Mark a link as used in the running transaction and return whether it was still usable.

    One conditional UPDATE, so that of two simultaneous requests only one gets True.
    """
    now = clock.now()
    unused = update(OneTimeLink).where(OneTimeLink.id == link.id, OneTimeLink.used.is_(None), OneTimeLink.expires > now)
    return db.session.execute(unused.values(used=now)).rowcount == 1  # type: ignore[attr-defined,no-any-return]


def end_links(person: Person, *purposes: str) -> None:
    """Expire the links of a person in the running transaction: all of them, or those for `purposes`."""
    now = clock.now()
    ended = update(OneTimeLink).where(OneTimeLink.person_id == person.id, OneTimeLink.expires > now).values(expires=now)
    db.session.execute(ended.where(OneTimeLink.purpose.in_(purposes)) if purposes else ended)


def expiry(credential: int) -> datetime | None:
    """Return when a session, or (a negative id) an API token, expires; None for never."""
    kind = Session if credential > 0 else Token
    return db.session.scalar(select(kind.expires).where(kind.id == abs(credential)))


# Every credential ends in one of these two functions, which also close its sockets; expired ones are closed by
# `base/live/revocations.py`.


def end_credential(credential: int, person: Person | None = None) -> None:
    """End a session, or (a negative id) an API token, in the running transaction; with `person`, only one of theirs.

    Its sockets are disconnected after the commit.
    """
    kind = Session if credential > 0 else Token
    ended = delete(kind).where(kind.id == abs(credential)).returning(kind.person_id)
    owner = db.session.scalar(ended.where(kind.person_id == person.id) if person else ended)
    if owner is not None:
        on_commit(_disconnect, (owner, credential))


def end_sessions(person: Person) -> None:
    """End every session and API token of a person in the running transaction.

    Their sockets are disconnected after the commit.
    """
    person.epoch = Person.epoch + 1  # so that two requests may do it at once
    db.session.flush()
    for kind in (Session, Token):
        db.session.execute(delete(kind).where(kind.person_id == person.id, kind.epoch < person.epoch))
    on_commit(_disconnect, (person.id, None))


def _disconnect(ended: list[tuple[int, int | None]]) -> None:
    """Disconnect the sockets of ended credentials, given as (person id, credential or None for all)."""
    for person, credential in ended:
        live.disconnect_person(person, credential)
