"""What the doors of programmes take and give."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from cop.base import clock
from cop.base.forms import Form, Id, Ids, Line, Mail, Required, Whole
from cop.programmes.models import Invitation

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=60)]
Prose = Annotated[str, Whole, StringConstraints(max_length=4000)]
Phase = Literal["recruiting", "start", "deepening", "harvest", "closing", "archive"]
CommunityRole = Literal["member", "expert", "moderator", "reader"]


class Invite(Form):
    """Whom to invite, as what."""

    mail: Mail
    name: Line = ""
    role: CommunityRole = "member"
    until: date | None = None
    organisation: Id | None = None


class Change(Form):
    """Another role or term."""

    role: CommunityRole
    until: date | None = None


class Team(Form):
    """Who joins the programme team."""

    member: Id


class ProgrammeNew(Form):
    """A new programme."""

    name: Required
    slug: Slug
    about: Prose = ""
    phase: Phase = "start"


class ProgrammeEdit(Form):
    """What changes of a programme."""

    name: Required = ""
    about: Prose = ""
    phase: Phase = "start"


class CommunityNew(Form):
    """A new community."""

    name: Required
    slug: Slug
    purpose: Prose = ""
    themes: Annotated[list[Line], Field(max_length=30)] = []


class CommunityEdit(Form):
    """What changes of a community."""

    name: Required = ""
    purpose: Prose = ""
    themes: Annotated[list[Line], Field(max_length=30)] = []


class PartnershipNew(Form):
    """A new partnership."""

    name: Required
    challenge: Prose = ""
    organisations: Ids = []
    people: Ids = []


class PartnershipEdit(Form):
    """What changes of a partnership."""

    name: Required = ""
    challenge: Prose = ""
    organisations: Ids = []
    people: Ids = []


class CommunityOut(BaseModel):
    """A community for programs."""

    id: int
    slug: str
    name: str
    url: str
    purpose: str = ""
    themes: list[str] = []
    role: str | None = None


class ProgrammeOut(BaseModel):
    """A programme for programs."""

    id: int
    slug: str
    name: str
    url: str
    about: str
    phase: str


class PartnershipOut(BaseModel):
    """A partnership for programs."""

    id: int
    name: str
    url: str
    challenge: str


class MemberOut(BaseModel):
    """A member for programs."""

    id: int
    name: str
    organisation: str
    role: str
    until: date | None

    @model_validator(mode="before")
    @classmethod
    def of(cls, row: Any) -> Any:
        """From a row of `models.members` or a Membership."""
        if isinstance(row, dict):
            return row
        person = getattr(row, "person", None)
        if person is not None:
            return {"id": person.id, "name": person.name, "organisation": person.organisation.name if person.organisation else "",
                    "role": row.role, "until": row.until}
        return {"id": row.id, "name": row.name, "organisation": row.organisation or "", "role": row.role, "until": row.until}


class InvitationOut(BaseModel):
    """An invitation for programs."""

    id: int
    mail: str
    role: str | None
    state: str
    made: str

    @model_validator(mode="before")
    @classmethod
    def of(cls, row: Any) -> Any:
        """From an Invitation."""
        if not isinstance(row, Invitation):
            return row
        return {"id": row.id, "mail": row.person.mail, "role": row.role, "made": clock.rfc3339(row.made),
                "state": "revoked" if row.revoked else "entered" if row.accepted else "pending"}
