"""Programmes with their phases, communities and partnerships."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ForeignKey,
    String,
    Table,
    Text,
    exists,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, db
from cop.base.fast.cache_versions import versioned
from cop.society.audience import HasAudience, audience_id_of
from cop.society.organisations import SOCIETY, Organisation
from cop.society.people import Person

PHASES = ("recruiting", "start", "deepening", "harvest", "closing", "archive")
COLOURS = ("green", "blue", "purple", "red", "ochre", "grey")
# What the people of a community do together now: it decides the order of what home and the community page show.
EMPHASES = ("conversations", "documents", "expertise", "meetings", "projects", "relationships")
# frontrunners: a municipality with a housing corporation, a care provider or both · free: any organisations, at least one
Composition = Literal["frontrunners", "free"]


# The communities of each group.
GROUPED = Table(
    "community_in_group",
    Base.metadata,
    Column("group_id", ForeignKey("community_group.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), primary_key=True, index=True),
)


@versioned(SOCIETY)
class Programme(HasAudience, Base):
    """A programme with its phases, partnerships and communities."""

    __tablename__ = "programme"
    kind = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = audience_id_of("programme", id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    about: Mapped[str] = mapped_column(Text, default="")  # Markdown
    about_html: Mapped[str] = mapped_column(Text, default="")
    phase: Mapped[str] = mapped_column(default="start")
    phase_since: Mapped[date | None] = mapped_column(default=clock.today)  # a date before it starts no phase any more
    published: Mapped[datetime | None]  # when its public page was last published
    contact_name: Mapped[str] = mapped_column(default="", server_default="")
    contact_mail: Mapped[str] = mapped_column(default="", server_default="")
    contact_phone: Mapped[str] = mapped_column(default="", server_default="")
    colour: Mapped[str] = mapped_column(String(12), default="green", server_default="green")
    logo: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of a PNG
    composition: Mapped[str] = mapped_column(String(16), server_default="frontrunners", default="frontrunners")

    phases: Mapped[list[Phase]] = relationship(order_by="Phase.starts", cascade="all, delete-orphan")
    communities: Mapped[list[Community]] = relationship(order_by="Community.position", back_populates="programme")
    partnerships: Mapped[list[Partnership]] = relationship(order_by="Partnership.name", back_populates="programme")

    @property
    def url(self) -> str:
        return f"/programmes/{self.slug}"

    @property
    def archived(self) -> bool:
        """Whether it is in the archive: what stands in it can be read, but not added to."""
        return self.phase == "archive"


class Phase(Base):
    """A dated phase of a programme: recruiting, start, deepening, harvest, closing or archive."""

    __tablename__ = "phase"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    kind: Mapped[str]
    starts: Mapped[date]
    ends: Mapped[date]


@versioned(SOCIETY)
class Community(HasAudience, Base):
    """A community of practice: a group of people who read and write together."""

    __tablename__ = "community"
    kind = "community"

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = audience_id_of("community", id)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    purpose: Mapped[str] = mapped_column(Text, default="")
    themes: Mapped[list[str]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    emphasis: Mapped[list[str]] = mapped_column(default=list, server_default="[]")  # of EMPHASES; none: all alike
    # What a new thread of a kind is asked, labels by field (`cop/threads/asking.py`).
    asked: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")

    programme: Mapped[Programme] = relationship(back_populates="communities")
    groups: Mapped[list[CommunityGroup]] = relationship(secondary=GROUPED, back_populates="communities")

    @property
    def url(self) -> str:
        return f"/communities/{self.slug}"

    @property
    def archived(self) -> bool:
        """Whether its programme is in the archive."""
        return self.programme.archived


@versioned(SOCIETY)
class CommunityGroup(HasAudience, Base):
    """Some of the communities of a programme, for which something stands together; its communities never change."""

    __tablename__ = "community_group"
    kind = "group"

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = audience_id_of("group", id)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    name: Mapped[str]  # those of its communities

    programme: Mapped[Programme] = relationship()
    communities: Mapped[list[Community]] = relationship(
        secondary=GROUPED, order_by=Community.position, back_populates="groups"
    )

    @property
    def url(self) -> str:
        return self.programme.url

    @property
    def archived(self) -> bool:
        """Whether its programme is in the archive."""
        return self.programme.archived

    def rename(self) -> None:
        """Set the name to those of its communities."""
        self.name = " + ".join(community.name for community in self.communities)


@versioned(SOCIETY)
class Partnership(HasAudience, Base):
    """Organisations that work on one local challenge; which kinds it needs is set by its programme."""

    __tablename__ = "partnership"
    kind = "partnership"

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = audience_id_of("partnership", id)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    name: Mapped[str]
    challenge: Mapped[str] = mapped_column(Text, default="")  # its goal, as far as the programme may read it
    made: Mapped[datetime | None] = mapped_column(default=clock.now)  # none: before this was recorded

    programme: Mapped[Programme] = relationship(back_populates="partnerships")
    organisations: Mapped[list[Organisation]] = relationship(secondary="partner_organisation")
    people: Mapped[list[Person]] = relationship(secondary="partner_person")

    @property
    def url(self) -> str:
        return f"/partnerships/{self.id}"

    @property
    def archived(self) -> bool:
        """Whether its programme is in the archive."""
        return self.programme.archived


class PartnerOrganisation(Base):
    """An organisation in a partnership, and whether it agrees that what they make is shown outside the programme."""

    __tablename__ = "partner_organisation"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    # "": nobody answered for it · given · withdrawn
    consent: Mapped[str] = mapped_column(String(12), server_default="", default="")
    consent_at: Mapped[datetime | None]
    consent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


@versioned(SOCIETY)
class PartnerPerson(Base):
    """A person in a partnership."""

    __tablename__ = "partner_person"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime | None] = mapped_column(default=clock.now)  # None: from before this was kept


# The condition on partnerships of which every organisation agrees that their work is shown outside the programme.
MAY_LEAVE_PROGRAMME = ~exists().where(
    PartnerOrganisation.partnership_id == Partnership.id, PartnerOrganisation.consent != "given"
)


AudienceOwner = Community | CommunityGroup | Programme | Partnership


def may_leave_programme(partnership: Partnership) -> bool:
    """Return whether every organisation of a partnership agrees that its work is shown outside the programme."""
    found = select(Partnership.id).where(Partnership.id == partnership.id, MAY_LEAVE_PROGRAMME)
    return db.session.scalar(found) is not None


def community_by_slug(slug: str) -> Community | None:
    """Return the community with this slug, else None."""
    return db.session.scalar(select(Community).where(Community.slug == slug))
