"""The verbs of curation: on two threads, on the pace of one, and on notes."""

from cop.curation.actions.closing import close_at, keep_open, mark_duplicate, slow, unmark_duplicate, unslow
from cop.curation.actions.merging import merge, unmerge
from cop.curation.actions.splitting import move_posts, split

__all__ = [
    "close_at",
    "keep_open",
    "mark_duplicate",
    "merge",
    "move_posts",
    "slow",
    "split",
    "unmark_duplicate",
    "unmerge",
    "unslow",
]
