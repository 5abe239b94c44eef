"""Input and output models of the access review."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from cop.access_review.models import Reviewed
from cop.base import clock
from cop.base.forms import Form, Id, Out


class Confirm(Form):
    """The people to confirm: those of `people`, or everybody."""

    people: Annotated[list[Id], Field(max_length=1000)] = []
    everybody: bool = False


class PlaceOut(BaseModel):
    """A place of a person in the programme."""

    kind: str
    name: str
    role: str
    since: date | None
    until: date | None
    guest: int | None  # the id with which a guest is ended


class ReviewedOut(Out):
    """A person with what they may do; `seen` is the first day of the month in which they last signed in."""

    id: int
    name: str
    organisation: str
    entered: bool
    seen: date | None
    places: list[PlaceOut]
    confirmed: date | None
    confirmed_by: str

    @classmethod
    def of(cls, row: Reviewed) -> dict[str, Any]:
        """Return the fields of a row of the review."""
        places = [one._asdict() for one in row.places]
        confirmed = clock.local(row.confirmed).date() if row.confirmed else None
        return {**row._asdict(), "places": places, "confirmed": confirmed}
