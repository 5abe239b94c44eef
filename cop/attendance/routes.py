"""Endpoints of the day of a meeting: its code, its list, and the screens of who leads it and for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, current_app, redirect
from flask_login import current_user

from cop import access
from cop.access import viewer
from cop.attendance import actions, codes, forms, live, panels
from cop.attendance.models import (
    TOP,
    DayState,
    ListedPerson,
    code_window,
    count_of,
    day_state,
    list_of,
    listed_person,
    mark_of,
    others_of,
    present_day,
    runs_day,
)
from cop.base import clock
from cop.base.errors import NotFound, SignInNeeded
from cop.base.web import Routes, Slice, endpoint, flash, requested_format, respond, respond_list
from cop.base.words import _
from cop.meetings.models import Meeting, MeetingDay, days_of
from cop.meetings.routes.blueprint import around, find

__all__ = ["live", "panels", "routes"]

routes = Routes("attendance", __name__)

STATES = {
    "present": lambda: _("aanwezig"),
    "late": lambda: _("te laat"),
    "absent": lambda: _("afwezig"),
}


# The code


@routes.get("/here/<token>")
@endpoint("attendance.scan", asks=forms.Scan, gives=forms.ScanOut, open=True)
def scan(token: str, asked: dict[str, Any] | None = None) -> Response:
    """Show who scanned the code of a meeting the button by which they say that they are here. Nothing is changed yet.

    Whoever signs in first keeps the moment of the scan.
    """
    scan = (asked or {}).get("scan") or codes.sign_scan(token)
    if not current_user.is_authenticated:
        return _sign_in(token, scan)
    found = _scanned(token)
    if found is None:
        if requested_format() == "json":
            raise NotFound
        return respond(page="attendance/unknown.html", status=404)
    meeting, day = found
    noted = mark_of(meeting.id, viewer().id, day.date)
    here = noted is not None and noted.state != "absent"
    refusal = actions.refused(meeting, day, codes.scanned_at(token, scan))
    return respond(
        forms.ScanOut(meeting=meeting.id, title=meeting.title, day=day.date, here=here, refusal=refusal),
        page="attendance/scan.html",
        token=token,
        scan=scan,
        noted=noted if here else None,
        refusal=refusal,
        day=day,
        **around(meeting),
    )


def _sign_in(token: str, scan: str) -> Response:
    """Redirect to the page to sign in, which leads back to the scan with its moment."""
    if requested_format() == "json":
        raise SignInNeeded
    kept = f"/here/{quote(token)}?{urlencode({'scan': scan})}"
    return redirect(f"/sign-in?next={quote(kept)}", 303)  # type: ignore[return-value]  # Werkzeug's class


def _scanned(token: str) -> tuple[Meeting, MeetingDay] | None:
    """Return the meeting and day of a token, None unless it is ours and the viewer is in the audience."""
    id = codes.meeting_of(token)
    try:
        meeting = find(id) if id else None
    except NotFound:
        return None
    day = codes.day_of(meeting, token) if meeting else None
    return (meeting, day) if meeting and day else None


@routes.post("/here/<token>")
@endpoint("meetings.attend", takes=forms.Scan, gives=forms.HereOut, form=scan, open=True)
def attend(token: str, given: dict[str, Any]) -> Response:
    """Say that one is at the meeting whose code was scanned; a second time is the same.

    Whoever has to sign in again comes back to the button, with the moment of the scan.
    """
    if not current_user.is_authenticated:
        return _sign_in(token, given.get("scan") or codes.sign_scan(token))
    found, person = _scanned(token), viewer()
    if found is None:
        raise NotFound
    meeting, day = found
    before = mark_of(meeting.id, person.id, day.date)
    known = before is not None and before.state != "absent"
    row = actions.attend(person, meeting, day=day, at=codes.scanned_at(token, given.get("scan", "")))
    flash(_("U staat al op de lijst.") if known else _("U staat op de lijst. Fijn dat u er bent."))
    return respond(row, to=f"/here/{token}")


@routes.get("/meetings/<int:id>/attendance/code")
@endpoint("attendance.code", asks=forms.Listing, gives=forms.CodeOut)
def code(id: int, asked: dict[str, Any]) -> Response:
    """Show the code of a day, as a page to print."""
    meeting = _run(id)
    day = _chosen(meeting, asked.get("day"))
    address = _address(meeting, day)
    return respond(
        forms.CodeOut(day=day.date, address=address),
        page="attendance/code.html",
        day=day,
        address=address,
        picture=codes.picture(address),
        **around(meeting),
    )


def _address(meeting: Meeting, day: MeetingDay) -> str:
    return f"{current_app.config['COP'].base_url}/here/{codes.token_of(meeting.id, day.date)}"


# The list


def _run(id: int) -> Meeting:
    """Return a meeting whose day the viewer runs; raise NotFound for others."""
    meeting = find(id)
    if not runs_day(viewer(), meeting):
        raise NotFound
    return meeting


def _chosen(meeting: Meeting, day: date | None) -> MeetingDay:
    """Return the day that was asked for, else the present one."""
    return next((one for one in days_of(meeting) if one.date == day), None) or present_day(meeting)


@routes.get("/meetings/<int:id>/attendance")
@endpoint("attendance.list", asks=forms.Listing, gives=forms.ListedOut, many=True)
def listed(id: int, asked: dict[str, Any] | None = None) -> Response:
    """List who is expected on a day and who is here; a search also finds others of the audience."""
    meeting, asked = _run(id), asked or {}
    words = asked.get("q", "")
    day = _chosen(meeting, asked.get("day"))
    rows, others = list_of(meeting.id, day.date, words), others_of(meeting, day.date, words)
    if requested_format() == "json":
        return respond_list(Slice([forms.listed_out(row) for row in [*rows, *others]]))
    return respond_list(
        Slice(rows),
        page="attendance/list.html",
        others=others,
        words=words,
        day=day,
        count=count_of(meeting.id, day.date),
        marks=_marks(meeting, day),
        query=_query(day, words),
        **around(meeting),
    )


def _marks(meeting: Meeting, day: MeetingDay) -> bool:
    return day.date <= clock.today() and access.may(viewer(), "attendance.mark", meeting)


def _query(day: MeetingDay, words: str) -> str:
    return urlencode({"day": day.date.isoformat(), **({"q": words} if words else {})})


def _again(id: int, person: int) -> Response:
    return listed(id=id)


@routes.put("/meetings/<int:id>/attendance/<int:person>")
@endpoint("attendance.mark", takes=forms.Mark, asks=forms.Listing, gives=forms.ListedOut, form=_again)
def mark(id: int, person: int, given: dict[str, Any], asked: dict[str, Any]) -> Response:
    """Note whether somebody is there."""
    meeting = _run(id)
    day = asked.get("day") or present_day(meeting).date
    actions.mark(viewer(), meeting, member=person, day=day, **given)
    row = listed_person(meeting.id, day, person)
    flash(f"{row.name}: {STATES[row.state]()}.")
    return _noted(meeting, day, row, asked)


@routes.delete("/meetings/<int:id>/attendance/<int:person>")
@endpoint("attendance.unmark", asks=forms.Listing, gives=forms.ListedOut, form=_again)
def unmark(id: int, person: int, asked: dict[str, Any]) -> Response:
    """Take back what is noted of somebody."""
    meeting = _run(id)
    day = asked.get("day") or present_day(meeting).date
    actions.unmark(viewer(), meeting, member=person, day=day)
    row = listed_person(meeting.id, day, person)
    flash(_("%(name)s: weer open.", name=row.name))
    return _noted(meeting, day, row, asked)


def _noted(meeting: Meeting, date: date, row: ListedPerson, asked: dict[str, Any]) -> Response:
    """Respond with the row of the list that changed."""
    day = _chosen(meeting, date)
    query = _query(day, asked.get("q", ""))
    return respond(
        lambda: forms.listed_out(row),
        stream="attendance/mark.stream.html",
        to=f"{meeting.url}/attendance?{query}#person-{row.person}",
        context=lambda: {
            "row": row,
            "meeting": meeting,
            "query": query,
            "count": count_of(meeting.id, date),
            "marks": True,
        },
    )


# The screens


@routes.get("/meetings/<int:id>/day")
@endpoint("attendance.day", asks=forms.Changes, gives=forms.DayOut)
def day(id: int, asked: dict[str, Any]) -> Response:
    """Show who leads the meeting what is now and next, who is here, and the open questions."""
    meeting = _run(id)
    state = day_state(meeting)
    return respond(
        lambda: forms.day_out(meeting, state, state.open),
        page="attendance/day.html",
        stream="attendance/day.stream.html",
        **_given(meeting, state, asked),
        leads=access.rights(viewer()).plans(meeting.audience_id),
        records=access.may(viewer(), "outcomes.mark", meeting),
        context=lambda: around(meeting),
    )


@routes.get("/meetings/<int:id>/screen")
@endpoint("attendance.screen", asks=forms.Changes, gives=forms.DayOut)
def screen(id: int, asked: dict[str, Any]) -> Response:
    """Show the screen for everybody in the room, without names."""
    meeting = _run(id)
    state = day_state(meeting)
    address = _address(meeting, state.day)
    return respond(
        lambda: forms.day_out(meeting, state, state.chosen[:TOP]),
        page="attendance/screen.html",
        stream="attendance/screen.stream.html",
        **_given(meeting, state, asked),
        top=state.chosen[:TOP],
        scans=clock.now() <= code_window(state.day).ends,
        address=address,
        picture=codes.picture(address),
    )


def _given(meeting: Meeting, state: DayState, asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "state": state,
        "changed": state.seq > asked.get("changed_after", 0),
        "clock": round(clock.now().timestamp() * 1000),
    }
