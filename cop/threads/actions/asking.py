"""Verbs for what the form of a new thread asks."""

from __future__ import annotations

from cop.base.action import action
from cop.society.people import Person
from cop.society.programmes import Community


@action("communities.set_form")
def set_form(
    person: Person, community: Community, *, kind: str, situation: str = "", tried: str = "", wanted: str = ""
) -> Community:
    """Ask these questions of who starts a thread of this kind; an empty one is not asked."""
    community.asked = {**community.asked, kind: {"situation": situation, "tried": tried, "wanted": wanted}}
    return community


@action("communities.drop_form")
def drop_form(person: Person, community: Community, *, kind: str) -> Community:
    """Ask for a text only."""
    community.asked = {name: labels for name, labels in community.asked.items() if name != kind}
    return community
