"""The kind of things in this feature: outcomes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from cop.base.db import db
from cop.base.words import _
from cop.outcomes.models import LINK, OUTCOME, THING, Outcome
from cop.things import Change, Kind, Thing, ThingLink, kinds


def sources(change: Change) -> Iterable[Thing]:
    """Return the message or post that shows a changed outcome."""
    if isinstance(change.thing, Outcome) and change.names & {"title", "state"}:
        source = select(ThingLink.to_id).where(ThingLink.from_id == change.thing.id, ThingLink.kind == LINK)
        yield from db.session.scalars(select(Thing).where(Thing.id.in_(source)))


OUTCOMES = kinds.register(
    Kind(
        Outcome,
        path="/outcomes",
        icon="flag",
        noun=lambda: _("Opbrengst"),
        plural=lambda: _("Opbrengsten"),
        dependents=sources,
        index=select(
            THING.c.id.label("thing_id"), THING.c.kind, THING.c.title, OUTCOME.c.text.label("plain")
        ).select_from(THING.join(OUTCOME, OUTCOME.c.id == THING.c.id)),
        index_names=frozenset({"title", "text"}),
        typed="opbrengst opbrengsten besluit besluiten actie acties outcome outcomes decision decisions action actions",
    )
)
