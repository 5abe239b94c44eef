"""Input and output models of the endpoints of experts."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from cop.base import clock
from cop.base.forms import Considered, Day, Form, Id, Key, Line, Lines, Mail, OptionalName, Out, Required, Written
from cop.experts.models import LONGEST, PAGE, GuestRow, Reason, RequestRow, State


def _chosen(value: Any) -> Any:
    """Read a field that was left empty as nothing."""
    return None if isinstance(value, str) and not value.strip() else value


ChosenId = Annotated[Id | None, BeforeValidator(_chosen)]


class Ask(Form):
    """Whom to ask: an expert, else whoever knows the theme, else any expert."""

    theme: Line = ""
    expert: ChosenId = None


class AskNew(Written, Considered):
    """A new question, and whom to ask."""

    title: Required
    client_id: Key | None = None
    theme: Line = ""
    expert: ChosenId = None


class Decline(Form):
    """Why an expert does not answer: no time, not their field, or another reason in words."""

    reason: Reason
    word: Annotated[Lines, Field(max_length=LONGEST)] = ""


class HandOn(Form):
    """The colleague who gets the question."""

    expert: Id


class Answer(Written, Considered):
    """The answer of an expert, by the link in the mail."""

    client_id: Key | None = None


class InviteGuest(Form):
    """Whom to invite to a single thread, and until which day; somebody who has an account needs no name."""

    mail: Mail
    name: OptionalName = ""
    until: Day
    organisation: ChosenId = None


class ExtendGuest(Form):
    """Another last day."""

    until: Day


class Answers(Form):
    """A page of the answers of an expert; `after`: the id of the last one of the page before."""

    after: ChosenId = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class ExpertOut(BaseModel):
    """The expert who has a request or answered it."""

    id: int
    name: str
    organisation: str | None


class RequestOut(Out):
    """A request in the API. ahead: how many go before it in the queue; due: the day by which an answer is expected."""

    id: int
    kind: str = "expert_request"
    url: str
    thread: int
    title: str
    theme: str
    state: State
    expert: ExpertOut | None
    ahead: int
    due: str | None
    asked_at: str
    answer: int | None

    @classmethod
    def of(cls, row: RequestRow) -> dict[str, Any]:
        """Return the fields of a request."""
        same = ("id", "url", "title", "theme", "state", "ahead")
        expert = None
        if row.expert_id is not None:
            expert = ExpertOut(id=row.expert_id, name=row.expert_name or "", organisation=row.expert_organisation)
        return {
            **{name: getattr(row, name) for name in same},
            "thread": row.thread_id,
            "expert": expert,
            "due": row.due.isoformat() if row.due else None,
            "asked_at": clock.rfc3339(row.made),
            "answer": row.post_id,
        }


class GuestOut(Out):
    """A guest of a thread."""

    id: int
    kind: str = "guest"
    person: int
    name: str
    role: str
    until: str | None

    @classmethod
    def of(cls, row: GuestRow) -> dict[str, Any]:
        """Return the fields of a guest."""
        until = row.until.isoformat() if row.until else None
        return {"id": row.id, "person": row.person_id, "name": row.name, "role": row.role, "until": until}
