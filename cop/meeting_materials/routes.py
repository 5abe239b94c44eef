"""Endpoints of meeting materials."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.errors import NotFound
from cop.base.forms import ask
from cop.base.web import Routes, Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.meeting_materials import actions, forms, panels
from cop.meeting_materials.addresses import find_by_address
from cop.meeting_materials.models import MOST, MaterialRow, choices, left_out, materials_of
from cop.meetings.models import Meeting
from cop.meetings.routes.blueprint import find
from cop.things import Thing

routes = Routes("meeting_materials", __name__)
assert panels  # imported to register the section of a meeting's page


@routes.get("/meetings/<int:id>/materials")
@endpoint("meeting_materials.list", gives=forms.MaterialOut, many=True)
def list_(id: int) -> Response:
    """List the materials of a meeting that the viewer may see; a browser is sent to its page."""
    meeting = find(id)
    return respond_list(Slice(materials_of(viewer(), meeting)), to=f"{meeting.url}#materials")


@routes.get("/meetings/<int:id>/materials/new")
@endpoint("meeting_materials.choices", asks=forms.Search, gives=forms.MaterialOut, many=True)
def show_choices(id: int, asked: dict[str, Any] | None = None, thing: int = 0) -> Response:
    """Show threads and documents to attach to a meeting, for its team and host; also after `thing` was refused."""
    person, meeting = viewer(), find(id)
    asked = asked or ask(forms.Search)
    access.judge(person, "meeting_materials.attach", meeting)
    actions.check_attaches(person, meeting)
    found = choices(person, meeting, asked["q"])
    return respond_list(
        Slice(found),
        page="meeting_materials/choices.html",
        meeting=meeting,
        audience=access.audience(person, meeting.audience_id),
        found=[(row, left_out(person, meeting, row.audience_id)) for row in found],
        asked=asked["q"],
        most=MOST,
    )


@routes.put("/meetings/<int:id>/materials/<int:thing>")
@endpoint("meeting_materials.attach", gives=forms.MaterialOut, form=show_choices)
def attach(id: int, thing: int) -> Response:
    """Attach a thread or document to a meeting."""
    return _attached(find(id), access.find(viewer(), Thing, thing), status=200)


@routes.post("/meetings/<int:id>/materials")
@endpoint(
    "meeting_materials.attach_address",
    takes=forms.AttachAddress,
    gives=forms.MaterialOut,
    form=show_choices,
    status=201,
)
def attach_address(id: int, given: dict[str, Any]) -> Response:
    """Attach the thread or document at an address to a meeting."""
    person, meeting = viewer(), find(id)
    access.judge(person, "meeting_materials.attach", meeting)
    actions.check_prepares(person, meeting)  # before anything is said about the address
    return _attached(meeting, find_by_address(person, given["address"]), status=201)


def _attached(meeting: Meeting, thing: Thing, status: int) -> Response:
    actions.attach(viewer(), meeting, thing=thing)
    only = left_out(viewer(), meeting, thing.audience_id)
    if only is None:
        flash(_("Toegevoegd. Iedereen die is uitgenodigd, kan het openen."))
    elif only:
        flash(
            _(
                "Toegevoegd. Alleen deelnemers van “%(name)s” zien dit. Anderen die zijn uitgenodigd, zien het niet.",
                name=only,
            )
        )
    else:
        flash(_("Toegevoegd. Niet iedereen die is uitgenodigd, ziet dit."))
    return respond(lambda: _row(meeting, thing.id), to=f"{meeting.url}#materials", status=status)


def _row(meeting: Meeting, id: int) -> MaterialRow:
    found = next((row for row in materials_of(viewer(), meeting) if row.id == id), None)
    if found is None:
        raise NotFound
    return found


@routes.delete("/meetings/<int:id>/materials/<int:thing>")
@endpoint("meeting_materials.detach")
def detach(id: int, thing: int) -> Response:
    """Detach a thread or document from a meeting; it can be attached again."""
    meeting = find(id)
    actions.detach(viewer(), meeting, thing=access.find(viewer(), Thing, thing))
    flash(
        _("Weggehaald bij de bijeenkomst. Het gesprek of document zelf is er nog."),
        undo=f"{meeting.url}/materials/{thing}",
    )
    return respond(to=f"{meeting.url}#materials")
