"""Input and output models of the endpoints of meetings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from cop.base import clock
from cop.base.errors import Invalid
from cop.base.forms import Form, Id, Line, Lines, Mail, Name, Out, Required, Slug, Version, Whole
from cop.base.moments import Moment, typed_moment
from cop.base.words import _
from cop.meetings.models import (
    MOST_DAYS,
    Invitee,
    ListedMeeting,
    Meeting,
    MeetingDay,
    MeetingKind,
    Seats,
    days_of,
    whole_dates,
)
from cop.meetings.series import FEWEST_DATES, MOST_DATES, SeenSeries
from cop.meetings.templates import Template

Text = Annotated[Lines, Field(max_length=4000)]
Short = Annotated[Lines, Field(max_length=1000)]
Reason = Annotated[Short, Field(min_length=1)]
Places = Annotated[int, Field(ge=1, le=5000)]
ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")


def _address(value: str) -> str:
    if value and not ADDRESS.fullmatch(value):
        raise PydanticCustomError("web_address", "not a web address")
    return value


Link = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(_address)]


def _timed(sent: Any) -> Any:
    """Combine days and times that were typed; a meeting without a last day ends on the day on which it starts.

    Raise Invalid without errors where the button for another day was pressed: the form is shown again with one more.
    """
    if not isinstance(sent, dict):
        return sent
    if "another_day" in sent:
        raise Invalid
    if sent.get("all_day") and "starts_day" in sent:
        sent = _without_hours(sent)
    for name in ("starts", "ends"):
        if str(sent.get(f"{name}_day") or "").strip() and not str(sent.get(f"{name}_time") or "").strip():
            raise Invalid(errors={f"{name}_time": _("Vul dit in.")})
    if "starts_day" in sent and not str(sent.get("ends_day") or "").strip():
        sent = {**sent, "ends_day": sent["starts_day"]}
    for name in ("starts", "ends"):
        if f"{name}_day" in sent and not str(sent[f"{name}_day"] or "").strip():
            raise Invalid(errors={f"{name}_day": _("Vul dit in.")})
    sent = typed_moment(typed_moment(sent, "starts"), "ends")
    return _days(sent) if "starts_day" in sent else sent


def _without_hours(sent: dict[str, Any]) -> dict[str, Any]:
    """Return a form of whole days with the hours that make them so, in the place of those that were typed."""
    rows = range(2, MOST_DAYS + 1)
    hours = {f"day_{number}_{end}_time": "" for number in rows for end in ("starts", "ends")}
    for number in rows:
        if str(sent.get(f"day_{number}_starts_day") or "").strip():
            hours |= {f"day_{number}_starts_time": "0:00", f"day_{number}_ends_time": "23:59"}
    return {**sent, **hours, "starts_time": "0:00", "ends_time": "23:59"}


def _days(sent: dict[str, Any]) -> dict[str, Any]:
    """Combine the rows of a form for the days after the first, each with its hours; an empty row is left out."""
    days = [{"starts": sent["starts"], "ends": sent["ends"]}]
    errors: dict[str, str] = {}
    for number in range(2, MOST_DAYS + 1):
        begins, ends = f"day_{number}_starts", f"day_{number}_ends"
        typed = {
            name: str(sent.get(name) or "").strip() for name in (f"{begins}_day", f"{begins}_time", f"{ends}_time")
        }
        if not any(typed.values()):
            continue
        errors |= {name: _("Vul dit in.") for name, value in typed.items() if not value}
        if all(typed.values()):
            try:
                day = typed_moment(typed_moment(typed | {f"{ends}_day": typed[f"{begins}_day"]}, begins), ends)
            except Invalid as invalid:
                errors |= invalid.errors
            else:
                days.append({"starts": day[begins], "ends": day[ends]})
                if day[ends] <= day[begins]:
                    errors[f"{ends}_time"] = _("Het einde ligt na het begin.")
    if errors:
        raise Invalid(errors=errors)
    return {**sent, "days": days}


class Day(Form):
    """A day of a meeting, with its hours."""

    starts: Moment
    ends: Moment


Days = Annotated[list[Day], Field(max_length=MOST_DAYS)]
Communities = Annotated[list[Slug], Field(max_length=50)]


class _WithDays(Form):
    """Input with days; all_day: they are whole days, whose hours are not looked at."""

    all_day: bool = False

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, with the days as those of meetings, each date a day of its own if whole."""
        given = super().given()
        all_day = given.pop("all_day", False)
        if "days" in given:
            given["days"] = [MeetingDay(day.starts, day.ends) for day in given["days"]]
        if all_day:
            starts, ends = given.pop("starts", None), given.pop("ends", None)
            planned = given.get("days") or ([MeetingDay(starts, ends or starts)] if starts else [])
            if not planned:
                raise Invalid(errors={"starts": _("Vul dit in.")})
            if any(day.ends < day.starts for day in planned):
                raise Invalid(errors={"ends": _("Het einde ligt na het begin.")})
            given["days"] = [date for day in planned for date in whole_dates(day.starts, day.ends)]
        return given


