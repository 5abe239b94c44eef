"""Lists of meetings: of a community, a programme, a partnership, and all of the viewer."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.web import endpoint, requested_format, respond_list
from cop.meetings import forms, panels
from cop.meetings.models import Owner, audiences_of, coming, past, programme_of
from cop.meetings.routes.blueprint import routes
from cop.society.programmes import Community, Partnership, Programme


@routes.get("/communities/<slug>/meetings")
@endpoint("meetings.list", asks=forms.Listing, gives=forms.MeetingRow, many=True)
def of_community(slug: str, asked: dict[str, Any]) -> Response:
    """List the meetings of a community and of its whole programme: those to come, or those that are over."""
    return _list(access.find(viewer(), Community, slug=slug), asked)


@routes.get("/programmes/<slug>/meetings")
@endpoint("meetings.of_programme", asks=forms.Listing, gives=forms.MeetingRow, many=True)
def of_programme(slug: str, asked: dict[str, Any]) -> Response:
    """List the meetings of a programme and of everything in it that the viewer takes part in."""
    return _list(access.find(viewer(), Programme, slug=slug), asked)


@routes.get("/partnerships/<int:id>/meetings")
@endpoint("meetings.of_partnership", asks=forms.Listing, gives=forms.MeetingRow, many=True)
def of_partnership(id: int, asked: dict[str, Any]) -> Response:
    """List the meetings of a partnership."""
    return _list(access.find(viewer(), Partnership, id), asked)


@routes.get("/meetings")
@endpoint("meetings.mine", asks=forms.Listing, gives=forms.MeetingRow, many=True)
def mine(asked: dict[str, Any]) -> Response:
    """List the meetings of everything that the viewer takes part in."""
    own = sorted(access.rights(viewer()).audiences)
    return _listed(own, asked, path="/meetings", owner=None, may_plan=False)


def _list(owner: Owner, asked: dict[str, Any]) -> Response:
    person = viewer()
    return _listed(
        audiences_of(person, owner),
        asked,
        path=f"{owner.url}/meetings",
        owner=owner,
        may_plan=access.may(person, "meetings.plan", owner),
        programme=programme_of(owner),
        community=owner if isinstance(owner, Community) else None,
    )


def _listed(audiences: list[int], asked: dict[str, Any], **given: Any) -> Response:
    person = viewer()
    show, after, limit = asked.get("show", "coming"), asked.get("after", ""), asked.get("limit", 50)
    listed = (past if show == "past" else coming)(person, audiences, after, limit)
    return respond_list(
        listed,
        page="meetings/list.html",
        show=show,
        after=after,
        audiences=access.rights(person).audiences,
        panels=[] if show == "past" or after or requested_format() == "json" else panels.of_list(person, audiences),
        **given,
    )
