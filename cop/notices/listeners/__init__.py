"""Listeners of notices: they turn the events of other features into notices and mail."""

from cop.notices.listeners import (
    access,
    bookmarks,
    bulletins,
    documents,
    flags,
    meetings,
    minutes,
    outcomes,
    phases,
    roles,
    texts,
    threads,
)

__all__ = [
    "access",
    "bookmarks",
    "bulletins",
    "documents",
    "flags",
    "meetings",
    "minutes",
    "outcomes",
    "phases",
    "roles",
    "texts",
    "threads",
]
