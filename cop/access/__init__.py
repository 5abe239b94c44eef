"""Access: the rights of people, the rule table of verbs, and the visibility of rows."""

from cop.access.desk import DeskItem, DeskQueue, desk_queue, desk_queues
from cop.access.rights import (
    CURATORS,
    SYSTEM,
    WRITERS,
    AudienceRow,
    Rights,
    System,
    audience,
    drop_cached_rights,
    rights,
)
from cop.access.rules import RULES, Rule, allowed, judge, may
from cop.access.viewer import viewer
from cop.access.visibility import (
    VisibleQuery,
    bound_rights,
    find,
    find_row,
    people_visible,
    place,
    rows,
    things_visible,
    visible_to,
)
from cop.society.memberships import readers_of

__all__ = [
    "CURATORS",
    "RULES",
    "SYSTEM",
    "WRITERS",
    "AudienceRow",
    "DeskItem",
    "DeskQueue",
    "Rights",
    "Rule",
    "System",
    "VisibleQuery",
    "allowed",
    "audience",
    "bound_rights",
    "desk_queue",
    "desk_queues",
    "drop_cached_rights",
    "find",
    "find_row",
    "judge",
    "may",
    "people_visible",
    "place",
    "readers_of",
    "rights",
    "rows",
    "things_visible",
    "viewer",
    "visible_to",
]
