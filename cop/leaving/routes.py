"""Endpoints of leaving: the page of a departure, its preview, its successor, and its opposite."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.access.choosing import people_to_choose
from cop.base import clock
from cop.base.action import UNDO_WITHIN
from cop.base.db import db
from cop.base.web import Routes, endpoint, flash, respond
from cop.base.words import _
from cop.leaving import actions, forms
from cop.leaving.carrying import carried, works_for
from cop.leaving.handovers import Handover, also_moved
from cop.society.departures import Departure, departure_of
from cop.society.people import Person

routes = Routes("leaving", __name__)


def _find(id: int) -> Person:
    """Return the person, if the viewer sees them or could hand over what they carried; else raise NotFound.

    Somebody who was in a partnership alone is seen by nobody else once they left it.
    """
    found = db.session.get(Person, id)
    if found is not None and access.may(current_user, "people.hand_over", found):
        return found
    return access.find(current_user, Person, id)


@routes.get("/people/<int:id>/departure")
@endpoint("people.departure", gives=forms.PreviewOut)
def departure(id: int) -> Response:
    """Show the form with which somebody leaves; for who has left, what ended, who took over, and the way back."""
    leaver = _find(id)
    access.judge(current_user, "people.leave", leaver)
    made = departure_of(leaver.id)
    return respond(
        lambda: _previewed(Handover(leaver, carried(leaver), whole=True)),
        page="leaving/departure.html",
        leaver=leaver,
        departure=made,
        undoable=made is not None and made.made >= clock.now() - UNDO_WITHIN,
        may={verb: access.may(current_user, f"people.{verb}", leaver) for verb in ("hand_over", "come_back")},
        mine=leaver.id == current_user.id,
        organisations=works_for(leaver),
        people=_others(leaver),
    )


def _others(leaver: Person) -> list[Person]:
    """Return the people from whom a successor can be chosen: those the viewer sees, where the viewer may hand over."""
    if not access.may(current_user, "people.hand_over", leaver):
        return []
    return [one for one in people_to_choose(current_user) if one.id != leaver.id]


def _previewed(handover: Handover) -> forms.PreviewOut:
    ending, successor = handover.ending, handover.named
    partnerships = [one.name for one in ending.partnerships]
    communities = [one.community.name for one in ending.memberships]
    return forms.PreviewOut(
        communities=communities,
        partnerships=partnerships,
        team=[one.name for one in ending.team],
        guest_of=len(ending.guests),
        last=[one.name for one in ending.last],
        successor=successor,
        goes_over=[*partnerships, *communities] if successor else [],
        also=also_moved(handover),
    )


@routes.post("/people/<int:id>/departure/preview")
@endpoint("people.preview_leaving", takes=forms.Leave, gives=forms.PreviewOut, form=departure)
def preview(id: int, given: dict[str, Any]) -> Response:
    """Show what a departure would end and what would go to whom, before anything happens."""
    leaver = _find(id)
    access.judge(current_user, "people.leave", leaver)
    with_successor = bool(given.get("successor") or given.get("mail"))
    if with_successor:
        access.judge(current_user, "people.hand_over", leaver)
    successor = actions.successor_name(current_user, leaver, **_chosen(given)) if with_successor else ""
    organisation = given.get("organisation")
    actions.check(leaver, organisation)
    known = actions.known_successor(current_user, **{k: v for k, v in _chosen(given).items() if k != "name"})
    found = _previewed(Handover(leaver, carried(leaver, organisation), organisation is None, successor, known))
    return respond(
        found,
        page="leaving/preview.html",
        leaver=leaver,
        found=found,
        given=given,
        organisation=next((one for one in works_for(leaver) if one.id == organisation), None),
        mine=leaver.id == current_user.id,
    )


def _chosen(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("successor", "mail", "name") if name in given}


@routes.post("/people/<int:id>/departure")
@endpoint("people.leave", takes=forms.Leave, gives=forms.DepartureOut, form=departure, status=201)
def leave(id: int, given: dict[str, Any]) -> Response:
    """End what somebody carries, altogether or for one organisation."""
    leaver = _find(id)
    name, mine = leaver.shown_name, leaver.id == current_user.id
    made = actions.leave(current_user, leaver, **given)
    if mine and made.organisation_id is None:
        return respond(made, to="/", status=201)
    if made.organisation_id is None:
        flash(_("%(name)s is uit dienst. De toegang is meteen beëindigd.", name=name), undo=_path(leaver, "/delete"))
    else:
        flash(_("De deelname namens deze organisatie is beëindigd."), undo=_path(leaver, "/delete"))
    return respond(made, to=_path(leaver), status=201)


def _path(leaver: Person, more: str = "") -> str:
    return f"{leaver.url}/departure{more}"


@routes.post("/people/<int:id>/departure/successor")
@endpoint("people.hand_over", takes=forms.Successor, gives=forms.DepartureOut, form=departure)
def hand_over(id: int, given: dict[str, Any]) -> Response:
    """Name the successor of somebody who left."""
    leaver = _find(id)
    made = actions.hand_over(current_user, leaver, **given)
    flash(_("%(name)s neemt het over en krijgt daarover een mail.", name=_successor_of(made)))
    return respond(made, to=_path(leaver))


def _successor_of(made: Departure) -> str:
    successor = db.session.get_one(Person, made.successor_id)
    return successor.shown_name


@routes.delete("/people/<int:id>/departure")
@endpoint("people.come_back", gives=forms.DepartureOut, form=departure)
def come_back(id: int) -> Response:
    """Undo a departure within a day."""
    leaver = _find(id)
    made = actions.come_back(current_user, leaver)
    flash(_("%(name)s doet weer mee. Inloggen kan weer met het eigen mailadres.", name=leaver.shown_name))
    return respond(made, to=leaver.url)
