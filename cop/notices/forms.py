"""What the doors of notices take and give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, model_validator

from cop.base import clock
from cop.base.forms import Form, Id


class Choose(Form):
    """How to hear of each kind."""

    mention: Literal["once", "daily", "never"] = "once"
    answer: Literal["once", "daily", "never"] = "once"
    digest: Literal["daily", "never"] = "daily"


class Read(Form):
    """Which notice was read; none named: all."""

    notice: Id | None = None


class After(Form):
    """Which stretch of the list."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class NoticeOut(BaseModel):
    """A notice for programs."""

    id: int
    kind: str = "notice"
    reason: str
    title: str
    url: str
    times: int
    at: str
    read: bool

    @model_validator(mode="before")
    @classmethod
    def of(cls, row: Any) -> Any:
        """From a row of `models.listed`."""
        if isinstance(row, dict):
            return row
        return {"id": row.id, "reason": row.reason, "title": row.title, "url": address(row), "times": row.times,
                "at": clock.rfc3339(row.at), "read": row.read is not None}


def address(row: Any) -> str:
    """Where a notice leads: the exact post or message."""
    if row.place_kind == "thread":
        return f"/threads/{row.place_id}" if row.thing_id == row.place_id else f"/posts/{row.thing_id}"
    if row.place_kind == "room":
        return f"/messages/{row.thing_id}"
    return f"/files/{row.place_id}"
