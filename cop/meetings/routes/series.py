"""Endpoints of series of meetings: planning one, showing it, and announcing all of its drafts."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base import clock
from cop.base.errors import Conflict
from cop.base.web import endpoint, flash, respond
from cop.base.words import _, n_
from cop.meetings import actions, forms
from cop.meetings.groups import new_choice
from cop.meetings.models import Owner, host_organisations, owner_of, programme_of
from cop.meetings.routes.blueprint import routes
from cop.meetings.series import MOST_DATES, drafts_of, find_series, reach, seen_series
from cop.society.programmes import Community, Partnership, Programme


@routes.get("/communities/<slug>/series/new")
@endpoint("meetings.new_series")
def new(slug: str) -> Response:
    """Show the form for a series of a community."""
    return _form(access.find(viewer(), Community, slug=slug))


@routes.get("/programmes/<slug>/series/new")
@endpoint("meetings.new_series_for_programme")
def new_for_programme(slug: str) -> Response:
    """Show the form for a series of a whole programme."""
    return _form(access.find(viewer(), Programme, slug=slug))


@routes.get("/partnerships/<int:id>/series/new")
@endpoint("meetings.new_series_for_partnership")
def new_for_partnership(id: int) -> Response:
    """Show the form for a series of a partnership."""
    return _form(access.find(viewer(), Partnership, id))


def _form(owner: Owner) -> Response:
    access.judge(viewer(), "meetings.plan_series", owner)
    return respond(
        page="meetings/new_series.html",
        owner=owner,
        community=owner if isinstance(owner, Community) else None,
        programme=programme_of(owner),
        organisations=host_organisations(viewer()),
        local=clock.local,
        most=MOST_DATES,
        **new_choice(owner),
    )


@routes.post("/communities/<slug>/series")
@endpoint("meetings.plan_series", takes=forms.PlanSeries, gives=forms.SeriesOut, form=new, status=201)
def plan(slug: str, given: dict[str, Any]) -> Response:
    """Plan a series of a community, as drafts."""
    return _plan(access.find(viewer(), Community, slug=slug), given)


@routes.post("/programmes/<slug>/series")
@endpoint(
    "meetings.plan_series_for_programme",
    takes=forms.PlanSeries,
    gives=forms.SeriesOut,
    form=new_for_programme,
    status=201,
)
def plan_for_programme(slug: str, given: dict[str, Any]) -> Response:
    """Plan a series of a whole programme, as drafts."""
    return _plan(access.find(viewer(), Programme, slug=slug), given)


@routes.post("/partnerships/<int:id>/series")
@endpoint(
    "meetings.plan_series_for_partnership",
    takes=forms.PlanSeries,
    gives=forms.SeriesOut,
    form=new_for_partnership,
    status=201,
)
def plan_for_partnership(id: int, given: dict[str, Any]) -> Response:
    """Plan a series of a partnership, as drafts."""
    return _plan(access.find(viewer(), Partnership, id), given)


def _plan(owner: Owner, given: dict[str, Any]) -> Response:
    series = actions.plan_series(viewer(), owner, **given)
    flash(_("De reeks is opgeslagen als concept. Kondig alle bijeenkomsten in één keer aan als alles klopt."))
    return respond(lambda: _described(series.id), to=series.url, status=201)


def _described(id: int) -> forms.SeriesOut | None:
    seen = seen_series(viewer(), id)
    return forms.series_out(seen) if seen else None


@routes.get("/series/<int:id>")
@endpoint("meetings.series", gives=forms.SeriesOut)
def show(id: int) -> Response:
    """Show the meetings of a series that the viewer sees."""
    series, seen = find_series(viewer(), id)
    return respond(
        lambda: forms.series_out(seen),
        page="meetings/series.html",
        series=seen,
        may_edit=access.may(viewer(), "meetings.edit_series", series),
        may_announce=access.may(viewer(), "meetings.announce_series", series)
        and any(row.status == "draft" for row in seen.meetings),
        audience=access.audience(viewer(), seen.meetings[0].audience_id),
        programme=programme_of(owner_of(series)),
    )


@routes.get("/series/<int:id>/edit")
@endpoint("meetings.series_form")
def form(id: int) -> Response:
    """Show the form for the title and the text of a series."""
    series, seen = find_series(viewer(), id)
    access.judge(viewer(), "meetings.edit_series", series)
    return respond(
        page="meetings/series_edit.html",
        series=seen,
        audience=access.audience(viewer(), series.audience_id),
        programme=programme_of(owner_of(series)),
    )


@routes.patch("/series/<int:id>")
@endpoint("meetings.edit_series", takes=forms.EditSeries, gives=forms.SeriesOut, form=form)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change the title or the text of a series."""
    series, _seen = find_series(viewer(), id)
    actions.edit_series(viewer(), series, **given)
    flash(_("De reeks is gewijzigd."))
    return respond(lambda: _described(series.id), to=series.url)


@routes.get("/series/<int:id>/announcement")
@endpoint("meetings.series_announcement")
def announcement(id: int) -> Response:
    """Show how many people the announcement of a series reaches with how many mails, before it is sent."""
    series, seen = find_series(viewer(), id)
    access.judge(viewer(), "meetings.announce_series", series)
    drafts = drafts_of(viewer(), series)
    if not drafts:
        raise Conflict(_("Alle bijeenkomsten van deze reeks zijn al aangekondigd."))
    return respond(
        page="meetings/series_announcement.html",
        series=seen,
        drafts=drafts,
        reach=reach(drafts),
        audience=access.audience(viewer(), series.audience_id),
        programme=programme_of(owner_of(series)),
    )


@routes.put("/series/<int:id>/announcement")
@endpoint("meetings.announce_series", gives=forms.SeriesOut, form=announcement)
def announce(id: int) -> Response:
    """Announce all drafts of a series to everybody of their audiences."""
    series, seen = find_series(viewer(), id)
    number = sum(row.status == "draft" for row in seen.meetings)
    actions.announce_series(viewer(), series)
    flash(
        n_(
            "%(n)s bijeenkomst is aangekondigd. Iedereen krijgt een uitnodiging per mail.",
            "%(n)s bijeenkomsten zijn aangekondigd. Iedereen krijgt voor elke bijeenkomst een uitnodiging per mail.",
            number,
        )
    )
    return respond(lambda: _described(series.id), to=series.url)
