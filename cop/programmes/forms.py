"""What the doors of programmes take and give."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from cop.base import clock
from cop.base.errors import Invalid
from cop.base.forms import Form, Id, Ids, Line, Mail, Out, Required, Separated, Whole
from cop.base.words import _
from cop.programmes.actions.inviting import Addressee
from cop.society.invitations import Invitation, InvitationState, state_of
from cop.society.memberships import Membership
from cop.society.programmes import PHASES

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=60)]
Prose = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=4000)]
Phase = Literal["recruiting", "start", "deepening", "harvest", "closing", "archive"]
CommunityRole = Literal["member", "expert", "moderator", "reader"]
Theme = Annotated[str, Whole, StringConstraints(max_length=60)]
Themes = Annotated[list[Theme], Separated, Field(max_length=30)]
LINES = 200  # of a pasted list
AROUND = " ,'\""  # what a list puts around a name or an address
_mail, _line = TypeAdapter[str](Mail), TypeAdapter[str](Line)


class Purpose(Form):
    """What the communities are listed for: to start something in one of them."""

    purpose: Literal["question", "document", "room"] | None = Field(None, alias="for")


class As(Form):
    """As what somebody takes part; an expert until a day."""

    role: CommunityRole = "member"
    until: date | None = None
    organisation: Id | None = None


class Invite(As):
    """Whom to invite, as what."""

    mail: Mail
    name: Line = ""


class InviteSeveral(As):
    """A pasted list of people, one on each line: `anna@gemeente.nl` or `Anna Adem <anna@gemeente.nl>`."""

    lines: Annotated[str, Whole, StringConstraints(max_length=40_000)]

    def given(self) -> dict[str, Any]:
        """The list read line by line; what is wrong with a line stands with it."""
        found = addressees(self.lines)
        if not found:
            raise Invalid(errors={"lines": _("Vul dit in.")})
        if len(found) > LINES:
            raise Invalid(errors={"lines": _("Hoogstens %(n)s tegelijk.", n=LINES)})
        return {**super().given(), "lines": found}


def addressees(text: str) -> list[Addressee]:
    """The people of a pasted list; a mail program puts semicolons between them."""
    pieces = [(number, piece.strip()) for number, line in enumerate(text.splitlines(), 1) for piece in line.split(";")]
    return [_addressee(number, piece) for number, piece in pieces if piece]


def _addressee(number: int, said: str) -> Addressee:
    """The word with an @ is the address; the rest is the name."""
    word = re.search(r"<([^<>]*)>", said) or re.search(r"(\S*@\S*)", said)
    if word is None:
        return Addressee(number, said, error=_("Hier staat geen e-mailadres."))
    name = f"{said[: word.start()]} {said[word.end() :]}".replace("\t", " ").strip(AROUND)
    try:
        return Addressee(number, said, _mail.validate_python(word[1].strip(AROUND)), _line.validate_python(name))
    except ValidationError:
        wrong = _("Dit is geen e-mailadres. Controleer het, bijvoorbeeld naam@gemeente.nl.")
        return Addressee(number, said, error=wrong)


class Change(Form):
    """Another role or term."""

    role: CommunityRole
    until: date | None = None


class Team(Form):
    """Who joins the programme team."""

    member: Id


class Join(Form):
    """The slug of the community in which an administrator wants to read along."""

    community: Slug


class PhaseDates(BaseModel):
    """When a phase begins and ends, both days included."""

    kind: Phase
    starts: date
    ends: date


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
    phases: Annotated[list[PhaseDates], Field(max_length=len(PHASES))] = []

    @model_validator(mode="before")
    @classmethod
    def dated(cls, sent: Any) -> Any:
        """A form sends the days of a phase as `starts_<phase>` and `ends_<phase>`."""
        if not isinstance(sent, dict) or not any(f"starts_{kind}" in sent for kind in PHASES):
            return sent
        days = {kind: {"starts": sent.get(f"starts_{kind}"), "ends": sent.get(f"ends_{kind}")} for kind in PHASES}
        return {**sent, "phases": [{"kind": kind, **day} for kind, day in days.items() if any(day.values())]}

    def given(self) -> dict[str, Any]:
        """The fields that were sent; no phase ends before it begins, or comes twice."""
        if any(phase.ends < phase.starts for phase in self.phases):
            raise Invalid(errors={"phases": _("Een fase eindigt niet voordat zij begint.")})
        if len({phase.kind for phase in self.phases}) < len(self.phases):
            raise Invalid(errors={"phases": _("Noem elke fase één keer.")})
        given = super().given()
        return {**given, "phases": [dict(p) for p in self.phases]} if "phases" in given else given


class CommunityNew(Form):
    """A new community."""

    name: Required
    slug: Slug
    purpose: Prose = ""
    themes: Themes = []


class CommunityEdit(Form):
    """What changes of a community."""

    name: Required = ""
    purpose: Prose = ""
    themes: Themes = []


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


class MemberOut(Out):
    """A member for programs."""

    id: int
    name: str
    organisation: str
    role: str
    until: date | None

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """From a row of `models.members` or a Membership."""
        if not isinstance(row, Membership):
            id, name, organisation = row.id, row.name, row.organisation
        else:
            person = row.person
            id, name, organisation = person.id, person.name, person.organisation.name if person.organisation else None
        return {"id": id, "name": name, "organisation": organisation or "", "role": row.role, "until": row.until}


class InvitationOut(Out):
    """An invitation for programs."""

    id: int
    mail: str
    name: str
    role: str | None
    until: date | None
    state: InvitationState
    made: str

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """From an Invitation or a row of `models.invitations`."""
        person = row.person if isinstance(row, Invitation) else row
        return {
            "id": row.id,
            "mail": person.mail,
            "name": person.name,
            "role": row.role,
            "until": row.until,
            "state": state_of(row),
            "made": clock.rfc3339(row.made),
        }
