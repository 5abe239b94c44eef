"""The rows of a list of threads as HTML: cached for everybody, with the marks of the reader added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from cop.base import clock
from cop.base.web.pages import part, part_skeleton
from cop.threads.models import ListedThread


def rows_html(rows: Iterable[ListedThread]) -> bytes:
    """Return the rows of a list as HTML."""
    now, today = clock.now(), clock.today()
    return b"".join(_row(row, now, today) for row in rows)


def _row(row: ListedThread, now: datetime, today: date) -> bytes:
    # Everything that a row shows raises the version of its thread, except the time that has passed and the names of people,
    # whose version is part of every key.
    key = (row.id, row.version, today, _age(now, row.last_at))
    skeleton = part_skeleton("threads/_row.html", key, lambda: {"thread": row})
    mark = row.mark or 0
    if row.last_post <= mark:
        return skeleton.filled({"unread": "", "from": "", "new": ""})
    return skeleton.filled(
        {
            "unread": " is-unread",
            "from": f"?after={max(mark - 3, 0)}#first-unread" if mark else "",
            "new": part("threads/_new.html", (row.new,), lambda: {"new": row.new}),
        }
    )


def _age(now: datetime, then: datetime) -> int:
    """Return a number that changes whenever the words for the time since then may: by half minutes, later by 12 minutes."""
    seconds = int((now - then).total_seconds())
    return seconds // 720 if seconds >= 7200 else -1 - seconds // 30
