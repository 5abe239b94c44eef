"""The clock: moments are stored in UTC and shown in the time of Amsterdam."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_shift = timedelta(0)


def now() -> datetime:
    """Return the current moment, aware, in UTC."""
    return datetime.now(UTC) + _shift


def epoch() -> float:
    """Return the seconds since 1970 of the machine, which no shift changes: for libraries that compare with them."""
    return datetime.now(UTC).timestamp()


def shift(by: timedelta) -> None:
    """Shift the clock of this process, for tests of terms and deadlines; `timedelta(0)` resets it."""
    global _shift
    _shift = by


def local(moment: datetime) -> datetime:
    """Return `moment` in the time of Amsterdam."""
    return moment.astimezone(AMSTERDAM)


def next_hour(after: datetime, hour: int, weekdays: Collection[int] = range(7)) -> datetime:
    """Return the next moment after another at which it is this hour in Amsterdam, on one of these days (0 is Monday)."""
    begin = local(after)
    moment = begin.replace(hour=hour, minute=0, second=0, microsecond=0)
    while moment <= begin or moment.weekday() not in weekdays:
        moment += timedelta(days=1)
    return moment


def from_local(moment: datetime) -> datetime:
    """Return a moment without a zone, read as the time of Amsterdam.

    Raise ValueError for an hour that summer time skips or repeats: zoneinfo would silently choose one.
    """
    first, second = (moment.replace(tzinfo=AMSTERDAM, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise ValueError("an hour that summer time skips or repeats")
    return first.astimezone(UTC)


def whole_days(starts: datetime, ends: datetime) -> tuple[date, date] | None:
    """Return the first and the last date in Amsterdam of a time from midnight to midnight, None for any other."""
    first, after = local(starts), local(ends)
    if starts >= ends or any(moment.time() != time.min for moment in (first, after)):
        return None
    return first.date(), after.date() - timedelta(days=1)


def last_date(ends: datetime) -> date:
    """Return the date in Amsterdam of the last moment before `ends`."""
    return local(ends - timedelta(microseconds=1)).date()


def dates(starts: datetime, ends: datetime) -> Iterator[date]:
    """Yield the dates in Amsterdam that a time touches; of one that ends before it starts, the first."""
    first = day = local(starts).date()
    while day == first or day <= last_date(ends):
        yield day
        day += timedelta(days=1)


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins in Amsterdam."""
    return from_local(datetime(day.year, day.month, day.day))


def rfc3339(moment: datetime) -> str:
    """Return `moment` for programs: RFC 3339, UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def today() -> date:
    """Return today's date in Amsterdam."""
    return _day(now().replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=4)
def _day(hour: datetime) -> date:
    """Return the date in Amsterdam at a whole hour of UTC; cached, because every request asks for it."""
    return local(hour).date()
