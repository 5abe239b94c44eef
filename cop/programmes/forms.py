"""Input and output models of the endpoints of programmes."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from cop.base import clock
from cop.base.errors import Invalid
from cop.base.forms import Day, Form, Id, Ids, Line, Mail, Out, Required, Separated, Whole
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
LINES = 200  # most lines of a pasted list
DELIMITERS = " ,'\""  # characters around a name or an address in a list
_mail, _line = TypeAdapter[str](Mail), TypeAdapter[str](Line)


class Purpose(Form):
    """The purpose of the list of communities: to start something in one of them."""

    purpose: Literal["question", "document", "room"] | None = Field(None, alias="for")


class RoleAndTerm(Form):
    """Role and term of a new member; `until` is for experts."""

    role: CommunityRole = "member"
    until: Day | None = None
    organisation: Id | None = None


class Invite(RoleAndTerm):
    """A person to invite, with role and term."""

    mail: Mail
    name: Line = ""


class InviteSeveral(RoleAndTerm):
    """A pasted list of people, one on each line: `anna@gemeente.nl` or `Anna Adem <anna@gemeente.nl>`."""

    lines: Annotated[str, Whole, StringConstraints(max_length=40_000)]

    def given(self) -> dict[str, Any]:
        """Return the arguments of the verb, with the list parsed; an invalid line carries its error."""
        found = addressees(self.lines)
        if not found:
            raise Invalid(errors={"lines": _("Vul dit in.")})
        if len(found) > LINES:
            raise Invalid(errors={"lines": _("Hoogstens %(n)s tegelijk.", n=LINES)})
        return {**super().given(), "lines": found}


def addressees(text: str) -> list[Addressee]:
    """Parse a pasted list; mail programs separate addresses with semicolons."""
    pieces = [(number, piece.strip()) for number, line in enumerate(text.splitlines(), 1) for piece in line.split(";")]
    return [_addressee(number, piece) for number, piece in pieces if piece]


def _addressee(number: int, line: str) -> Addressee:
    """Parse one line: the word with an @ is the address, the rest is the name."""
    word = re.search(r"<([^<>]*)>", line) or re.search(r"(\S*@\S*)", line)
    if word is None:
        return Addressee(number, line, error=_("Hier staat geen e-mailadres."))
    name = f"{line[: word.start()]} {line[word.end() :]}".replace("\t", " ").strip(DELIMITERS)
    try:
        return Addressee(number, line, _mail.validate_python(word[1].strip(DELIMITERS)), _line.validate_python(name))
    except ValidationError:
        error = _("Dit is geen e-mailadres. Controleer het, bijvoorbeeld naam@gemeente.nl.")
        return Addressee(number, line, error=error)


class Change(Form):
    """Another role or term."""

    role: CommunityRole
    until: Day | None = None


class Team(Form):
    """A person to add to the programme team."""

    member: Id


class Join(Form):
    """The slug of the community an administrator wants to read."""

    community: Slug


class PhaseDates(BaseModel):
    """First and last day of a phase."""

    kind: Phase
    starts: Day
    ends: Day


class ProgrammeNew(Form):
    """A programme to create."""

    name: Required
    slug: Slug
    about: Prose = ""
    phase: Phase = "start"


class ProgrammeEdit(Form):
    """Changes to a programme."""

    name: Required = ""
    about: Prose = ""
    phase: Phase = "start"
    phases: Annotated[list[PhaseDates], Field(max_length=len(PHASES))] = []

    @model_validator(mode="before")
    @classmethod
    def dated(cls, sent: Any) -> Any:
        """Collect the form fields `starts_<phase>` and `ends_<phase>` into `phases`."""
        if not isinstance(sent, dict) or not any(f"starts_{kind}" in sent for kind in PHASES):
            return sent
        days = {kind: {"starts": sent.get(f"starts_{kind}"), "ends": sent.get(f"ends_{kind}")} for kind in PHASES}
        return {**sent, "phases": [{"kind": kind, **day} for kind, day in days.items() if any(day.values())]}

    def given(self) -> dict[str, Any]:
        """Return the given fields; raise Invalid when a phase ends before it starts or occurs twice."""
        if any(phase.ends < phase.starts for phase in self.phases):
            raise Invalid(errors={"phases": _("Een fase kan niet eindigen voordat die begint.")})
        if len({phase.kind for phase in self.phases}) < len(self.phases):
            raise Invalid(errors={"phases": _("Noem elke fase één keer.")})
        given = super().given()
        return {**given, "phases": [dict(p) for p in self.phases]} if "phases" in given else given


class CommunityNew(Form):
    """A community to create."""

    name: Required
    slug: Slug
    purpose: Prose = ""
    themes: Themes = []


class CommunityEdit(Form):
    """Changes to a community."""

    name: Required = ""
    purpose: Prose = ""
    themes: Themes = []


class PartnershipNew(Form):
    """A partnership to record."""

    name: Required
    challenge: Prose = ""
    organisations: Ids = []
    people: Ids = []


class PartnershipEdit(Form):
    """Changes to a partnership."""

    name: Required = ""
    challenge: Prose = ""
    organisations: Ids = []
    people: Ids = []


class CommunityOut(BaseModel):
    """A community in the API."""

    id: int
    slug: str
    name: str
    url: str
    purpose: str = ""
    themes: list[str] = []
    role: str | None = None


class ProgrammeOut(BaseModel):
    """A programme in the API."""

    id: int
    slug: str
    name: str
    url: str
    about: str
    phase: str


class PartnershipOut(BaseModel):
    """A partnership in the API."""

    id: int
    name: str
    url: str
    challenge: str


class MemberOut(Out):
    """A member in the API."""

    id: int
    name: str
    organisation: str
    role: str
    until: date | None

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a row of `memberships.members` or a Membership."""
        if not isinstance(row, Membership):
            id, name, organisation = row.id, row.name, row.organisation
        else:
            person = row.person
            id, name, organisation = person.id, person.name, person.organisation.name if person.organisation else None
        return {"id": id, "name": name, "organisation": organisation or "", "role": row.role, "until": row.until}


class InvitationOut(Out):
    """An invitation in the API."""

    id: int
    mail: str
    name: str
    role: str | None
    until: date | None
    state: InvitationState
    made: str

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from an Invitation or a row of `invitations.invitations`."""
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
