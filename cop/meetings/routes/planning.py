"""Endpoints of planning a meeting, changing it, and removing a draft."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base import clock
from cop.base.errors import Conflict, NotFound
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.meetings import actions, forms
from cop.meetings.actions.planning import find_original
from cop.meetings.groups import changed_choice, new_choice
from cop.meetings.models import OPEN, Meeting, Owner, host_organisations, owner_of, programme_of
from cop.meetings.routes.blueprint import around, find, routes
from cop.meetings.routes.showing import described
from cop.meetings.series import choices
from cop.meetings.templates import TEMPLATES, copy_of, names
from cop.society.programmes import Community, Partnership, Programme


@routes.get("/communities/<slug>/meetings/new")
@endpoint("meetings.new", asks=forms.New)
def new(slug: str, asked: dict[str, Any] | None = None) -> Response:
    """Show the form for a meeting of a community."""
    return _form(access.find(viewer(), Community, slug=slug), asked or {})


@routes.get("/programmes/<slug>/meetings/new")
@endpoint("meetings.new_for_programme", asks=forms.New)
def new_for_programme(slug: str, asked: dict[str, Any] | None = None) -> Response:
    """Show the form for a meeting of a whole programme."""
    return _form(access.find(viewer(), Programme, slug=slug), asked or {})


@routes.get("/partnerships/<int:id>/meetings/new")
@endpoint("meetings.new_for_partnership", asks=forms.New)
def new_for_partnership(id: int, asked: dict[str, Any] | None = None) -> Response:
    """Show the form for a meeting of a partnership."""
    return _form(access.find(viewer(), Partnership, id), asked or {})


def _form(owner: Owner, asked: dict[str, Any]) -> Response:
    access.judge(viewer(), "meetings.plan", owner)
    template, copied = asked.get("template", ""), asked.get("copy_of")
    original = None if copied is None else find_original(viewer(), owner, copied)
    if copied is not None and original is None:
        raise NotFound
    return respond(
        page="meetings/new.html",
        owner=owner,
        meeting=copy_of(original) if original else TEMPLATES[template]() if template else None,
        copied_from=copied,
        chosen_template=template,
        templates=names(),
        community=owner if isinstance(owner, Community) else None,
        programme=programme_of(owner),
        organisations=host_organisations(viewer()),
        local=clock.local,
        **new_choice(owner, original),
    )


@routes.post("/communities/<slug>/meetings")
@endpoint("meetings.plan", takes=forms.Plan, gives=forms.MeetingOut, form=new, status=201)
def plan(slug: str, given: dict[str, Any]) -> Response:
    """Plan a meeting of a community, as a draft."""
    return _plan(access.find(viewer(), Community, slug=slug), given)


@routes.post("/programmes/<slug>/meetings")
@endpoint("meetings.plan_for_programme", takes=forms.Plan, gives=forms.MeetingOut, form=new_for_programme, status=201)
def plan_for_programme(slug: str, given: dict[str, Any]) -> Response:
    """Plan a meeting of a whole programme, as a draft."""
    return _plan(access.find(viewer(), Programme, slug=slug), given)


@routes.post("/partnerships/<int:id>/meetings")
@endpoint(
    "meetings.plan_for_partnership", takes=forms.Plan, gives=forms.MeetingOut, form=new_for_partnership, status=201
)
def plan_for_partnership(id: int, given: dict[str, Any]) -> Response:
    """Plan a meeting of a partnership, as a draft."""
    return _plan(access.find(viewer(), Partnership, id), given)


def _plan(owner: Owner, given: dict[str, Any]) -> Response:
    meeting = actions.plan(viewer(), owner, **given)
    flash(_("Het concept is opgeslagen. Kondig de bijeenkomst aan als alles klopt."))
    return respond(lambda: described(meeting), to=meeting.url, status=201)


@routes.get("/meetings/<int:id>/edit")
@endpoint("meetings.settings")
def settings(id: int) -> Response:
    """Show the form to change a meeting."""
    meeting = find(id)
    access.judge(viewer(), "meetings.edit", meeting)
    if meeting.status not in ("draft", *OPEN):
        raise Conflict(_("Deze bijeenkomst is voorbij of afgezegd. U kunt haar niet meer wijzigen."))
    return respond(
        page="meetings/edit.html",
        organisations=host_organisations(viewer()),
        local=clock.local,
        choices=choices(viewer(), meeting),
        **changed_choice(viewer(), meeting, meeting.status == "draft"),
        **around(meeting),
    )


@routes.patch("/meetings/<int:id>")
@endpoint("meetings.edit", takes=forms.Edit, gives=forms.MeetingOut, form=settings)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change a meeting; its time and place only while it is a draft."""
    meeting = actions.edit(viewer(), find(id), **given)
    flash(_("De bijeenkomst is gewijzigd."))
    return respond(lambda: described(meeting), to=meeting.url)


@routes.get("/meetings/<int:id>/removal")
@endpoint("meetings.removal")
def removal(id: int) -> Response:
    """Ask for confirmation before a draft is removed."""
    meeting = find(id)
    access.judge(viewer(), "meetings.remove", meeting)
    if meeting.status != "draft":
        raise Conflict(_("Deze bijeenkomst is aangekondigd. U kunt haar afzeggen, niet verwijderen."))
    return respond(page="meetings/removal.html", **around(meeting))


@routes.delete("/meetings/<int:id>")
@endpoint("meetings.remove", form=removal)
def remove(id: int) -> Response:
    """Remove a draft."""
    meeting: Meeting = find(id)
    owner = owner_of(meeting)
    actions.remove(viewer(), meeting)
    flash(_("Het concept is verwijderd."))
    return respond(to=f"{owner.url}/meetings")
