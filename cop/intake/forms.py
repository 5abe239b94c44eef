"""Input and output models of the endpoints of calls, applications, reviews and decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from cop.base.errors import Invalid
from cop.base.forms import Form, Mail, Name, Required, Whole
from cop.base.moments import Moment, typed_moment
from cop.base.questionnaires import KINDS, Definition
from cop.base.words import _
from cop.intake.building import STEPS
from cop.society.organisations import ORGANISATION_KINDS

Prose = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=20_000)]
Short = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=2000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z]\d{1,5}$")]


class CallNew(Form):
    """A call to add."""

    title: Name


class CallEdit(Form):
    """Changes to a call."""

    title: Name = ""
    intro: Prose = ""
    contact: Mail | Literal[""] = ""
    cap: Annotated[int, Field(ge=1, le=1000)] | None = None
    blindness: Literal["always", "after_own", "after_all"] = "after_own"
    offer_days: Annotated[int, Field(ge=1, le=60)] = 7
    keep_weeks: Annotated[int, Field(ge=1, le=104)] = 4
    opens: Moment | None = None
    closes: Moment | None = None

    @model_validator(mode="before")
    @classmethod
    def typed(cls, sent: Any) -> Any:
        """Combine date and time; an empty number of places means that there is no limit."""
        if not isinstance(sent, dict):
            return sent
        sent = typed_moment(typed_moment(_opening(sent), "opens"), "closes")
        return {**sent, "cap": None} if "any_number" in sent and not sent.get("cap") else sent


def _opening(sent: dict[str, Any]) -> dict[str, Any]:
    """Let a call that opens on a day without a time open at its beginning."""
    return {**sent, "opens_time": "00:00"} if sent.get("opens_day") and not sent.get("opens_time") else sent


class Reopen(Form):
    """Until when a call is open again, and why."""

    closes: Moment
    reason: Required

    @model_validator(mode="before")
    @classmethod
    def typed(cls, sent: Any) -> Any:
        """Combine date and time."""
        return typed_moment(sent, "closes") if isinstance(sent, dict) else sent


class MoveDeadline(Reopen):
    """When an open call closes now, and why."""


class Extend(Form):
    """Until when one application can be changed, and why."""

    until: Moment
    reason: Required

    @model_validator(mode="before")
    @classmethod
    def typed(cls, sent: Any) -> Any:
        """Combine date and time."""
        return typed_moment(sent, "until") if isinstance(sent, dict) else sent


class Build(Form):
    """One step that changes the form of a call, or the whole form."""

    step: Literal[STEPS] | None = None  # type: ignore[valid-type]
    definition: Definition | None = None
    key: Key | None = None
    section: Key | None = None
    kind: Literal[KINDS] = "short"  # type: ignore[valid-type]
    label: Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=300)] = ""
    help: Short = ""
    required: bool = False
    personal: bool = False
    team_only: bool = False
    several: bool = False
    limit: Annotated[int, Field(ge=1, le=5000)] | None = None
    weight: Annotated[int, Field(ge=1, le=10)] = 1
    options: Prose = ""
    show_if: Annotated[str, StringConstraints(pattern=r"^([a-z]\d{1,5}:[a-z]\d{1,5})?$")] = ""
    composition: Literal["none", "frontrunners", "kinds"] = "none"
    kinds: Annotated[list[Literal[ORGANISATION_KINDS]], Field(max_length=10)] = []  # type: ignore[valid-type]
    same_meaning: bool = False

    def given(self) -> dict[str, Any]:
        """Return the step with its fields, or the whole form."""
        if self.definition is not None:
            return {"definition": self.definition, "same_meaning": self.same_meaning}
        if self.step is None:
            raise Invalid(errors={"step": _("Kies een van de mogelijkheden.")})
        step = self.model_dump(exclude={"definition", "same_meaning"})
        return {"step": step, "same_meaning": self.same_meaning}


class CallOut(BaseModel):
    """A call in the API."""

    slug: str
    title: str
    url: str
    intro: str
    cap: int | None
    opens: datetime | None
    closes: datetime | None
    published: datetime | None


class CallsOut(BaseModel):
    """The calls of a programme."""

    items: list[CallOut]


class FormOut(BaseModel):
    """The form of a call in the API."""

    version: int
    definition: Definition


class Said(BaseModel):
    """What happened, in words."""

    words: str


class ApplicationOut(BaseModel):
    """An application in the API, as its contacts see it."""

    reference: str
    url: str
    state: str
    title: str
    submitted: datetime | None
    outcome: str | None
    offered_until: datetime | None
    answers: dict[str, Any] = {}
    versions: dict[str, int] = {}
    version: int = 0  # of the form
    missing: dict[str, str] = {}
