"""Listeners of partnerships: disconnect those who lost access."""

from __future__ import annotations

from cop.base import live
from cop.base.events import after
from cop.society.events import PartnershipChanged


@after("partnerships.edit", "partnerships.remove")
def cut_partners(event: PartnershipChanged) -> None:
    """Remove those who left a partnership from the live places they may no longer join."""
    for person in event.removed:
        live.recheck_person(person)