class _Typed(_WithDays):
    """Input with the times of a meeting, typed as days and times of Amsterdam or sent as moments."""

    @model_validator(mode="before")
    @classmethod
    def typed(cls, sent: Any) -> Any:
        """Combine days and times."""
        return _timed(sent)


class _Described(Form):
    """What is said of a meeting besides its title, kind and times."""

    purpose: Text = ""
    host: Line = ""
    venue: Line = ""
    route: Short = ""
    accessibility: Short = ""
    parking: Short = ""
    video_url: Link = ""
    capacity: Places | None = None

    @model_validator(mode="before")
    @classmethod
    def unlimited(cls, sent: Any) -> Any:
        """Read an empty number of places as no limit."""
        if isinstance(sent, dict) and "any_number" in sent and not sent.get("capacity"):
            return {**sent, "capacity": None}
        return sent


class New(Form):
    """What the form of a new meeting begins with: a template, or a copy of the meeting with this id."""

    template: Template | Literal[""] = ""
    copy_of: Annotated[Id | None, Field(alias="copy")] = None


class Plan(_Typed, _Described):
    """A meeting to plan, with `starts` and `ends`, or with `days`; times without a zone are those of Amsterdam.

    communities: of a programme, the slugs of those for which it is; none for everybody. copied_from: the meeting of which
    it is a copy, which gives it its programme.
    """

    title: Required
    kind: MeetingKind
    starts: Moment | None = None
    ends: Moment | None = None
    days: Days = []
    communities: Communities = []
    copied_from: Id | None = None


