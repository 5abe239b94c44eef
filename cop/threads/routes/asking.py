"""Endpoints of what the form of a new thread asks."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.errors import NotFound
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.society.programmes import Community
from cop.threads import actions, asking
from cop.threads.forms import FormIn, FormOut
from cop.threads.routes.blueprint import routes
from cop.threads.routes.writing import KINDS

ADDRESS = "/communities/<slug>/forms/<kind>"


@routes.get(ADDRESS)
@endpoint("communities.form", gives=FormOut)
def form(slug: str, kind: str) -> Response:
    """Show what the form of a new thread of this kind asks."""
    community = _find(slug, kind)
    access.judge(current_user, "communities.set_form", community)
    return respond(
        _out(community, kind),
        page="threads/form.html",
        community=community,
        kind=kind,
        kinds=KINDS,
        asked=asking.labels(community, kind),
        usual=asking.usual_labels(),
    )


@routes.put(ADDRESS)
@endpoint("communities.set_form", takes=FormIn, gives=FormOut, form=form)
def set_form(slug: str, kind: str, given: dict[str, Any]) -> Response:
    """Ask these questions of who starts a thread of this kind."""
    community = _find(slug, kind)
    actions.set_form(current_user, community, kind=kind, **given)
    flash(_("Wie hier een gesprek begint, krijgt nu deze vragen."))
    return respond(lambda: _out(community, kind), to=f"{community.url}/forms/{kind}")


@routes.delete(ADDRESS)
@endpoint("communities.drop_form")
def drop_form(slug: str, kind: str) -> Response:
    """Ask for a text only."""
    community = _find(slug, kind)
    before = {name: asking.labels(community, kind).get(name, "") for name in asking.ANSWERS}
    actions.drop_form(current_user, community, kind=kind)
    flash(
        _("De vragen staan uit. Wie hier een gesprek begint, schrijft een gewone tekst."),
        undo=f"{community.url}/forms/{kind}" if any(before.values()) else None,
        **before,
    )
    return respond(to=f"{community.url}/forms/{kind}")


def _find(slug: str, kind: str) -> Community:
    if kind not in KINDS:
        raise NotFound()
    return access.find(current_user, Community, slug=slug)


def _out(community: Community, kind: str) -> dict[str, Any]:
    asked = asking.labels(community, kind)
    return {"kind": kind, **{name: asked.get(name, "") for name in asking.ANSWERS}}
