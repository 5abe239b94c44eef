"""Organisations: municipalities, housing corporations, care providers, knowledge organisations and organisers."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import (
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base
from cop.base.fast.cache_versions import versioned

OrganisationKind = Literal["municipality", "housing", "care", "knowledge", "organiser"]


ORGANISATION_KINDS = ("municipality", "housing", "care", "knowledge", "organiser")


SOCIETY = "society"  # cache version of people, organisations and memberships


@versioned(SOCIETY)
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
