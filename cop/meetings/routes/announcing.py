"""Endpoints of announcing, moving and cancelling a meeting."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import func, select

from cop import access
from cop.access import viewer
from cop.base import clock
from cop.base.db import db
from cop.base.errors import Conflict
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.meetings import actions, forms
from cop.meetings.models import OPEN
from cop.meetings.routes.blueprint import around, find, routes
from cop.meetings.routes.showing import described
from cop.society.people import Person


@routes.get("/meetings/<int:id>/announcement")
@endpoint("meetings.announcement")
def announcement(id: int) -> Response:
    """Show how many people the announcement of a draft reaches, before it is sent."""
    meeting = find(id)
    access.judge(viewer(), "meetings.announce", meeting)
    if meeting.status != "draft":
        raise Conflict(_("Deze bijeenkomst is al aangekondigd."))
    reached = access.readers_of(meeting.audience_id), Person.state == "active"
    number = db.session.scalar(select(func.count()).select_from(Person).where(*reached))
    return respond(page="meetings/announcement.html", number=number, local=clock.local, **around(meeting))


@routes.put("/meetings/<int:id>/announcement")
@endpoint("meetings.announce", gives=forms.MeetingOut, form=announcement)
def announce(id: int) -> Response:
    """Announce a draft to everybody of its audience."""
    meeting = actions.announce(viewer(), find(id))
    flash(_("De bijeenkomst is aangekondigd. Iedereen krijgt een uitnodiging per mail."))
    return respond(lambda: described(meeting), to=meeting.url)


@routes.get("/meetings/<int:id>/moving")
@endpoint("meetings.moving")
def moving(id: int) -> Response:
    """Show the form to move a meeting."""
    meeting = find(id)
    access.judge(viewer(), "meetings.move", meeting)
    if not meeting.answerable:
        raise Conflict(_("Alleen een aangekondigde bijeenkomst die nog niet is begonnen, kunt u verplaatsen."))
    return respond(page="meetings/moving.html", local=clock.local, **around(meeting))


@routes.put("/meetings/<int:id>/moving")
@endpoint("meetings.move", takes=forms.Move, gives=forms.MeetingOut, form=moving)
def move(id: int, given: dict[str, Any]) -> Response:
    """Move an announced meeting to another time or place."""
    meeting = actions.move(viewer(), find(id), **given)
    flash(_("De bijeenkomst is verplaatst. Wie is uitgenodigd, krijgt hierover een mail."))
    return respond(lambda: described(meeting), to=meeting.url)


@routes.get("/meetings/<int:id>/cancellation")
@endpoint("meetings.cancellation")
def cancellation(id: int) -> Response:
    """Show the form to cancel a meeting."""
    meeting = find(id)
    access.judge(viewer(), "meetings.cancel", meeting)
    if meeting.status not in OPEN or meeting.ends <= clock.now():
        raise Conflict(_("Alleen een aangekondigde bijeenkomst die nog niet voorbij is, kunt u afzeggen."))
    return respond(page="meetings/cancellation.html", **around(meeting))


@routes.put("/meetings/<int:id>/cancellation")
@endpoint("meetings.cancel", takes=forms.Cancel, gives=forms.MeetingOut, form=cancellation)
def cancel(id: int, given: dict[str, Any]) -> Response:
    """Cancel an announced meeting for good."""
    meeting = actions.cancel(viewer(), find(id), **given)
    flash(_("De bijeenkomst is afgezegd. Wie is uitgenodigd, krijgt hierover een mail."))
    return respond(lambda: described(meeting), to=meeting.url)
