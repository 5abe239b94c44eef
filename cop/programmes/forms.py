"""Input and output models of the endpoints of programmes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from cop.base.errors import Invalid
from cop.base.forms import Day, Form, Id, Ids, Line, Mail, Name, OptionalName, Required, Separated, Slug, Whole
from cop.base.words import _
from cop.society.programmes import PHASES, Composition

Prose = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=4000)]
Phase = Literal["recruiting", "start", "deepening", "harvest", "closing", "archive"]
Colour = Literal["green", "blue", "purple", "red", "ochre", "grey"]
Emphasis = Literal["conversations", "documents", "expertise", "meetings", "projects", "relationships"]
Long = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=20_000)]
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
    colour: Colour = "green"
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


class EnterPhase(Form):
    """A phase to start; `current` is the phase that the person saw, `mail` tells those who take part by mail."""

    phase: Phase
    current: Phase | None = None
    mail: bool = False


DATES = 40  # of a calendar


class PublicDate(BaseModel):
    """A date of the public calendar."""

    day: Day
    time: Annotated[Line, StringConstraints(max_length=40)] = ""
    title: Required
    place: Line = ""


class PublicEdit(Form):
    """Changes to the draft of a public page. The texts are Markdown."""

    what: Prose = ""
    for_whom: Prose = ""
    criteria: Prose = ""
    conditions: Prose = ""
    extended: Long = ""
    outcomes: Prose = ""
    contact_name: OptionalName = ""
    contact_mail: Mail | Literal[""] = ""
    contact_phone: Annotated[Line, StringConstraints(max_length=40)] = ""
    dates: Annotated[list[PublicDate], Field(max_length=DATES)] = []
    shows: list[Literal["phases"]] = []
    partners: Ids = []

    @model_validator(mode="before")
    @classmethod
    def dated(cls, sent: Any) -> Any:
        """Collect the form fields `day_1`, `time_1`, `title_1` and `place_1` and so on into `dates`."""
        if not isinstance(sent, dict) or "day_1" not in sent:
            return sent
        names = ("day", "time", "title", "place")
        rows = [{name: sent.get(f"{name}_{n}", "") for name in names} for n in range(1, DATES + 1)]
        return {**sent, "dates": [row for row in rows if any(row.values())]}

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent; the dates as they are stored."""
        given = super().given()
        return {**given, "dates": [one.model_dump(mode="json") for one in self.dates]} if "dates" in given else given


class Logo(Form):
    """The removal of a logo; a new one is sent as the file `logo`."""

    remove: bool = False


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
    emphasis: list[Emphasis] = []


class CommunityOut(BaseModel):
    """A community in the API."""

    id: int
    slug: str
    name: str
    url: str
    purpose: str = ""
    themes: list[str] = []
    emphasis: list[str] = []
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
    colour: str = "green"
    published: datetime | None = None


class PublicDateOut(BaseModel):
    """A date of the public calendar in the API."""

    day: date
    time: str
    title: str
    place: str


class PublicDocumentOut(BaseModel):
    """A public document in the API."""

    title: str
    url: str
    file_name: str
    size: int


class PublicOut(BaseModel):
    """What people outside see of a programme, in the API: its texts as HTML by name."""

    slug: str
    name: str
    url: str
    texts: dict[str, str]
    dates: list[PublicDateOut]
    contact_name: str
    contact_mail: str
    contact_phone: str
    partners: list[str]
    documents: list[PublicDocumentOut]


class DraftOut(BaseModel):
    """The draft of a public page in the API."""

    draft: dict[str, Any]
    changed: datetime
