"""The one clock: everything is stored in UTC and shown in Amsterdam."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_shift = timedelta(0)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC) + _shift


def shift(by: timedelta) -> None:
    """Moves the clock of this process, for tests of terms and deadlines; `timedelta(0)` puts it back."""
    global _shift
    _shift = by


def local(moment: datetime) -> datetime:
    """`moment` as people here read it on the wall."""
    return moment.astimezone(AMSTERDAM)


def rfc3339(moment: datetime) -> str:
    """`moment` for machines: RFC 3339, UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def today() -> date:
    """The day it is here."""
    return _day(now().replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=4)
def _day(hour: datetime) -> date:
    """The day at a whole hour of UTC, at one of which it turns; asked with every request."""
    return local(hour).date()
