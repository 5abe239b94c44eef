"""Endpoints of the programme of a meeting."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import select

from cop import access
from cop.access import viewer
from cop.agenda import actions, forms
from cop.agenda.models import BlockRow, blocks_of, days_with, find_block
from cop.agenda.routes.blueprint import routes
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.meetings.models import OPEN, Meeting
from cop.meetings.routes.blueprint import around, find
from cop.society.people import Person

SUGGESTED = 300  # names of who may lead a block


@routes.get("/meetings/<int:id>/agenda")
@endpoint("agenda.show", gives=forms.BlockOut, many=True)
def show(id: int) -> Response:
    """Show the programme of a meeting; its team also sees the forms to change it."""
    meeting = find(id)
    blocks = blocks_of(meeting.id)
    edits = may_edit(meeting)
    return respond_list(
        Slice([forms.block_out(block) for block in blocks]),
        page="agenda/show.html",
        blocks=blocks,
        programme_days=days_with(meeting, blocks),
        edits=edits,
        people=_suggested(meeting) if edits else [],
        **around(meeting),
    )


def may_edit(meeting: Meeting) -> bool:
    """Return whether the viewer may change the programme of a meeting now."""
    return meeting.status in ("draft", *OPEN) and access.may(viewer(), "agenda.add", meeting)


@routes.post("/meetings/<int:id>/blocks")
@endpoint("agenda.add", takes=forms.AddBlock, gives=forms.BlockOut, form=show, status=201)
def add(id: int, given: dict[str, Any]) -> Response:
    """Add a block at the end of a day of the programme."""
    meeting = find(id)
    block = actions.add(viewer(), meeting, **given)
    flash(_("Het onderdeel is toegevoegd."))
    return respond(lambda: _shown(meeting.id, block.id), to=f"{meeting.url}/agenda#block-{block.id}", status=201)


@routes.post("/meetings/<int:id>/usual-day")
@endpoint("agenda.fill", takes=forms.FillDay, gives=forms.BlockOut, form=show)
def fill(id: int, given: dict[str, Any]) -> Response:
    """Add the blocks of the usual day to an empty day."""
    meeting = find(id)
    blocks = actions.fill(viewer(), meeting, **given)
    flash(_("De gebruikelijke dag staat in het programma."))
    first = blocks[0].id
    return respond(lambda: _shown(meeting.id, first), to=f"{meeting.url}/agenda#block-{first}")


@routes.get("/blocks/<int:id>/edit")
@endpoint("agenda.form")
def form(id: int) -> Response:
    """Show the form to change a block."""
    block = find_block(viewer(), id)
    meeting = find(block.meeting_id)
    access.judge(viewer(), "agenda.edit", block)
    return respond(
        page="agenda/edit.html",
        block=_row(meeting.id, block.id),
        people=_suggested(meeting),
        **around(meeting),
    )


@routes.patch("/blocks/<int:id>")
@endpoint("agenda.edit", takes=forms.EditBlock, gives=forms.BlockOut, form=form)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change a block."""
    block = actions.edit(viewer(), find_block(viewer(), id), **given)
    flash(_("Het onderdeel is gewijzigd."))
    return _done(block.meeting_id, id)


@routes.put("/blocks/<int:id>/position")
@endpoint("agenda.move", takes=forms.MoveBlock, gives=forms.BlockOut, form=form)
def move(id: int, given: dict[str, Any]) -> Response:
    """Move a block one place up or down, or to another day."""
    block = actions.move(viewer(), find_block(viewer(), id), **given)
    return _done(block.meeting_id, id)


@routes.delete("/blocks/<int:id>")
@endpoint("agenda.remove", form=form)
def remove(id: int) -> Response:
    """Take a block out of the programme."""
    block = actions.remove(viewer(), find_block(viewer(), id))
    flash(_("Het onderdeel is verwijderd."), undo=f"/blocks/{id}/restoring")
    return respond(to=f"/meetings/{block.meeting_id}/agenda")


@routes.post("/blocks/<int:id>/restoring")
@endpoint("agenda.restore", gives=forms.BlockOut)
def restore(id: int) -> Response:
    """Put a block that was removed back."""
    block = actions.restore(viewer(), find_block(viewer(), id))
    flash(_("Het onderdeel staat er weer."))
    return _done(block.meeting_id, id)


def _done(meeting_id: int, id: int) -> Response:
    return respond(lambda: _shown(meeting_id, id), to=f"/meetings/{meeting_id}/agenda#block-{id}")


def _shown(meeting_id: int, id: int) -> forms.BlockOut:
    return forms.block_out(_row(meeting_id, id))


def _row(meeting_id: int, id: int) -> BlockRow:
    """Return a block with its times; raise NotFound for one that was removed."""
    found = next((row for row in blocks_of(meeting_id) if row.id == id), None)
    if found is None:
        raise NotFound
    return found


def _suggested(meeting: Meeting) -> list[str]:
    """Return the names of people of the audience, who may lead a block."""
    here = select(Person.name).where(access.readers_of(meeting.audience_id), Person.name != "")
    return list(db.session.scalars(here.order_by(Person.name).limit(SUGGESTED)))
