"""The list of who comes to a meeting, for everybody who sees it: its audience is invited."""

from __future__ import annotations

from flask import Response

from cop.access import viewer
from cop.agenda import forms
from cop.agenda.models import participants
from cop.agenda.routes.blueprint import routes
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, respond_list
from cop.meetings.models import guests_coming
from cop.meetings.routes.blueprint import around, find


@routes.get("/meetings/<int:id>/participants")
@endpoint("meetings.participants", gives=forms.ParticipantOut, many=True)
def listed(id: int) -> Response:
    """List who comes, with the communities and partnerships that the reader shares with them."""
    meeting = find(id)
    if meeting.status in ("draft", "cancelled"):
        raise NotFound
    rows = [forms.participant_out(row) for row in participants(viewer(), meeting)]
    return respond_list(
        Slice(rows), page="agenda/participants.html", guests=guests_coming(meeting.id), **around(meeting)
    )
