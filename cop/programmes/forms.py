"""Input and output models of the endpoints of programmes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from cop.base.errors import Invalid
from cop.base.forms import Day, Form, Id, Mail, Name, OptionalName, Separated, Whole
from cop.base.words import _
from cop.society.programmes import PHASES, Composition

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", min_length=2, max_length=60)]
Prose = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=4000)]
Phase = Literal["recruiting", "start", "deepening", "harvest", "closing", "archive"]
Theme = Annotated[str, Whole, StringConstraints(max_length=60)]
Themes = Annotated[list[Theme], Separated, Field(max_length=30)]


class Purpose(Form):
    """The purpose of the list of communities: to start something in one of them."""

    purpose: Literal["question", "document", "room"] | None = Field(None, alias="for")


class Team(Form):
    """A person to add to the programme team: one of the list, or by mail address and name."""

    member: Id | None = None
    mail: Mail | None = None
    name: OptionalName = ""
    told: bool = False


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

    name: Name
    slug: Slug | None = None
    about: Prose = ""
    phase: Phase = "start"
    composition: Composition = "frontrunners"


class ProgrammeEdit(Form):
    """Changes to a programme."""

    name: Name = ""
    about: Prose = ""
    phase: Phase = "start"
    composition: Composition = "frontrunners"
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
            raise Invalid(errors={"phases": _("De einddatum moet na de begindatum liggen.")})
        if len({phase.kind for phase in self.phases}) < len(self.phases):
            raise Invalid(errors={"phases": _("Noem elke fase één keer.")})
        given = super().given()
        return {**given, "phases": [dict(p) for p in self.phases]} if "phases" in given else given


class CommunityNew(Form):
    """A community to create."""

    name: Name
    slug: Slug | None = None
    purpose: Prose = ""
    themes: Themes = []


class CommunityEdit(Form):
    """Changes to a community."""

    name: Name = ""
    purpose: Prose = ""
    themes: Themes = []


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
    composition: str
