"""Input and output models of the endpoints of applications."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from cop.base.forms import Form, Line, Mail, Name, OptionalName, Secret, Unjudged, Whole
from cop.intake.forms import Key


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
    code: Annotated[str, Whole, StringConstraints(max_length=20), Unjudged()] = ""


class EntryQuery(Form):
    """The key of a link in a mail."""

    key: Secret = ""


class Answers(Form):
    """Answers by block, with the version of each that was seen; `then` is where a form goes on."""

    answers: Annotated[
        dict[Key, Any], Field(max_length=200), Unjudged()
    ] = {}  # `save` judges them with their questions
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


class Accept(Form):
    """The name of the partnership, what each organisation is, and the communities of its people."""

    name: Name
    matched: Annotated[list[Annotated[int, Field(ge=0, le=2**31 - 1)]], Field(max_length=30)]
    communities: Annotated[list[Line], Field(max_length=50)]


class SavedAnswer(BaseModel):
    """The new version of an answer; `by` and `value` are of the one that it replaced, which was not seen."""

    version: int
    by: str = ""
    value: Any = None


class SavedOut(BaseModel):
    """Saved answers by block."""

    saved: dict[str, SavedAnswer]


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


class AcceptedOut(BaseModel):
    """The partnership that an application became."""

    partnership: int
    url: str
