"""The job that asks the owners of adopted guidance whether it still holds, when its date comes near."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select, update

from cop import access
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.guidance.mailing import write_to_owner
from cop.guidance.models import CARD, Card
from cop.society.people import Person

BEFORE = timedelta(days=14)  # the date


@jobs.job("guidance.remind")
def remind() -> None:
    """Ask each owner once for each date, in programmes that are not in the archive."""
    today = clock.today()
    due = select(Card.id).where(
        Card.state == "live",
        Card.status == "adopted",
        Card.review_by <= today + BEFORE,
        Card.reminded.is_distinct_from(Card.review_by),
        Card.owner_id.is_not(None),
    )
    for id in db.session.scalars(due.order_by(Card.review_by, Card.id)).all():
        with transaction():
            _remind(id, today)


def _remind(id: int, today: date) -> None:
    card = db.session.get_one(Card, id)
    owner = db.session.get(Person, card.owner_id)
    if card.review_by is None or card.review_by > today + BEFORE or owner is None or not owner.is_active:
        return
    access.drop_cached_rights(owner)
    if access.rights(owner).role(card.audience_id) is None or access.rights(owner).archived(card):
        return
    # The row is written first: of two jobs at once only one finds that it was not done.
    noted = update(CARD).where(
        CARD.c.id == id,
        CARD.c.status == "adopted",
        CARD.c.review_by == card.review_by,
        CARD.c.reminded.is_distinct_from(CARD.c.review_by),
    )
    if db.session.connection().execute(noted.values(reminded=card.review_by)).rowcount:
        db.session.refresh(card)
        write_to_owner(card, owner)
