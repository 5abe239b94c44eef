"""The spine: what everything readable has in common, what hangs on it, and what a reader has in it."""

from cop.things.linking import ThingLink, attach, attachments, visible_sources
from cop.things.pager import NEWEST, KeysetPager
from cop.things.reacting import REACTIONS, Reaction, react, reactions, reactors
from cop.things.reader import (
    Draft,
    Follow,
    Mark,
    Mine,
    as_mine,
    draft_of,
    drop_draft,
    mark,
    mine,
    mine_of,
    save_draft,
    unposted,
)
from cop.things.spine import Author, Thing, add, as_read, changed_since, find_by_client_id, next_seq, reading, sign

__all__ = [
    "NEWEST",
    "REACTIONS",
    "Author",
    "Draft",
    "Follow",
    "KeysetPager",
    "Mark",
    "Mine",
    "Reaction",
    "Thing",
    "ThingLink",
    "add",
    "as_mine",
    "as_read",
    "attach",
    "attachments",
    "changed_since",
    "draft_of",
    "drop_draft",
    "find_by_client_id",
    "mark",
    "mine",
    "mine_of",
    "next_seq",
    "react",
    "reactions",
    "reactors",
    "reading",
    "save_draft",
    "sign",
    "unposted",
    "visible_sources",
]
