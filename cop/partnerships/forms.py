"""Input and output models of the endpoints of partnerships."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from cop.base.forms import Form, Ids, Name, Whole

Prose = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=4000)]


class PartnershipNew(Form):
    """A partnership to record."""

    name: Name
    challenge: Prose = ""
    organisations: Ids = []
    people: Ids = []


class PartnershipEdit(Form):
    """Changes to a partnership."""

    name: Name = ""
    challenge: Prose = ""
    organisations: Ids = []
    people: Ids = []


class PartnershipOut(BaseModel):
    """A partnership in the API."""

    id: int
    name: str
    url: str
    challenge: str
