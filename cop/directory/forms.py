"""Input and output models of the endpoints of the directory."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from cop.base.forms import Form, Id, Line, Out
from cop.society.organisations import OrganisationKind
from cop.society.regions import ProvinceCode

PAGE = 50
Limit = Annotated[int, Field(ge=1, le=100)]
After = Annotated[Id | None, Field(description="the last one of the page before")]
NoProvince = Literal["none"]


class Ask(Form):
    """A search in the directory, and its filters; province `none`: of those without one."""

    q: Annotated[Line, StringConstraints(max_length=100)] = ""
    theme: Annotated[Line, StringConstraints(max_length=60)] = ""
    province: ProvinceCode | NoProvince | Literal[""] = ""
    kind: OrganisationKind | Literal[""] = ""
    after: After = None
    limit: Limit = PAGE


class AskExperts(Ask):
    """The same of people who can be asked about something; role `expert` leaves the invited experts alone."""

    role: Literal["expert", ""] = ""


class AskMunicipalities(Form):
    """A search in the list of municipalities."""

    q: Annotated[Line, StringConstraints(max_length=100)] = ""
    province: ProvinceCode | Literal[""] = ""
    after: Annotated[str, StringConstraints(max_length=6)] = ""
    limit: Limit = PAGE


class OrganisationOut(BaseModel):
    """An organisation in the directory; `province` by ISO 3166-2, "" where it is not known."""

    id: int
    name: str
    url: str
    kind: str
    province: str
    municipality: str
    people: int
    partnerships: int


class PersonOut(BaseModel):
    """A person in the directory; `mail` and `phone` where they show it, `role` of those who help a community."""

    id: int
    name: str
    url: str
    function: str
    organisation: str | None
    kind: str
    province: str
    themes: list[str]
    role: str
    mail: str | None
    phone: str | None


class QuestionOut(BaseModel):
    """A question that somebody answered."""

    id: int
    title: str
    url: str


class ExpertOut(PersonOut):
    """A person who can be asked, with the newest questions that they answered."""

    answered: list[QuestionOut]


class MatchOut(PersonOut):
    """A person elsewhere who works on the same."""

    shared: list[str]


class PartnershipOut(BaseModel):
    """A partnership in the directory."""

    id: int
    name: str
    url: str
    goal: str
    organisations: list[str]
    provinces: list[str]


class MunicipalityOut(Out):
    """A municipality; `until` is its last day, `successor` the code of the one that took its place."""

    code: str
    name: str
    province: str
    starts: date | None
    until: date | None
    successor: str | None

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a Municipality."""
        return {
            "code": row.code,
            "name": row.name,
            "province": row.province,
            "starts": row.starts,
            "until": row.until,
            "successor": row.successor_code,
        }


class ImportOut(BaseModel):
    """What an import did."""

    added: int
    changed: int
    unchanged: int
