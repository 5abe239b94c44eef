"""The kind of things in this feature: cards of guidance."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from cop.base.db import db
from cop.base.words import _
from cop.guidance.models import CARD, THING, Card
from cop.things import Change, Kind, Thing, ThingLink, kinds

NAMED = {"title", "state", "number", "status"}  # what the page of a source says of guidance that it is used in


def sources(change: Change) -> Iterable[Thing]:
    """Return the posts and messages that say in which guidance they are used."""
    if isinstance(change.thing, Card) and change.names & NAMED:
        used = select(ThingLink.to_id).where(ThingLink.from_id == change.thing.id, ThingLink.kind == "guidance")
        yield from db.session.scalars(select(Thing).where(Thing.id.in_(used)).order_by(Thing.id))


# Only what was adopted is found.
_CARDS = (
    select(THING.c.id.label("thing_id"), THING.c.kind, THING.c.title, CARD.c.plain)
    .select_from(THING.join(CARD, CARD.c.id == THING.c.id))
    .where(CARD.c.number > 0)
)

CARDS = kinds.register(
    Kind(
        Card,
        path="/guidance",
        icon="guidance",
        noun=lambda: _("Handreiking"),
        plural=lambda: _("Handreikingen"),
        dependents=sources,
        index=_CARDS,
        index_names=frozenset({"title", "plain", "number"}),
        typed="handreiking handreikingen guidance",
        also=("guidance",),
        rank=2,
        usable=True,
    )
)
