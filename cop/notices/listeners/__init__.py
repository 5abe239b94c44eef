"""Listeners of notices: they turn the events of other features into notices and mail."""

from cop.notices.listeners import (
    access,
    bookmarks,
    bulletins,
    curation,
    documents,
    experts,
    flags,
    guidance,
    meetings,
    minutes,
    outcomes,
    phases,
    roles,
    rulings,
    texts,
    threads,
)

__all__ = [
    "access",
    "bookmarks",
    "bulletins",
    "curation",
    "documents",
    "experts",
    "flags",
    "guidance",
    "meetings",
    "minutes",
    "outcomes",
    "phases",
    "roles",
    "rulings",
    "texts",
    "threads",
]
