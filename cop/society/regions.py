"""Provinces, and municipalities with the days on which they began and ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db
from cop.base.fast.cache_versions import versioned
from cop.base.web.pages import cached
from cop.society.organisations import SOCIETY, Organisation

ProvinceCode = Literal["dr", "fl", "fr", "ge", "gr", "li", "nb", "nh", "ov", "ut", "ze", "zh"]

# By ISO 3166-2 without the country; the names as they stand in Dutch lists.
PROVINCES: dict[ProvinceCode, str] = {
    "dr": "Drenthe",
    "fl": "Flevoland",
    "fr": "Friesland",
    "ge": "Gelderland",
    "gr": "Groningen",
    "li": "Limburg",
    "nb": "Noord-Brabant",
    "nh": "Noord-Holland",
    "ov": "Overijssel",
    "ut": "Utrecht",
    "ze": "Zeeland",
    "zh": "Zuid-Holland",
}


@versioned(SOCIETY)
class Municipality(Base):
    """A municipality by the code of Statistics Netherlands; merged ones stay, with the one that took their place."""

    __tablename__ = "municipality"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)  # GM0344
    name: Mapped[str]
    province: Mapped[str] = mapped_column(String(2))
    starts: Mapped[date | None]
    until: Mapped[date | None]  # the last day
    successor_code: Mapped[str | None] = mapped_column(ForeignKey("municipality.code"), index=True)


class Town(NamedTuple):
    """A municipality with the one that stands in its place today: itself, or its last successor."""

    code: str
    name: str
    province: str
    ended: bool
    successor: str  # the name of the one in its place, "" for itself


def towns() -> Mapping[str, Town]:
    """Return every municipality by code, with the name and province that count today."""
    found: Mapping[str, Town] = cached(("towns", clock.today()), _towns)
    return found


def _towns() -> dict[str, Town]:
    rows = {row.code: row for row in db.session.scalars(select(Municipality).order_by(Municipality.name))}
    today = clock.today()

    def over(row: Municipality) -> bool:
        return row.until is not None and row.until < today

    def now(row: Municipality) -> Municipality:
        seen = {row.code}
        while over(row) and row.successor_code in rows and row.successor_code not in seen:
            row = rows[row.successor_code]
            seen.add(row.code)
        return row

    found = {}
    for code, row in rows.items():
        last = now(row)
        found[code] = Town(code, row.name, last.province, over(row), last.name if last is not row else "")
    return found


def province_of(organisation: Organisation) -> str:
    """Return the province of an organisation: that of its municipality, else the one chosen for it; "" for none."""
    town = towns().get(organisation.municipality_code or "")
    return town.province if town else organisation.province
