"""Input and output models of the endpoints of calls, applications, reviews and decisions."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, TypeAdapter, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from cop.base import clock
from cop.base.errors import Invalid
from cop.base.forms import Day, Form, Id, Line, Mail, Name, OptionalName, Required, Secret, Whole
from cop.base.questionnaires import KINDS, Definition
from cop.base.words import _
from cop.intake.building import STEPS
from cop.society.organisations import ORGANISATION_KINDS

Prose = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=20_000)]
Short = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=2000)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z]\d{1,5}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,4}-[A-Z0-9]{5}$")]
_DAY: TypeAdapter[Any] = TypeAdapter(Day)
_HOUR = re.compile(r"(\d{1,2})[:.](\d{2})")


def _moment(value: Any) -> Any:
    """Return a moment: with a zone as it is, without one in the time of Amsterdam."""
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise PydanticCustomError("datetime_parsing", "no moment") from None
    return moment if moment.tzinfo else _local(moment)


def _local(moment: datetime) -> datetime:
    try:
        return clock.from_local(moment)
    except ValueError:
        raise PydanticCustomError("skipped_hour", "an hour that summer time skips or repeats") from None


Moment = Annotated[datetime, BeforeValidator(_moment)]


def typed_moment(sent: dict[str, Any], name: str) -> dict[str, Any]:
    """Combine the fields `<name>_day` and `<name>_time` of a form into a moment; without a time, the end of the day.

    It is the first moment that is refused: what closes on 1 October without a time closes at midnight of the 2nd.
    """
    day, hour = str(sent.get(f"{name}_day") or "").strip(), str(sent.get(f"{name}_time") or "").strip()
    if not day and not hour:
        return sent
    try:
        date = _DAY.validate_python(day)
    except ValidationError:
        raise Invalid(
            errors={f"{name}_day": _("Dit is geen datum. Schrijf de datum zo: 4 mei 2026 of 04-05-2026.")}
        ) from None
    found = _HOUR.fullmatch(hour)
    if (hour and not found) or (found and (int(found[1]) > 24 or int(found[2]) > 59 or found[0] > "24:00")):
        raise Invalid(errors={f"{name}_time": _("Dit is geen tijd. Schrijf de tijd zo: 17:00.")})
    start = datetime(date.year, date.month, date.day)
    moment = start + (timedelta(hours=int(found[1]), minutes=int(found[2])) if found else timedelta(days=1))
    try:
        return {**sent, name: clock.from_local(moment)}
    except ValueError:
        words = _("Deze tijd bestaat niet of komt twee keer voor, door de zomertijd. Kies een ander uur.")
        raise Invalid(errors={f"{name}_time": words}) from None


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


class Start(Form):
    """A mail address to start an application with, or to go on with one; `website` is filled in by robots only."""

    mail: Mail
    name: OptionalName = ""
    organisation: OptionalName = ""
    another: bool = False
    resume: bool = False
    website: Line = ""


class Enter(Form):
    """The key of a link in a mail, or the address with the code from it."""

    key: Secret = ""
    mail: Mail | Literal[""] = ""
    code: Annotated[str, Whole, StringConstraints(max_length=20)] = ""


class EntryQuery(Form):
    """The key of a link in a mail."""

    key: Secret = ""


class Answers(Form):
    """Answers by block, with the version of each that was seen; `then` is where a form goes on."""

    answers: Annotated[dict[Key, Any], Field(max_length=200)] = {}
    versions: Annotated[dict[Key, Annotated[int, Field(ge=0)]], Field(max_length=200)] = {}
    section: Key | Literal["", "criteria"] = ""
    then: Literal["next", "check", "stay"] = "next"

    @model_validator(mode="before")
    @classmethod
    def collected(cls, sent: Any) -> Any:
        """Collect the fields of a form."""
        return collect_answers(sent) if isinstance(sent, dict) and "answers" not in sent else sent


def collect_answers(sent: dict[str, Any]) -> dict[str, Any]:
    """Collect the fields `answer-b3`, `answer-b3-0-name` and `version-b3` of each block that `asked` names."""
    asked = sent.get("asked") or []
    keys = [key for key in (asked if isinstance(asked, list) else [asked]) if isinstance(key, str)]
    answers = {key: _answer(sent, key) for key in keys}
    versions = {key: sent[f"version-{key}"] for key in keys if sent.get(f"version-{key}")}
    more: dict[str, Any] = {name: sent[name] for name in ("section", "then") if name in sent}
    return {**more, "answers": answers, "versions": versions}


def _answer(sent: dict[str, Any], key: str) -> Any:
    """Return the value of one block from the fields of a form."""
    if f"answer-{key}-criterion" in sent:
        return {"ticked": f"answer-{key}" in sent, "text": sent.get(f"answer-{key}-criterion", "")}
    rows: dict[int, dict[str, Any]] = {}
    for name, value in sent.items():
        if found := re.fullmatch(rf"answer-{re.escape(key)}-(\d{{1,2}})-(\w+)", name):
            rows.setdefault(int(found[1]), {})[found[2]] = value
    return [rows[n] for n in sorted(rows)] if rows else sent.get(f"answer-{key}", "")


class Attach(Form):
    """The question that a file answers; the file is sent beside it."""

    block: Key


class ContactNew(Form):
    """Somebody who will work on an application too."""

    mail: Mail
    name: Name
    organisation: OptionalName = ""


class Submit(Form):
    """The version of the form that was seen on the page to check."""

    version: Annotated[int, Field(ge=1)]


class AnswerOffer(Form):
    """Whether an offered place is accepted."""

    answer: Literal["accept", "decline"]


class ReviewerNew(Form):
    """Somebody to invite as a reviewer."""

    mail: Mail
    name: OptionalName = ""


class Assign(Form):
    """Applications for one reviewer, or the number of reviewers that each application gets."""

    applications: Annotated[list[Reference], Field(max_length=1000)] = []
    reviewer: Id | None = None
    each: Annotated[int, Field(ge=1, le=10)] | None = None


class Declare(Form):
    """Whether there is a conflict of interest."""

    conflict: bool


class ReviewSave(Form):
    """Scores by criterion, the remarks, and whether the review is finished."""

    scores: Annotated[dict[Key, Annotated[int, Field(ge=1, le=5)]], Field(max_length=30)] = {}
    for_applicant: Prose = ""
    for_reviewers: Prose = ""
    reason: Short = ""
    finish: Literal["", "done", "abstained"] = ""

    @model_validator(mode="before")
    @classmethod
    def collected(cls, sent: Any) -> Any:
        """Collect the fields `score-c4` of a form."""
        if not isinstance(sent, dict) or "scores" in sent:
            return sent
        scores = {
            name.removeprefix("score-"): value for name, value in sent.items() if name.startswith("score-") and value
        }
        return {**sent, "scores": scores}


class Propose(Form):
    """A proposed outcome, and what the meeting said."""

    outcome: Literal["none", "admit", "reserve", "refuse"] | None = None
    rank: Annotated[int, Field(ge=1, le=1000)] | None = None
    reason: Short | None = None
    shortlisted: bool | None = None
    note: Short | None = None


class EditMail(Form):
    """The mail that announces an outcome, and the version that was read."""

    subject: Required
    text: Annotated[str, Whole, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
    mail_version: Annotated[int, Field(ge=0)]
    ready: bool = False


class Send(Form):
    """The mails to send, each as `<reference>:<version that was read>`."""

    mails: Annotated[list[Annotated[str, StringConstraints(max_length=30)]], Field(max_length=1000)] = []


class Accept(Form):
    """The name of the partnership, what each organisation is, and the communities of its people."""

    name: Name
    matched: Annotated[list[Annotated[int, Field(ge=0, le=2**31 - 1)]], Field(max_length=30)]
    communities: Annotated[list[Line], Field(max_length=50)]


class Filters(Form):
    """Which applications the table shows."""

    state: Literal["", "draft", "submitted", "withdrawn"] = ""
    outcome: Literal["", "none", "admit", "reserve", "refuse"] = ""
    kind: Literal["", *ORGANISATION_KINDS] = ""  # type: ignore[valid-type]
    sort: Literal["median", "spread", "name", "received"] = "median"
    shortlisted: bool = False


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


class SavedAnswer(BaseModel):
    """The new version of an answer; `by` and `value` are of the one that it replaced, which was not seen."""

    version: int
    by: str = ""
    value: Any = None


class SavedOut(BaseModel):
    """Saved answers by block."""

    saved: dict[str, SavedAnswer]


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


class AttachmentOut(BaseModel):
    """An attached file in the API."""

    id: int
    block: str
    name: str
    size: int
    media_type: str


class ContactOut(BaseModel):
    """A contact in the API."""

    id: int
    name: str
    mail: str
    organisation: str
    is_lead: bool


class ReviewerOut(BaseModel):
    """A reviewer in the API."""

    id: int
    name: str
    ended: datetime | None

    @model_validator(mode="before")
    @classmethod
    def of(cls, row: Any) -> Any:
        """Return the fields of a row."""
        return row if isinstance(row, dict) else {"id": row.id, "name": row.person.name, "ended": row.ended}


class Assigned(BaseModel):
    """How many reviews were assigned."""

    assigned: int


class ReviewOut(BaseModel):
    """A review in the API, as its reviewer sees it; the application stays closed until a conflict is denied."""

    id: int
    reference: str
    title: str
    state: str
    suggested: bool
    scores: dict[str, int]
    for_applicant: str
    for_reviewers: str
    answers: dict[str, Any] | None = None
    others: list[dict[str, Any]] | None = None


class QueueOut(BaseModel):
    """The reviews that are assigned to the viewer."""

    items: list[ReviewOut]


class DecisionOut(BaseModel):
    """A proposed decision in the API."""

    reference: str
    outcome: str
    rank: int | None
    reason: str
    note: str
    shortlisted: bool
    subject: str
    text: str
    mail_state: str
    mail_version: int

    @model_validator(mode="before")
    @classmethod
    def of(cls, row: Any) -> Any:
        """Return the fields of a row."""
        if isinstance(row, dict):
            return row
        names = cls.model_fields.keys() - {"reference"}
        return {"reference": row.application.reference, **{name: getattr(row, name) for name in names}}


class Sent(BaseModel):
    """The references of the applications whose outcome was announced."""

    sent: list[str]


class AcceptedOut(BaseModel):
    """The partnership that an application became."""

    partnership: int
    url: str


class TableRow(BaseModel):
    """An application in the team's table."""

    reference: str
    title: str
    state: str
    kinds: list[str]
    region: str
    submitted: datetime | None
    median: float | None
    spread: float | None
    done: int
    assigned: int
    outcome: str


class TableOut(BaseModel):
    """The team's table of a call."""

    items: list[TableRow]
    composition: dict[str, int]
