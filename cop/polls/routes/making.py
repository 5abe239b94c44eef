"""Endpoints of making a poll, changing it, saying who must be there, and removing a draft."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base import clock
from cop.base.errors import Conflict
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.meetings.groups import changed_choice, new_choice
from cop.meetings.models import Owner, owner_of, programme_of
from cop.polls import actions, forms
from cop.polls.models import CHANGEABLE, MOST, Poll, everybody, options_of
from cop.polls.routes.blueprint import around, find, routes
from cop.polls.routes.showing import described
from cop.society.programmes import Community, Partnership, Programme


@routes.get("/communities/<slug>/polls/new")
@endpoint("polls.new")
def new(slug: str) -> Response:
    """Show the form for a poll of a community."""
    return _form(access.find(viewer(), Community, slug=slug))


@routes.get("/programmes/<slug>/polls/new")
@endpoint("polls.new_for_programme")
def new_for_programme(slug: str) -> Response:
    """Show the form for a poll of a whole programme."""
    return _form(access.find(viewer(), Programme, slug=slug))


@routes.get("/partnerships/<int:id>/polls/new")
@endpoint("polls.new_for_partnership")
def new_for_partnership(id: int) -> Response:
    """Show the form for a poll of a partnership."""
    return _form(access.find(viewer(), Partnership, id))


def _form(owner: Owner) -> Response:
    access.judge(viewer(), "polls.make", owner)
    return respond(
        page="polls/new.html",
        owner=owner,
        programme=programme_of(owner),
        poll=None,
        options=[],
        most=MOST,
        local=clock.local,
        **new_choice(owner),
    )


@routes.post("/communities/<slug>/polls")
@endpoint("polls.make", takes=forms.Make, gives=forms.PollOut, form=new, status=201)
def make(slug: str, given: dict[str, Any]) -> Response:
    """Make a poll of a community, as a draft."""
    return _make(access.find(viewer(), Community, slug=slug), given)


@routes.post("/programmes/<slug>/polls")
@endpoint("polls.make_for_programme", takes=forms.Make, gives=forms.PollOut, form=new_for_programme, status=201)
def make_for_programme(slug: str, given: dict[str, Any]) -> Response:
    """Make a poll of a whole programme, as a draft."""
    return _make(access.find(viewer(), Programme, slug=slug), given)


@routes.post("/partnerships/<int:id>/polls")
@endpoint("polls.make_for_partnership", takes=forms.Make, gives=forms.PollOut, form=new_for_partnership, status=201)
def make_for_partnership(id: int, given: dict[str, Any]) -> Response:
    """Make a poll of a partnership, as a draft."""
    return _make(access.find(viewer(), Partnership, id), given)


def _make(owner: Owner, given: dict[str, Any]) -> Response:
    poll = actions.make(viewer(), owner, **given)
    flash(_("Het concept is opgeslagen. Open de datumprikker als alles klopt."))
    return respond(lambda: described(poll), to=poll.url, status=201)


@routes.get("/polls/<int:id>/edit")
@endpoint("polls.settings")
def settings(id: int) -> Response:
    """Show the form to change a poll."""
    poll = _changeable(id, "polls.edit")
    return respond(
        page="polls/edit.html",
        options=options_of(poll.id),
        most=MOST,
        local=clock.local,
        **changed_choice(viewer(), poll, poll.status == "draft"),
        **around(poll),
    )


@routes.patch("/polls/<int:id>")
@endpoint("polls.edit", takes=forms.Edit, gives=forms.PollOut, form=settings)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change a poll of which nothing was chosen."""
    poll = actions.edit(viewer(), find(id), **given)
    flash(_("De datumprikker is gewijzigd."))
    return respond(lambda: described(poll), to=poll.url)


@routes.get("/polls/<int:id>/required")
@endpoint("polls.requiring")
def requiring(id: int) -> Response:
    """Show the people of a poll, to say who must be there."""
    poll = _changeable(id, "polls.require")
    return respond(page="polls/required.html", people=everybody(poll), **around(poll))


@routes.put("/polls/<int:id>/required")
@endpoint("polls.require", takes=forms.Require, gives=forms.PollOut, form=requiring)
def require(id: int, given: dict[str, Any]) -> Response:
    """Say who must be there."""
    poll = actions.require(viewer(), find(id), **given)
    flash(_("Opgeslagen wie erbij moet zijn."))
    return respond(lambda: described(poll), to=poll.url)


def _changeable(id: int, verb: str) -> Poll:
    poll = find(id)
    access.judge(viewer(), verb, poll)
    if poll.status not in CHANGEABLE:
        raise Conflict(_("Er is al een datum gekozen. U kunt deze datumprikker niet meer wijzigen."))
    return poll


@routes.get("/polls/<int:id>/removal")
@endpoint("polls.removal")
def removal(id: int) -> Response:
    """Ask for confirmation before a draft is removed."""
    poll = find(id)
    access.judge(viewer(), "polls.remove", poll)
    if poll.status != "draft":
        raise Conflict(_("Deze datumprikker is geopend. U kunt hem intrekken, niet verwijderen."))
    return respond(page="polls/removal.html", **around(poll))


@routes.delete("/polls/<int:id>")
@endpoint("polls.remove", form=removal)
def remove(id: int) -> Response:
    """Remove a draft."""
    poll = find(id)
    owner = owner_of(poll)
    actions.remove(viewer(), poll)
    flash(_("Het concept is verwijderd."))
    return respond(to=f"{owner.url}/meetings")
