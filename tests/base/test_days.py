"""Dates that people type: the day first, in Dutch and English, whatever the language of the browser."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cop.base import words
from cop.base.forms import Day

DAY: TypeAdapter[date] = TypeAdapter(Day)


@pytest.mark.parametrize(
    "typed",
    [
        "4 mei 2026",
        "04-05-2026",
        "4-5-2026",
        "4/5/2026",
        "4.5.2026",
        "2026-05-04",
        " 4  Mei  2026 ",
        "maandag 4 mei 2026",
        "4 May 2026",
        "4 mei. 2026",
    ],
)
def test_day_is_understood(typed: str) -> None:
    assert DAY.validate_python(typed) == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("typed", "month"), [("1 mrt 2026", 3), ("1 sept. 2026", 9), ("1 Oct 2026", 10), ("1 okt 2026", 10)]
)
def test_short_months_are_understood(typed: str, month: int) -> None:
    assert DAY.validate_python(typed) == date(2026, month, 1)


@pytest.mark.parametrize(
    "typed", ["31-02-2026", "05-13-2026", "4-5-26", "4 mei", "4 ma 2026", "morgen", "", "4 5 2026"]
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python(typed)


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(sorted(words.LANGUAGES)))
def test_every_date_the_site_shows_is_understood(day: date, lang: str) -> None:
    mark = words.language.set(lang)
    try:
        assert DAY.validate_python(words.day(day)) == day
        assert DAY.validate_python(f"{day:%d-%m-}{day.year:04}") == day
    finally:
        words.language.reset(mark)
