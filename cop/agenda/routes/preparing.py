"""Endpoints of the checklist of a meeting, for its team and host."""

from __future__ import annotations

from flask import Response

from cop import access
from cop.access import viewer
from cop.agenda import actions, forms
from cop.agenda.models import PreparationItem, blocks_of, checklist, panel_questions
from cop.agenda.routes.blueprint import routes
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, respond, respond_list
from cop.meetings.models import Meeting, prepares
from cop.meetings.routes.blueprint import around, find


@routes.get("/meetings/<int:id>/preparation")
@endpoint("preparation.list", gives=forms.PreparationOut, many=True)
def listed(id: int) -> Response:
    """List what is to be done before a meeting."""
    meeting = find(id)
    if not prepares(viewer(), meeting):
        raise NotFound
    items = _items(meeting)
    return respond_list(
        Slice([forms.preparation_out(item) for item in items]),
        page="agenda/preparation.html",
        items=items,
        ticks=access.may(viewer(), "preparation.tick", meeting) and meeting.status != "cancelled",
        **around(meeting),
    )


def _items(meeting: Meeting) -> list[PreparationItem]:
    placed = sum(len(rows) for rows in panel_questions(viewer(), meeting).placed.values())
    return checklist(meeting, blocks_of(meeting.id), placed)


@routes.put("/meetings/<int:id>/preparation/<item>")
@endpoint("preparation.tick", gives=forms.PreparationOut, form=lambda id, item: listed(id=id))
def tick(id: int, item: str) -> Response:
    """Tick what is done."""
    meeting = find(id)
    actions.tick(viewer(), meeting, item=item)
    return _shown(meeting, item)


@routes.delete("/meetings/<int:id>/preparation/<item>")
@endpoint("preparation.untick", gives=forms.PreparationOut, form=lambda id, item: listed(id=id))
def untick(id: int, item: str) -> Response:
    """Take a tick back."""
    meeting = find(id)
    actions.untick(viewer(), meeting, item=item)
    return _shown(meeting, item)


def _shown(meeting: Meeting, item: str) -> Response:
    return respond(
        lambda: forms.preparation_out(next(one for one in _items(meeting) if one.item == item)),
        to=f"{meeting.url}#preparation",
    )
