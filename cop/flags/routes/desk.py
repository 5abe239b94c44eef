"""Endpoints of the desk of the moderators."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.flags import actions, forms
from cop.flags.models import (
    RULED,
    CaseRow,
    FlagCase,
    FlagInCase,
    case_row,
    desk,
    find_case,
    flags_of,
    moderated,
    rulings_in,
)
from cop.flags.routes.blueprint import routes
from cop.things import Thing

OF_CASE = 200  # flags that the page of a case shows
QUEUED = 25  # items of each queue that the desk shows, those that wait longest


@routes.get("/desk")
@endpoint("flags.desk", asks=forms.Desk, gives=forms.CaseOut, many=True)
def desk_(asked: dict[str, Any]) -> Response:
    """List what was flagged and waits for the viewer, in everything that they moderate, the oldest first.

    A browser also gets what waits of other kinds.
    """
    person = viewer()
    audiences, chosen = moderated(person), asked["audience"]
    if chosen is not None and chosen not in audiences:
        raise NotFound
    found, flags = desk(person, audiences if chosen is None else [chosen], after=asked["after"], limit=asked["limit"])
    known = access.rights(person).audiences

    def queues() -> list[tuple[str, str, list[access.DeskItem]]]:
        if asked["after"]:
            return []
        here = audiences if chosen is None else [chosen]
        found = [(one.name, one.title(), one.items(person, here, QUEUED)) for one in access.desk_queues()]
        return [queue for queue in found if queue[2]]

    return respond_list(
        Slice([(row, flags[row.id]) for row in found.items], next=found.next),
        page="flags/desk.html",
        asked=asked,
        audiences=known,
        choices=[known[id] for id in audiences],
        queues=queues,
    )


def _row(case: FlagCase) -> tuple[CaseRow, list[FlagInCase]]:
    return case_row(case), flags_of([case.id], OF_CASE)[case.id]


@routes.get("/desk/<int:id>")
@endpoint("flags.case", gives=forms.CaseOut)
def case(id: int) -> Response:
    """Show what was flagged, by whom and why, and what was decided or can be."""
    found = find_case(viewer(), id)
    row, flags = _row(found)
    return respond(
        (row, flags),
        page="flags/case.html",
        row=row,
        flags=flags,
        audiences=access.rights(viewer()).audiences,
        reopens=row.state in RULED,
        rulings=rulings_in(id),
    )


@routes.put("/desk/<int:id>/ruling")
@endpoint("rulings.make", takes=forms.Rule, gives=forms.CaseOut, form=case)
def make_ruling(id: int, given: dict[str, Any]) -> Response:
    """Decide on what was flagged; those who flagged it hear it."""
    found = actions.make_ruling(viewer(), find_case(viewer(), id), **given)
    undo = f"{found.url}/ruling/delete"
    if given["ruling"] == "ask":
        words = _("Uw vraag is verstuurd. De melding komt terug als de tekst is gewijzigd, of over een week.")
        undo = f"{rulings_in(id)[-1].ruling.url}/delete"
    elif given["ruling"] == "warn":
        words = _("De waarschuwing is verstuurd.")
    elif found.flaggers:
        words = _("Afgehandeld. Wie dit meldde, krijgt bericht.")
    else:
        words = _("Afgehandeld.")
    flash(words, undo=undo)
    return respond(lambda: _row(found), to="/desk")


@routes.delete("/desk/<int:id>/ruling")
@endpoint("flags.reopen", gives=forms.CaseOut, form=case)
def reopen(id: int) -> Response:
    """Take a decision back: what was flagged waits again."""
    found = actions.reopen(viewer(), find_case(viewer(), id))
    thing = db.session.get(Thing, found.thing_id) if found.thing_id else None
    if thing is not None and thing.state == "live":
        flash(_("De melding staat weer op uw lijst."))
    else:
        flash(_("De melding staat weer op uw lijst. Wat u verborg, blijft verborgen tot u het weer toont."))
    return respond(lambda: _row(found), to=found.url)
