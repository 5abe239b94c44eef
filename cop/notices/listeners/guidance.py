"""Guidance events: notify its reviewer, its owner and those who contributed; nobody about guidance that was removed."""

from __future__ import annotations

from typing import cast

from cop.base.events import Event, on
from cop.notices import notifying
from cop.notices.models import NoticeReason
from cop.things.events import GuidanceNoted


@on(GuidanceNoted)
def noted(event: GuidanceNoted) -> None:
    """Notify the people of the event, with its reason."""
    if not event.people:
        return
    card = getattr(event.result, "card", event.result)  # of a comment or source, its card
    notifying.notify(
        event.people,
        cast(NoticeReason, event.why),
        place=card.id,
        thing=card.id,
        actor=event.person.id,
        audience=card.audience_id,
    )


@on("guidance.remove")
def removed(event: Event) -> None:
    """Remove the notices about guidance that was removed."""
    notifying.remove_for_place(event.thing)
