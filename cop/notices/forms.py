"""Input and output models of the endpoints of notices."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from cop.base import clock
from cop.base.forms import Form, Id, Out
from cop.notices.models import NoticeReason
from cop.things import kinds


class Choose(Form):
    """The choice of mail for each kind: at once, daily or never."""

    mention: Literal["once", "daily", "never"] = "once"
    answer: Literal["once", "daily", "never"] = "once"
    digest: Literal["daily", "never"] = "daily"


class Read(Form):
    """The notice that was read; without one, all."""

    notice: Id | None = None


class After(Form):
    """A page of the list."""

    after: Annotated[str, Field(max_length=40)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class NoticeOut(Out):
    """A notice in the API."""

    id: int
    kind: str = "notice"
    reason: NoticeReason
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
            "url": kinds.url(row.thing_kind, row.thing_id),
            "at": clock.rfc3339(row.at),
            "read": row.read is not None,
        }


class UnreadOut(BaseModel):
    """The number of unread notices."""

    unread: int
