"""Organisations: municipalities, housing corporations, landlords, care providers and others."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base
from cop.base.fast.cache_versions import versioned

OrganisationKind = Literal["municipality", "housing", "landlord", "care", "knowledge", "organiser", "other"]


ORGANISATION_KINDS = ("municipality", "housing", "landlord", "care", "knowledge", "organiser", "other")


SOCIETY = "society"  # cache version of people, organisations and memberships


@versioned(SOCIETY)
class Organisation(Base):
    """A municipality, housing corporation, landlord, care provider, knowledge organisation or another.

    Two programmes can each have one of the same name: a programme does not see the organisations of another.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(index=True)
    region: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(Text, default="")
    # The municipality that it is; its province counts. `province` is that of an organisation without one.
    municipality_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"), index=True)
    province: Mapped[str] = mapped_column(String(2), default="", server_default="")
    # The person who recorded it, whose programme team can choose it before anybody takes part for it. Without a foreign
    # key: people refer to organisations.
    added_by_id: Mapped[int | None]

    @property
    def url(self) -> str:
        return f"/organisations/{self.id}"
