"""Programmes with their phases, partnerships and communities, and who takes part in them as what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, ForeignKey, Index, Row, String, Text, case, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, db
from cop.base.mail import Letter
from cop.base.stamps import stamped
from cop.people.models import LINK_LASTS, SOCIETY, Organisation, Person

Role = Literal["member", "expert", "moderator", "team", "reader"]
ROLES = ("member", "expert", "moderator", "reader")  # of a community; team is of the programme
PHASES = ("recruiting", "start", "deepening", "harvest", "closing", "archive")
# delayed: the mail server did not take the mail yet · bounced: it knows no such address · expired: the link is over
InvitationState = Literal["pending", "delayed", "bounced", "expired", "entered", "revoked"]
INVITATIONS = 500  # shown at most, the newest


class Programme(Base):
    """A programme: its phases, partnerships and communities."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    about: Mapped[str] = mapped_column(Text, default="")  # Markdown
    about_html: Mapped[str] = mapped_column(Text, default="")
    phase: Mapped[str] = mapped_column(default="start")

    phases: Mapped[list[Phase]] = relationship(order_by="Phase.starts", cascade="all, delete-orphan")
    communities: Mapped[list[Community]] = relationship(order_by="Community.position", back_populates="programme")
    partnerships: Mapped[list[Partnership]] = relationship(order_by="Partnership.name", back_populates="programme")

    @property
    def url(self) -> str:
        return f"/programmes/{self.slug}"


class Phase(Base):
    """A phase of a programme: recruiting, start, deepening, harvest, closing or archive."""

    __tablename__ = "phase"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    kind: Mapped[str]
    starts: Mapped[date]
    ends: Mapped[date]


@stamped(SOCIETY)
class Community(Base):
    """A community of practice: the circle in which everything is read and written."""

    __tablename__ = "community"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    purpose: Mapped[str] = mapped_column(Text, default="")
    themes: Mapped[list] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)

    programme: Mapped[Programme] = relationship(back_populates="communities")

    @property
    def url(self) -> str:
        return f"/communities/{self.slug}"


@stamped(SOCIETY)
class Membership(Base):
    """A person takes part in a community, in one role, until it ends."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_current",
            "person_id",
            "community_id",
            unique=True,
            sqlite_where=sql("ended IS NULL"),
            postgresql_where=sql("ended IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    until: Mapped[date | None]  # the last day of an expert's term
    since: Mapped[datetime] = mapped_column(default=clock.now)
    ended: Mapped[datetime | None]
    warned: Mapped[datetime | None]  # when the expert was told that the term is ending

    person: Mapped[Person] = relationship()
    community: Mapped[Community] = relationship()


@stamped(SOCIETY)
class TeamMember(Base):
    """A person of the programme team; implies a moderator's rights in all communities of the programme."""

    __tablename__ = "team_member"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Partnership(Base):
    """A koploperduo: a municipality with a housing corporation and/or a care provider."""

    __tablename__ = "partnership"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    name: Mapped[str]
    challenge: Mapped[str] = mapped_column(Text, default="")

    programme: Mapped[Programme] = relationship(back_populates="partnerships")
    organisations: Mapped[list[Organisation]] = relationship(secondary="partner_organisation")
    people: Mapped[list[Person]] = relationship(secondary="partner_person")

    @property
    def url(self) -> str:
        return f"/partnerships/{self.id}"


class PartnerOrganisation(Base):
    """An organisation in a partnership."""

    __tablename__ = "partner_organisation"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)


class PartnerPerson(Base):
    """A person in a partnership."""

    __tablename__ = "partner_person"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Invitation(Base):
    """An invitation by mail: to a community in a role, or to the platform alone."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    inviter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    role: Mapped[str | None]
    until: Mapped[date | None]
    letter_id: Mapped[int | None]  # the mail of the last sending, whose failure shows as bounced
    made: Mapped[datetime] = mapped_column(default=clock.now)
    sent: Mapped[datetime | None]
    accepted: Mapped[datetime | None]
    revoked: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    community: Mapped[Community | None] = relationship()


def current(today: date | BindParameter[date] | None = None) -> ColumnElement[bool]:
    """The condition under which a membership counts today."""
    today = clock.today() if today is None else today
    return Membership.ended.is_(None) & (Membership.until.is_(None) | (Membership.until >= today))


def community_by_slug(slug: str) -> Community | None:
    """The community with this slug."""
    return db.session.scalar(select(Community).where(Community.slug == slug))


def circle(community: Community) -> tuple[int, int]:
    """How many people of how many organisations read here (team included): 'wie kan dit lezen'."""
    people = select(Membership.person_id).where(Membership.community_id == community.id, current())
    team = select(TeamMember.person_id).where(TeamMember.programme_id == community.programme_id)
    row = db.session.execute(
        select(func.count(Person.id), func.count(func.distinct(Person.organisation_id))).where(
            Person.id.in_(people.union(team)), Person.state != "deactivated"
        )
    ).one()
    return row[0], row[1]


def members(community: Community) -> list[Row[Any]]:
    """Who takes part, with organisation, role and term; the programme team included; by organisation and surname."""
    here = (Membership.person_id == Person.id) & (Membership.community_id == community.id) & current()
    team = (TeamMember.person_id == Person.id) & (TeamMember.programme_id == community.programme_id)
    leads = TeamMember.programme_id.is_not(None)
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.photo,
            Person.function,
            Person.entered,
            Membership.id.label("membership_id"),
            case((leads, "team"), else_=Membership.role).label("role"),
            case((leads, None), else_=Membership.until).label("until"),
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation"),
            Organisation.kind.label("organisation_kind"),
        )
        .select_from(Person)
        .outerjoin(Membership, here)
        .outerjoin(TeamMember, team)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Membership.id.is_not(None) | leads, Person.state != "deactivated")
    )
    return sorted(rows, key=_by_organisation)


def _by_organisation(row: Any) -> tuple[bool, str, str]:
    return row.organisation is None, (row.organisation or "").casefold(), surname(row.name)


PARTICLES = {
    "van",
    "de",
    "den",
    "der",
    "het",
    "'t",
    "ten",
    "ter",
    "te",
    "in",
    "op",
    "aan",
    "von",
    "dr.",
    "drs.",
    "ir.",
    "mr.",
}


def surname(name: str) -> str:
    """What a name is sorted by: its surname without tussenvoegsel ('Anna van den Berg' under b)."""
    words = [w for w in name.casefold().split() if w not in PARTICLES]
    return " ".join([*words[1:], *words[:1]])


def invitations(community: Community) -> list[Row[Any]]:
    """The invitations to a community that were not taken back, newest first, with what became of the last mail."""
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
                Letter.state.label("letter_state"),
                Letter.error.label("letter_error"),
            )
            .join(Person, Person.id == Invitation.person_id)
            .outerjoin(Letter, Letter.id == Invitation.letter_id)
            .where(Invitation.community_id == community.id, Invitation.revoked.is_(None))
            .order_by(Invitation.id.desc())
            .limit(INVITATIONS)
        )
    )


def state_of(invitation: Any) -> InvitationState:
    """How an invitation stands; a row of `invitations` also knows what became of its mail."""
    if invitation.revoked:
        return "revoked"
    if invitation.accepted:
        return "entered"
    if getattr(invitation, "letter_state", None) == "failed":
        return "bounced"
    if invitation.sent and invitation.sent + LINK_LASTS["invitation"] < clock.now():
        return "expired"
    return "delayed" if getattr(invitation, "letter_error", None) else "pending"
