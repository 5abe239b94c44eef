"""Input and output models of the endpoints of notices."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from cop.base import clock
from cop.base.forms import Day, Form, Id, Out, Unjudged
from cop.notices.models import FLAG, RULING, FlagReason, NoticeReason, PhaseReason, RoleReason, RulingReason
from cop.things import Level, kinds


class Choose(Form):
    """The choice of mail for each kind: at once, in the overview or never; when the overview is sent, 0 is Monday.

    bulletin: the weekly bulletin of a programme, which no overview repeats. flag: what came of something that one flagged.
    """

    mention: Literal["once", "daily", "never"] = "once"
    answer: Literal["once", "daily", "never"] = "once"
    bulletin: Literal["once", "never"] = "once"
    flag: Literal["once", "never"] = "once"
    digest: Literal["daily", "weekly", "never"] = "daily"
    weekday: Annotated[int, Field(ge=0, le=4)] | None = None


class Following(Form):
    """The page of this site to return to; without one, that of the thing."""

    next: Annotated[str, Field(pattern=r"^/([A-Za-z0-9?][A-Za-z0-9/?&=_.-]*)?$", max_length=500), Unjudged()] | None = (
        None
    )


def _chosen(value: Any) -> Any:
    """Read a field that was left empty as nothing."""
    return None if isinstance(value, str) and not value.strip() else value


class ChooseLevel(Form):
    """What to hear: all, important, digest or silent; nothing for no choice. until: the last day of it, none for good."""

    level: Annotated[Level | None, BeforeValidator(_chosen)]
    until: Annotated[Day | None, BeforeValidator(_chosen)] = None


class Read(Form):
    """The notice that was read; without one, all."""

    notice: Id | None = None


class Reopen(Form):
    """When the notices were marked as read, as the answer to marking them said."""

    at: AwareDatetime


class After(Form):
    """A page of the list, of all notices, the unread ones, or those of one sort."""

    show: Literal["all", "unread", "mention", "reply"] = "all"
    after: Annotated[str, Field(max_length=40)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class NoticeOut(Out):
    """A notice in the API."""

    id: int
    kind: str = "notice"
    reason: NoticeReason | RoleReason | PhaseReason | FlagReason | RulingReason
    title: str
    url: str
    times: int
    at: str
    read: bool

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a row of `models.listed`."""
        return {
            "id": row.id,
            "reason": row.reason,
            "title": row.title,
            "times": row.times,
            "url": f"/notices/{row.id}" if _elsewhere(row) else kinds.url(row.thing_kind, row.thing_id),
            "at": clock.rfc3339(row.at),
            "read": row.read is not None,
        }


def _elsewhere(row: Any) -> bool:
    """Return whether a notice leads to another page than that of its thing, which its reader may not see."""
    return row.thing_id is None or row.reason.startswith((FLAG, RULING))


class ReadOut(BaseModel):
    """When notices were marked as read, and how many."""

    at: str
    count: int


class UnreadOut(BaseModel):
    """The number of unread notices; 100 stands for that many or more."""

    unread: int
