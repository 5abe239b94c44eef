"""Input and output models of the endpoints of bookmarks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cop.base import clock
from cop.base.forms import Day, Form, Line, Lines, Out
from cop.bookmarks.models import LONGEST, PAGE, BookmarkRow


def _chosen(value: Any) -> Any:
    """Read a field that was left empty as nothing."""
    return None if isinstance(value, str) and not value.strip() else value


class Keep(Form):
    """A note for oneself, and the day of a reminder; none for no reminder."""

    note: Annotated[Lines, Field(max_length=LONGEST)] = ""
    remind_on: Annotated[Day | None, BeforeValidator(_chosen)] = None


class Listing(Form):
    """A page of what one keeps, or what one is reminded of next."""

    show: Literal["", "reminders"] = ""
    after: Line = ""
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class BookmarkOut(Out):
    """A bookmark in the API; `thing` is the address of what is kept."""

    id: int
    kind: str = "bookmark"
    url: str
    thing: str
    title: str
    excerpt: str
    note: str
    remind_on: str | None
    made: str

    @classmethod
    def of(cls, row: BookmarkRow) -> dict[str, Any]:
        """Return the fields of a bookmark."""
        return {
            "id": row.id,
            "url": row.url,
            "thing": row.thing_url,
            "title": row.title,
            "excerpt": row.excerpt,
            "note": row.note,
            "remind_on": row.remind_on.isoformat() if row.remind_on else None,
            "made": clock.rfc3339(row.made),
        }
