"""Access was lost: notices, follows and waiting mail of that community go with it."""

from __future__ import annotations

from sqlalchemy import delete

from cop.base.action import Told, on
from cop.base.db import db
from cop.base.mail import Letter
from cop.notices.models import Notice, forget_community


@on("members.remove", "members.expire", "members.revoke")
def left(told: Told) -> None:
    """Who no longer takes part is told nothing more of that community, not even what was on its way."""
    member, community = told.details["member"], told.thing.community_id
    forget_community(member, community)
    _unsent(member)


@on("people.deactivate")
def deactivated(told: Told) -> None:
    """Who was deactivated hears nothing more."""
    db.session.execute(delete(Notice).where(Notice.person_id == told.thing.id))
    _unsent(told.thing.id)


def _unsent(person: int) -> None:
    db.session.execute(delete(Letter).where(
        Letter.person_id == person, Letter.state == "waiting", Letter.kind.startswith("notices/")))
