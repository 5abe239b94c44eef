"""Outcome events: notify somebody who got an action, and nobody about one that was removed."""

from __future__ import annotations

from cop.base.events import Event, on
from cop.notices import notifying
from cop.things.events import ActionAssigned


@on(ActionAssigned)
def assigned(event: ActionAssigned) -> None:
    """Notify the person who got an action from somebody else; its mail is written with it."""
    outcome = event.result
    notifying.notify(
        [event.assigned],
        "action",
        place=outcome.id,
        thing=outcome.id,
        actor=event.person.id,
        audience=outcome.audience_id,
    )


@on("outcomes.remove")
def removed(event: Event) -> None:
    """Remove the notices about an outcome that was removed."""
    notifying.remove_for_place(event.thing)
