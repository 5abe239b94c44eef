"""Invitations to communities and their state."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    ForeignKey,
    Row,
    exists,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, db
from cop.base.email import Email
from cop.society.credentials import LINK_LASTS
from cop.society.memberships import Membership, TeamMember, current, surname
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, PartnerPerson, Partnership

# delayed: the mail server has not accepted the mail yet · bounced: it rejected the address · expired: the link is over
InvitationState = Literal["pending", "delayed", "bounced", "expired", "entered", "revoked"]


INVITATIONS = 500  # most shown, newest first


class Invitation(Base):
    """An invitation by mail: to a community in a role, or to the platform alone."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    inviter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    role: Mapped[str | None]
    until: Mapped[date | None]
    email_id: Mapped[int | None]  # the last mail sent; when it failed, the invitation has bounced
    made: Mapped[datetime] = mapped_column(default=clock.now)
    sent: Mapped[datetime | None]
    accepted: Mapped[datetime | None]
    revoked: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    community: Mapped[Community | None] = relationship()


def invitations(community: Community) -> list[Row[Any]]:
    """Return the invitations to a community that were not revoked, newest first.

    Rows carry the state and error of the last mail as `email_state` and `email_error`.
    """
    return list(
        db.session.execute(
            select(
                Invitation.id,
                Invitation.role,
                Invitation.until,
                Invitation.made,
                Invitation.sent,
                Invitation.accepted,
                Invitation.revoked,
                Person.id.label("person_id"),
                Person.name,
                Person.mail,
                Person.state,
                Organisation.name.label("organisation"),
                Email.state.label("email_state"),
                Email.error.label("email_error"),
            )
            .join(Person, Person.id == Invitation.person_id)
            .outerjoin(Organisation, Organisation.id == Person.organisation_id)
            .outerjoin(Email, Email.id == Invitation.email_id)
            .where(Invitation.community_id == community.id, Invitation.revoked.is_(None))
            .order_by(Invitation.id.desc())
            .limit(INVITATIONS)
        )
    )


def state_of(invitation: Any) -> InvitationState:
    """Return the state of an Invitation or of a row of `invitations`; only the row knows about its mail."""
    if invitation.revoked:
        return "revoked"
    if invitation.accepted:
        return "entered"
    if getattr(invitation, "email_state", None) == "failed":
        return "bounced"
    if invitation.sent and invitation.sent + LINK_LASTS["invitation"] < clock.now():
        return "expired"
    return "delayed" if getattr(invitation, "email_error", None) else "pending"


class MissingPartner(NamedTuple):
    """A person of a partnership who does not take part in a community of its programme."""

    id: int
    name: str
    mail: str
    organisation: str
    partnerships: str
    left: bool  # took part before


def missing_partners(community: Community) -> list[MissingPartner]:
    """Return the people of the programme's partnerships who do not take part in this community, by surname."""
    here = (Membership.person_id == Person.id) & (Membership.community_id == community.id)
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.mail,
            Organisation.name.label("organisation"),
            Partnership.name.label("partnership"),
            exists().where(here).correlate(Person).label("left"),
        )
        .join(PartnerPerson, PartnerPerson.person_id == Person.id)
        .join(Partnership, Partnership.id == PartnerPerson.partnership_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(
            Partnership.programme_id == community.programme_id,
            Person.state != "deactivated",
            ~exists().where(here & current()).correlate(Person),
            ~exists()
            .where((TeamMember.person_id == Person.id) & (TeamMember.programme_id == community.programme_id))
            .correlate(Person),
        )
        .order_by(Partnership.name)
    )
    found: dict[int, MissingPartner] = {}
    for row in rows:
        before = found.get(row.id)
        partnerships = f"{before.partnerships}, {row.partnership}" if before else row.partnership
        found[row.id] = MissingPartner(row.id, row.name, row.mail, row.organisation or "", partnerships, bool(row.left))
    return sorted(found.values(), key=lambda one: surname(one.name or one.mail))