def _days_of_dates(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the days of the dates that a program sent; nothing where these are no texts, which is said later."""
    dates, hours = sent["dates"], {name: sent.get(name, "") for name in ("begin_time", "end_time")}
    if not isinstance(dates, list) or not all(isinstance(one, str) for one in (*dates, *hours.values())):
        return {}
    try:
        rows = {f"date_{number}": day for number, day in enumerate(dates, 1)}
        return {"days": _dates({**hours, **rows, "all_day": sent.get("all_day")})}
    except Invalid as invalid:
        errors = {"dates" if name.startswith("date_") else name: words for name, words in invalid.errors.items()}
        raise Invalid(errors=errors) from None


def _dates(sent: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the dates of a form, each as a day with the hours that are typed once; an empty row is left out."""
    if sent.get("all_day"):
        sent = {**sent, "begin_time": "0:00", "end_time": "24:00"}
    errors = {name: _("Vul dit in.") for name in ("begin_time", "end_time") if not str(sent.get(name) or "").strip()}
    days = []
    for number in range(1, MOST_DATES + 1):
        day = str(sent.get(f"date_{number}") or "").strip()
        if not day and number > FEWEST_DATES:
            continue
        if not day:
            errors[f"date_{number}"] = _("Vul dit in.")
            continue
        typed = {
            "begin_day": day,
            "end_day": day,
            "begin_time": sent.get("begin_time"),
            "end_time": sent.get("end_time"),
        }
        try:
            typed = typed_moment(typed_moment(typed, "begin"), "end")
        except Invalid as invalid:
            errors |= {
                f"date_{number}" if name.endswith("_day") else name: words for name, words in invalid.errors.items()
            }
        else:
            days.append({"starts": typed["begin"], "ends": typed["end"]})
            if typed["end"] <= typed["begin"]:
                errors["end_time"] = _("Het einde ligt na het begin.")
    if errors:
        raise Invalid(errors=errors)
    return days


class PlanSeries(_WithDays, _Described):
    """A series to plan, one meeting for each day: `days`, or `dates` with the hours that they share."""

    title: Required
    kind: MeetingKind
    days: Annotated[list[Day], Field(max_length=MOST_DATES)] = []
    dates: Annotated[list[Line], Field(max_length=MOST_DATES)] = []
    communities: Communities = []
    begin_time: Line = ""
    end_time: Line = ""

    @model_validator(mode="before")
    @classmethod
    def typed(cls, sent: Any) -> Any:
        """Combine dates and hours of a form. Raise Invalid without errors where another date was asked for."""
        if not isinstance(sent, dict):
            return sent
        if "another_day" in sent:
            raise Invalid
        if "dates" in sent:
            sent = sent | _days_of_dates(sent)
        elif "begin_time" in sent or "date_1" in sent:
            sent = sent | {"days": _dates(sent)}
        return sent

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, with days in the place of dates and hours."""
        given = super().given()
        return {name: value for name, value in given.items() if name not in ("dates", "begin_time", "end_time")}


class EditSeries(Form):
    """Changes to a series; its meetings keep their own titles."""

    title: Required = ""
    text: Short = ""


class Edit(_Typed, _Described):
    """Changes to a meeting; its time, its place and its communities only while it is a draft.

    base_version: the version that is changed. communities: as in Plan.
    series: the id of the series to which it belongs, 0 for none.
    """

    title: Required = ""
    kind: MeetingKind = "other"
    starts: Moment | None = None
    ends: Moment | None = None
    days: Days = []
    communities: Communities = []
    series: Version = 0
    base_version: Version | None = None


class Move(_Typed):
    """Another time or place of a meeting; what is left out stays. days: all of them, of a meeting of several."""

    starts: Moment | None = None
    ends: Moment | None = None
    days: Days = []
    venue: Line = ""


class Cancel(Form):
    """Why a meeting is cancelled, told to everybody who was invited."""

    reason: Reason


class Rsvp(Form):
    """The answer to an invitation; what is left out stays as it was."""

    answer: Literal["yes", "maybe", "no"]
    remark: Short = ""
    diet: Short = ""
    access_needs: Short = ""


class RsvpByMail(Form):
    """The answer to an invitation by the link in the mail."""

    answer: Literal["yes", "maybe", "no"]
    remark: Short = ""
    diet: Short = ""  # these two of guests only: others tell them on the page of the meeting
    access_needs: Short = ""


class InviteGuest(Form):
    """Somebody to invite to one meeting by mail, without an account; organisation: in words."""

    name: Name
    mail: Mail
    organisation: Line = ""


class CorrectGuest(Form):
    """Corrections of a guest; what is left out stays."""

    name: Name = ""
    mail: Mail = ""
    organisation: Line = ""


class GuestOut(BaseModel):
    """A guest of a meeting, for its team and host; `person` is the id in the list of answers.

    mail_state: of their last mail: `bounced` when their address refused it, `delayed` while the mail server has not taken it.
    """

    person: int
    name: str
    mail: str
    organisation: str
    answer: str
    mail_state: str = ""


class HandOver(Form):
    """The colleague who comes, or waits for a seat, instead."""

    member: Id


class Search(Form):
    """The name of a colleague, or a part of it."""

    q: Line = ""


class Chosen(Form):
    """The answer whose button in the mail was pressed."""

    answer: Literal["yes", "maybe", "no", ""] = ""


class Listing(Form):
    """Which meetings to list: those to come, or those that are over."""

    show: Literal["coming", "past"] = "coming"
    after: Line = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class DayOut(BaseModel):
    """A day of a meeting."""

    starts: str
    ends: str


def days_out(days: Iterable[MeetingDay]) -> list[DayOut]:
    """Return the days of a meeting for the API."""
    return [DayOut(starts=clock.rfc3339(day.starts), ends=clock.rfc3339(day.ends)) for day in days]


class SeriesPlace(BaseModel):
    """The series of a meeting, with its number among those that the reader sees, the first one first."""

    id: int
    url: str
    title: str
    number: int
    of: int


class SeriesMeetingOut(BaseModel):
    """A meeting of a series."""

    id: int
    url: str
    title: str
    status: str
    starts: str
    ends: str


class SeriesOut(BaseModel):
    """A series, with the meetings that the reader sees, the first one first."""

    id: int
    url: str
    title: str
    text: str
    meetings: list[SeriesMeetingOut]


def series_out(series: SeenSeries) -> SeriesOut:
    """Return a series for the API."""
    meetings = [
        SeriesMeetingOut(
            id=row.id,
            url=row.url,
            title=row.title,
            status=row.status,
            starts=clock.rfc3339(row.starts),
            ends=clock.rfc3339(row.ends),
        )
        for row in series.meetings
    ]
    return SeriesOut(id=series.id, url=series.url, title=series.title, text=series.text, meetings=meetings)


class MeetingOut(BaseModel):
    """A meeting in the API; `answer` is that of the reader, `video_url` is given shortly before to those who come."""

    id: int
    url: str
    title: str
    kind: str
    status: str
    audience: str
    purpose: str = ""
    host: str
    venue: str
    route: str = ""
    accessibility: str = ""
    parking: str = ""
    online: bool
    video_url: str = ""
    starts: str
    ends: str
    days: list[DayOut]
    all_day: bool
    capacity: int | None = None
    coming: int = 0
    waiting: int = 0
    answer: str = ""
    offered_until: str = ""
    cancel_reason: str = ""
    series: SeriesPlace | None = None
    version: int = 0


class MeetingRow(Out):
    """A meeting in a list."""

    id: int
    url: str
    title: str
    kind: str
    status: str
    host: str
    venue: str
    online: bool
    starts: str
    ends: str
    days: list[DayOut]
    all_day: bool
    answer: str

    @classmethod
    def of(cls, row: ListedMeeting) -> dict[str, Any]:
        """Return the fields of a meeting."""
        same = ("id", "url", "title", "status", "host", "venue", "online")
        return {
            **{name: getattr(row, name) for name in same},
            "kind": row.meeting_kind,
            "starts": clock.rfc3339(row.starts),
            "ends": clock.rfc3339(row.ends),
            "days": days_out(row.days),
            "all_day": all(day.all_day for day in row.days),
            "answer": row.answer or "",
        }


class AnswerOut(Out):
    """The answer of one person; `place` is the number on the waiting list, `offered_until` until when a seat is held."""

    person: int
    answer: str
    place: int | None
    offered_until: str
    remark: str

    @classmethod
    def of(cls, row: Invitee) -> dict[str, Any]:
        """Return the fields of an invitation."""
        return {
            "person": row.person_id,
            "answer": row.answer,
            "place": row.place,
            "offered_until": offered_out(row),
            "remark": row.remark,
        }


def offered_out(invitee: Invitee | None) -> str:
    """Return until when a seat is held for somebody, "" where none is."""
    held = invitee is not None and invitee.is_offered and invitee.offered_until
    return clock.rfc3339(held) if held else ""


class ListedAnswer(BaseModel):
    """The answer of one person in the list for team and host; diet and access needs are given to the team only."""

    person: int
    name: str
    organisation: str
    guest: bool = False
    answer: str
    place: int | None
    offered_until: datetime | None = None
    remark: str
    asked_again: bool
    diet: str = ""
    access_needs: str = ""


def meeting_out(
    meeting: Meeting, *, audience: str, link: str, counted: Seats, invitee: Invitee | None, series: SeenSeries | None
) -> MeetingOut:
    """Return a meeting for the API as one person sees it."""
    place = None
    if series is not None:
        number, of = series.number(meeting.id), len(series.meetings)
        place = SeriesPlace(id=series.id, url=series.url, title=series.title, number=number, of=of)
    return MeetingOut(
        id=meeting.id,
        url=meeting.url,
        title=meeting.title,
        kind=meeting.meeting_kind,
        status=meeting.status,
        audience=audience,
        purpose=meeting.purpose,
        host=meeting.host,
        venue=meeting.venue,
        route=meeting.route,
        accessibility=meeting.accessibility,
        parking=meeting.parking,
        online=bool(meeting.video_url),
        video_url=link,
        starts=clock.rfc3339(meeting.starts),
        ends=clock.rfc3339(meeting.ends),
        days=days_out(days_of(meeting)),
        all_day=meeting.all_day,
        capacity=meeting.capacity,
        coming=counted.yes,
        waiting=counted.waiting,
        answer=invitee.answer if invitee else "",
        offered_until=offered_out(invitee),
        cancel_reason=meeting.cancel_reason,
        series=place,
        version=meeting.version,
    )
