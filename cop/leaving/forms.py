"""Input and output models of the endpoints of leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from cop.base.forms import Form, Id, Mail, OptionalName, Out, Ticked
from cop.society.departures import Departure


class Successor(Form):
    """Who takes over: somebody of the list, or somebody else by mail address and name."""

    successor: Id | None = None
    mail: Mail | None = None
    name: OptionalName = ""
    follows: Annotated[Ticked, Field(description="they also follow what was followed there")] = True


class Leave(Successor):
    """A departure: altogether, or for one `organisation`; `named` leaves the name with the contributions."""

    organisation: Id | None = None
    named: Ticked = True


class PreviewOut(BaseModel):
    """What a departure ends, and who gets it; `last` names where nobody leads after it, `also` says what else moves."""

    communities: list[str]
    partnerships: list[str]
    team: list[str]
    guest_of: int
    last: list[str]
    successor: str
    goes_over: list[str]
    also: list[str] = []


class DepartureOut(Out):
    """A departure in the API."""

    id: int
    person: int
    organisation: int | None
    successor: int | None
    made: datetime
    undone: datetime | None
    partnerships: list[int]
    communities: list[int]

    @classmethod
    def of(cls, row: Departure) -> dict[str, Any]:
        """Return the fields of a departure."""
        return {
            "id": row.id,
            "person": row.person_id,
            "organisation": row.organisation_id,
            "successor": row.successor_id,
            "made": row.made,
            "undone": row.undone,
            "partnerships": row.ended["partnerships"],
            "communities": row.ended["communities"],
        }
