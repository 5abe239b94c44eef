"""Actions of people who leave: they go to the successor; without one nobody owns them, and the desk shows that."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.base.events import on
from cop.base.words import n_
from cop.leaving.handovers import Handover, handover_preview
from cop.outcomes import actions
from cop.outcomes.models import Outcome
from cop.society.events import PersonLeft
from cop.society.people import Person


@on("people.leave", "people.hand_over")
def taken_over(event: PersonLeft) -> None:
    """Give the successor the open actions in what they took over, and note which: coming back returns them."""
    if event.successor is None:
        return
    given = []
    for outcome in _open_of(event.member):
        if _takes_part(event.successor, outcome) and not _takes_part(event.member, outcome):
            actions.hand_over(access.SYSTEM, outcome, owner=event.successor, by=event.person)
            given.append(outcome.id)
    departure = event.result
    departure.given = {**(departure.given or {}), "actions": given}


@handover_preview
def to_be_taken_over(handover: Handover) -> list[str]:
    """Say how many open actions go to the successor, and how many nobody owns afterwards."""
    goes = left = 0
    for audience, number in Counter(outcome.audience_id for outcome in _open_of(handover.leaver.id)).items():
        if handover.leaver_stays(audience):
            continue
        if handover.successor_takes_part(audience):
            goes += number
        else:
            left += number
    said = []
    if goes:
        words = n_(
            "%(n)s open actie gaat naar %(name)s.", "%(n)s open acties gaan naar %(name)s.", goes, name=handover.named
        )
        said.append(words)
    if left:
        said.append(
            n_(
                "%(n)s open actie is daarna van niemand. Het team ziet dat en kiest wie die overneemt.",
                "%(n)s open acties zijn daarna van niemand. Het team ziet dat en kiest wie die overneemt.",
                left,
            )
        )
    return said


@on("people.come_back")
def came_back(event: PersonLeft) -> None:
    """Return the actions that are still open and still with the successor."""
    given = (event.result.given or {}).get("actions", [])
    for outcome in _open_of(event.successor) if event.successor is not None and given else []:
        if outcome.id in given:
            actions.hand_over(access.SYSTEM, outcome, owner=event.member, by=event.person)


def _open_of(owner: int) -> list[Outcome]:
    found = select(Outcome).where(Outcome.owner_id == owner, Outcome.status == "open", Outcome.state == "live")
    return list(db.session.scalars(found.order_by(Outcome.id)))


def _takes_part(person: int, outcome: Outcome) -> bool:
    here = select(Person.id).where(Person.id == person, access.readers_of(outcome.audience_id))
    return db.session.scalar(here) is not None
