"""Months of the calendar page."""

from __future__ import annotations

from calendar import Calendar
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cop.base import clock

FIRST_YEAR, LAST_YEAR = 2000, 2099
WEEKS = Calendar()  # that begin on Monday


class Month(NamedTuple):
    """A month of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, key: str) -> Month:
        """Return the month of a key such as `2017-12`; raise ValueError for anything else."""
        day = datetime.strptime(key, "%Y-%m")
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(f"no month between {FIRST_YEAR} and {LAST_YEAR}")
        return cls.of(day)

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    @property
    def begins(self) -> datetime:
        """Its first moment in Amsterdam."""
        return clock.from_local(datetime(self.year, self.number, 1))

    @property
    def ends(self) -> datetime:
        """The first moment of the month after it."""
        after = self.last + timedelta(days=1)
        return clock.from_local(datetime(after.year, after.month, 1))

    @property
    def previous(self) -> Month | None:
        """The month before it, None at the beginning of the calendar."""
        before = Month.of(self.first - timedelta(days=1))
        return before if before.year >= FIRST_YEAR else None

    @property
    def next(self) -> Month | None:
        """The month after it, None at the end of the calendar."""
        after = Month.of(self.last + timedelta(days=1))
        return after if after.year <= LAST_YEAR else None

    @property
    def weeks(self) -> list[list[date]]:
        """Its weeks from Monday to Sunday, with the days around it that complete them."""
        return WEEKS.monthdatescalendar(self.year, self.number)
