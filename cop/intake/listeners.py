"""Listeners of this feature: entering ends the possibility to undo an acceptance, and undoing removes what it made."""

from __future__ import annotations

from sqlalchemy import func, select

from cop.base.db import db
from cop.base.words import n_
from cop.intake.models import Call
from cop.society.audience import Audience
from cop.things.removal import counted


@counted
def calls_of(audience_id: int) -> list[str]:
    """Return how many calls a programme has, in words."""
    programme = select(Audience.programme_id).where(Audience.id == audience_id).scalar_subquery()
    n = db.session.scalar(select(func.count()).select_from(Call).where(Call.programme_id == programme))
    return [n_("%(n)s oproep", "%(n)s oproepen", n)] if n else []
