"""The calendar pages: the meetings of a month, of a programme or of everything that the viewer takes part in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base import clock, words
from cop.base.web import Slice, endpoint, requested_format, respond_list
from cop.base.working_days import holiday_names
from cop.calendars import forms
from cop.calendars.models import by_day, deadlines_of, meetings_of, tentative_by_day
from cop.calendars.months import Month
from cop.calendars.routes.blueprint import routes
from cop.meetings.models import audiences_of, days_of_each
from cop.society.programmes import Programme


@routes.get("/calendar")
@endpoint("calendar.mine", asks=forms.Asked, gives=forms.CalendarDay, many=True)
def mine(asked: dict[str, Any]) -> Response:
    """List the meetings of a month that the viewer may see, by day; those to which they come first."""
    programmes = {row.programme_id for row in access.rights(viewer()).audiences.values()}
    return _shown(asked, "/calendar", programmes)


@routes.get("/programmes/<slug>/calendar")
@endpoint("calendar.of_programme", asks=forms.Asked, gives=forms.CalendarDay, many=True)
def of_programme(slug: str, asked: dict[str, Any]) -> Response:
    """List the meetings of a month of a programme and of everything in it that the viewer takes part in, by day."""
    programme = access.find(viewer(), Programme, slug=slug)
    return _shown(asked, f"{programme.url}/calendar", [programme.id], programme)


def _shown(asked: dict[str, Any], path: str, programmes: Iterable[int], programme: Programme | None = None) -> Response:
    """Return the calendar of a month; without a programme that of the viewer."""
    person, today = viewer(), clock.today()
    month = Month.read(asked["month"]) if asked["month"] else Month.of(today)
    audiences = audiences_of(person, programme) if programme else None
    meetings = meetings_of(person, month, audiences)
    days = by_day(meetings, days_of_each(meetings), month, mine_first=programme is None)
    listed = Slice([one for occasions in days.values() for one in occasions])
    if requested_format() == "json":
        return respond_list(listed)
    return respond_list(
        listed,
        page="calendars/show.html",
        path=path,
        show=asked["show"],
        month=month,
        today=today,
        current=Month.of(today),
        days=days,
        tentative=tentative_by_day(person, month, audiences),
        deadlines=deadlines_of(programmes, month),
        holidays=holiday_names(month.year, words.language.get()),
        audiences=access.rights(person).audiences,
        programme=programme,
    )
