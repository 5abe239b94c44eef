"""The draft of Monday morning, and what goes with a programme or a community that is removed."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table, delete, exists, func, select

from cop import access
from cop.base import jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.words import n_
from cop.bulletins import actions
from cop.bulletins.drafting import happened, since_when
from cop.bulletins.models import BULLETIN, THING, Bulletin, newest_draft
from cop.society.memberships import TeamMember
from cop.society.programmes import Programme
from cop.things import Body, Follow, Thing
from cop.things.removal import before_removal, counted


@jobs.job("bulletins.weekly")
def weekly() -> None:
    """Draft the bulletin of each programme with a team, unless one waits or nothing happened."""
    led = exists().where(TeamMember.programme_id == Programme.id)
    for id in db.session.scalars(select(Programme.id).where(Programme.phase != "archive", led)).all():
        _draft(id)


def _draft(programme_id: int) -> None:
    with transaction():
        # Locked, so that a job that runs twice finds the draft of the first.
        programme = db.session.scalar(select(Programme).where(Programme.id == programme_id).with_for_update())
        if programme is None or db.session.scalar(select(newest_draft(programme_id))) is not None:
            return
        groups = happened(programme, programme.audience_id, since_when(programme.audience_id))
        if any(group.news for group in groups):
            actions.draft(access.SYSTEM, programme)


@counted
def sent_bulletins(audience_id: int) -> list[str]:
    """Return how many bulletins were sent to an audience, in words."""
    n = db.session.scalar(
        select(func.count())
        .select_from(BULLETIN.join(THING, THING.c.id == BULLETIN.c.id))
        .where(THING.c.audience_id == audience_id, BULLETIN.c.sent.is_not(None))
    )
    return [n_("%(n)s weekbericht", "%(n)s weekberichten", n)] if n else []


@before_removal
def remove_drafts(audience_id: int) -> None:
    """Delete the drafts for an audience that is removed; what was sent would have prevented it."""
    ids = list(db.session.scalars(select(Thing.id).where(Thing.kind == "bulletin", Thing.audience_id == audience_id)))
    for table, column in (
        (Follow, Follow.thing_id),
        (Body, Body.thing_id),
        (Bulletin, BULLETIN.c.id),
        (Thing, THING.c.id),
    ):
        rows = delete(cast(Table, table.__table__)).where(column.in_(ids))
        db.session.execute(rows, execution_options={"changes": ()})
