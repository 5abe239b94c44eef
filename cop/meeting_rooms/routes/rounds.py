"""Endpoints of rounds."""

from __future__ import annotations

from typing import Any

from flask import Response, g

from cop import access
from cop.access import viewer
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.meeting_rooms import actions, forms
from cop.meeting_rooms.models import (
    MeetingRound,
    RoundRow,
    find_round,
    open_for_adding,
    parts_of,
    rounds_of,
    seq_of,
    silent,
)
from cop.meeting_rooms.routes.blueprint import find_inside, routes
from cop.meetings.models import Meeting, prepares
from cop.meetings.routes.blueprint import around, find


@routes.get("/meetings/<int:id>/rounds")
@endpoint("rounds.list", asks=forms.Following, gives=forms.RoundOut, many=True)
def listed(id: int, asked: dict[str, Any] | None = None) -> Response:
    """List the rounds of a meeting with the answers that the viewer may read, the newest first."""
    meeting, person = find_inside(id), viewer()
    rows = rounds_of(person, meeting.id)
    open_round = next((row for row in rows if row.closed is None), None)
    return respond_list(
        Slice(rows),
        page="meeting_rooms/rounds.html",
        stream=None if "typed" in g else "meeting_rooms/rounds.stream.html",
        open_round=open_round,
        seq=seq_of(meeting.id),
        **_may(meeting, open_round),
        **around(meeting),
    )


def _may(meeting: Meeting, open_round: RoundRow | None) -> dict[str, Any]:
    """Return what the viewer may do with the rounds of a meeting."""
    person = viewer()
    led = prepares(person, meeting) and access.may(person, "rounds.start", meeting)
    return {
        "answers": access.may(person, "rounds.answer", meeting),
        "leads": led,
        "starts": led and open_round is None and open_for_adding(meeting),
    }


@routes.post("/meetings/<int:id>/rounds")
@endpoint("rounds.start", takes=forms.Start, gives=forms.RoundOut, form=listed, status=201)
def start(id: int, given: dict[str, Any]) -> Response:
    """Start a round."""
    round = actions.start(viewer(), find_inside(id), **given)
    flash(_("Het rondje is begonnen. Iedereen kan nu antwoorden."))
    return _shown(round, status=201)


@routes.get("/rounds/<int:id>")
@endpoint("rounds.show", gives=forms.RoundOut)
def show(id: int) -> Response:
    """Show a round with the answers that the viewer may read; to the team also who did not answer."""
    round, person = find_round(viewer(), id), viewer()
    meeting = find(round.meeting_id)
    row = _row(round)
    plans = access.rights(person).plans(meeting.audience_id)
    return respond(
        row,
        page="meeting_rooms/round.html",
        round=row,
        silent=silent(round) if plans else None,
        seq=seq_of(meeting.id),
        **_may(meeting, row if row.closed is None else parts_of(meeting.id, person.id).open_round),
        **around(meeting),
    )


@routes.put("/rounds/<int:id>/answer")
@endpoint("rounds.answer", takes=forms.Answer, gives=forms.RoundOut, form=show)
def answer(id: int, given: dict[str, Any]) -> Response:
    """Answer a round, or correct one's answer."""
    round = actions.answer(viewer(), find_round(viewer(), id), **given)
    flash(_("Uw antwoord staat erbij. Tot het rondje sluit, kunt u het wijzigen."))
    return _shown(round)


@routes.delete("/rounds/<int:id>/answer")
@endpoint("rounds.withdraw", gives=forms.RoundOut, form=show)
def withdraw(id: int) -> Response:
    """Take one's answer back."""
    round = actions.withdraw(viewer(), find_round(viewer(), id))
    flash(_("Uw antwoord is ingetrokken."))
    return _shown(round)


@routes.put("/rounds/<int:id>/closure")
@endpoint("rounds.close", gives=forms.RoundOut, form=show)
def close(id: int) -> Response:
    """Close a round."""
    round = actions.close(viewer(), find_round(viewer(), id))
    flash(_("Het rondje is gesloten."), undo=f"{round.url}/closure/delete")
    return _shown(round)


@routes.delete("/rounds/<int:id>/closure")
@endpoint("rounds.reopen", gives=forms.RoundOut, form=show)
def reopen(id: int) -> Response:
    """Open a closed round again."""
    round = actions.reopen(viewer(), find_round(viewer(), id))
    flash(_("Het rondje is weer open."))
    return _shown(round)


@routes.delete("/rounds/<int:id>")
@endpoint("rounds.remove", form=show)
def remove(id: int) -> Response:
    """Remove a round with its answers; it can be put back."""
    round = actions.remove(viewer(), find_round(viewer(), id))
    flash(_("Het rondje is verwijderd."), undo=f"{round.url}/restoring")
    return respond(to=f"/meetings/{round.meeting_id}#day")


@routes.post("/rounds/<int:id>/restoring")
@endpoint("rounds.restore", gives=forms.RoundOut)
def restore(id: int) -> Response:
    """Put a round back that was removed."""
    found = find_round(viewer(), id, removed=True)
    if not prepares(viewer(), found.meeting):
        raise NotFound  # a removed round exists for those who lead it only
    round = actions.restore(viewer(), found)
    flash(_("Het rondje staat er weer, gesloten."))
    return _shown(round)


def _row(round: MeetingRound) -> RoundRow:
    return rounds_of(viewer(), round.meeting_id, round.id)[0]


def _shown(round: MeetingRound, status: int = 200) -> Response:
    return respond(lambda: _row(round), to=f"/meetings/{round.meeting_id}#day", status=status)
