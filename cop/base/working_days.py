"""Working days in the Netherlands, and days outside the school holidays of a region."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

REGIONS = {"north": "Noord", "middle": "Midden", "south": "Zuid"}  # of school holidays, as the library calls them
HOLIDAY_LANGUAGES = {"nl": "nl", "en": "en_US"}
DAY = timedelta(days=1)


@lru_cache(maxsize=32)
def holidays(year: int) -> frozenset[date]:
    """Return the public and optional holidays of a year.

    5 May counts every year, and Good Friday too (Algemene termijnenwet, article 3).
    """
    return frozenset(holiday_names(year))


@lru_cache(maxsize=32)
def holiday_names(year: int, language: str = "nl") -> Mapping[date, str]:
    """Return the names of the holidays of a year, in Dutch or English."""
    return _days(year, categories=("public", "optional"), language=HOLIDAY_LANGUAGES[language])


@lru_cache(maxsize=32)
def school_holidays(region: str, year: int) -> frozenset[date]:
    """Return the days of the school holidays of a region; none for years that the library does not know."""
    return frozenset(_days(year, subdiv=REGIONS[region], categories=("school",), language="nl"))


def _days(year: int, **options: Any) -> dict[date, str]:
    from holidays import country_holidays  # large, and needed by few requests

    return dict(country_holidays("NL", years=year, **options))


def is_working_day(day: date, free: Collection[date] = ()) -> bool:
    """Return whether people work on a day; `free` are days off besides the holidays."""
    return day.weekday() < 5 and day not in holidays(day.year) and day not in free


def working_days_before(today: date, number: int, free: Collection[date] = ()) -> date:
    """Return the last day that is at least `number` working days before `today`; the day itself does not count."""
    return _back(today, number, lambda day: is_working_day(day, free))


def working_days_after(day: date, number: int, free: Collection[date] = ()) -> date:
    """Return the day on which `number` working days have passed since `day`."""
    while number:
        day += DAY
        number -= is_working_day(day, free)
    return day


def term_days_before(today: date, number: int, region: str) -> date:
    """Return the last day that is at least `number` days outside the school holidays of a region before `today`.

    Without a region every day counts.
    """
    if not region:
        return today - number * DAY
    return _back(today, number, lambda day: day not in school_holidays(region, day.year))


def _back(day: date, number: int, counts: Callable[[date], bool]) -> date:
    while number:
        number -= counts(day)
        day -= DAY
    return day
