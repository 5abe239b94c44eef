"""Input and output models of the endpoints of uses."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cop.base import clock
from cop.base.forms import LARGEST_ID, Form, Line, Lines, Out, Required
from cop.uses.models import LONGEST, PAGE, Outcome, UseKind, UseRow

Changed = Annotated[Lines, Field(max_length=LONGEST)]
Chosen = Annotated[int, Field(ge=0, le=LARGEST_ID, description="id of a partnership; 0 for none")]


class Report(Form):
    """What something was used for, what was changed, and for which partnership."""

    purpose: Required
    changed: Changed = ""
    partnership: Chosen = 0


class Edit(Form):
    """Changes to a use; what is left out stays."""

    purpose: Required = ""
    changed: Changed = ""
    partnership: Chosen = 0


class Answers(Form):
    """The title of the question that something answers."""

    title: Required


class FollowUp(Form):
    """What came of a use; it replaces an earlier answer."""

    outcome: Outcome
    remark: Line = ""


class ChosenOutcome(Form):
    """The answer whose button was pressed in the mail."""

    outcome: Outcome | Literal[""] = ""


class Listing(Form):
    """A page of the uses of something."""

    after: Line = ""
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class UseOut(Out):
    """A use in the API; `person` is "" for somebody who left without their name, `outcome` until it is known."""

    id: int
    kind: str = "use"
    use_kind: UseKind
    url: str
    thing: str
    purpose: str
    changed: str
    at: str
    state: Literal["standing", "withdrawn"]
    person_id: int
    person: str
    organisation_id: int | None
    organisation: str
    partnership_id: int | None
    partnership: str
    outcome: Outcome | Literal[""]
    remark: str
    outcome_at: str | None

    @classmethod
    def of(cls, row: UseRow) -> dict[str, Any]:
        """Return the fields of a use."""
        same = (
            "id",
            "url",
            "purpose",
            "changed",
            "person_id",
            "organisation_id",
            "partnership_id",
            "outcome",
            "remark",
        )
        return {
            **{name: getattr(row, name) for name in same},
            "use_kind": row.kind,
            "thing": row.thing_url,
            "at": clock.rfc3339(row.at),
            "state": "withdrawn" if row.withdrawn else "standing",
            "person": row.person_name,
            "organisation": row.organisation_name or "",
            "partnership": row.partnership_name or "",
            "outcome_at": clock.rfc3339(row.outcome_at) if row.outcome_at else None,
        }
