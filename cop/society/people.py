"""People, the organisations they work for, and the documents they accepted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, cast

from flask_login import UserMixin
from sqlalchemy import (
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    false,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, db
from cop.base.fast.cache_versions import versioned
from cop.base.mail_addresses import comparable
from cop.base.words import _
from cop.society.organisations import SOCIETY, Organisation

PersonState = Literal["invited", "active", "deactivated", "guest"]
GUEST: PersonState = "guest"  # invited to one meeting by mail: no account, no sign-in, in no list of people


@versioned(SOCIETY)
class Affiliation(Base):
    """The link between a person and an organisation; `main` marks the one shown beside the name."""

    __tablename__ = "affiliation"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    main: Mapped[bool] = mapped_column(default=True)


@versioned(SOCIETY)
class Person(UserMixin, Base):  # type: ignore[misc]  # Flask-Login has no types
    """A user of the platform; people are deactivated, never deleted."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column(unique=True)  # as mail_addresses.normalize returns it, compared in lower case
    name: Mapped[str] = mapped_column(default="")  # "": invited and not entered yet, or left without it
    former: Mapped[bool] = mapped_column(default=False, server_default=false())  # left without the name
    function: Mapped[str] = mapped_column(default="")
    bio: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(default="")
    mail_shown: Mapped[bool] = mapped_column(default=False)  # on the profile, by the person's own choice
    themes: Mapped[list[str]] = mapped_column(default=list)
    language: Mapped[str] = mapped_column(String(5), default="nl")
    photo: Mapped[str | None]  # SHA-256 of the portrait in the file store
    password: Mapped[str | None]  # Argon2id
    is_admin: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="invited")
    epoch: Mapped[int] = mapped_column(default=0)  # sessions of an older epoch have ended
    entered: Mapped[datetime | None]  # when the first-entry page was completed
    made: Mapped[datetime] = mapped_column(default=clock.now)
    seen: Mapped[date | None]  # the first day of the month in which the person last signed in
    # The organisation shown beside the name.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")

    memo = cast(Any, None)  # values cached with a detached person, see access.rights

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
    def shown_name(self) -> str:
        """The name, in the reader's language ‘Oud-deelnemer’ for somebody who left without it, else the address."""
        return shown_name(self.name, self.former, guest=self.state == GUEST, mail=self.mail)

    @property
    def short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.mail

    def get_id(self) -> str:
        return str(self.id)


class Acceptance(Base):
    """A person's acceptance of a version of the house rules or the privacy statement."""

    __tablename__ = "acceptance"
    __table_args__ = (UniqueConstraint("person_id", "document", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    document: Mapped[str]
    version: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


def shown_name(name: str | None, former: bool, *, guest: bool = False, mail: str = "") -> str:
    """Return the name of a person, or how somebody without one is called in the reader's language.

    mail: their address, for pages on which it may be read; it stands for the name of neither a guest nor somebody who left.
    """
    if name:
        return name
    return _("Gast") if guest else _("Oud-deelnemer") if former else mail or _("Deelnemer")


def by_mail(mail: str) -> Person | None:
    """Return the person with this mail address, ignoring case, else None."""
    known = select(Person).where(func.lower(Person.mail) == comparable(mail), Person.state != GUEST)
    return db.session.scalar(known)


def id_by_mail(mail: str) -> int:
    """Return the id of the active person with this address, 0 for nobody.

    The same amount of work for every address, so that timing does not reveal who exists.
    """
    has_account = Person.state.not_in(("deactivated", GUEST))
    active = select(Person.id).where(func.lower(Person.mail) == comparable(mail), has_account)
    return db.session.scalar(active) or 0
