"""Endpoints of members: the list, roles, terms and removal."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Response, g
from flask_login import current_user
from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.programmes import actions, forms
from cop.programmes.routes.blueprint import every_organisation, routes
from cop.society.invitations import invitations, state_of
from cop.society.memberships import ROLES, Membership, audience_size, members
from cop.society.programmes import Community


@routes.get("/communities/<slug>/members")
@endpoint("members.list", gives=forms.MemberOut, many=True)
def list_(slug: str) -> Response:
    """List the members by organisation; for moderators also the invitations and their state."""
    community = access.find(current_user, Community, slug=slug)
    curates = access.may(current_user, "members.invite", community)
    refused, found = g.get("problem"), members(community)
    return respond_list(
        Slice(found),
        page="programmes/members.html",
        community=community,
        curates=curates,
        audience_size=audience_size(community.audience_id),
        organised=[list(people) for _organisation, people in groupby(found, lambda row: row.organisation_id)],
        wrong=refused.extra.get("lines", []) if refused else [],
        invited=[(row, state_of(row)) for row in invitations(community)] if curates else [],
        organisations=every_organisation() if curates else [],
    )


def membership(community: Community, person: int) -> Membership:
    """Return the current membership of a person in a community, else raise NotFound."""
    found = db.session.scalar(
        select(Membership).where(
            Membership.community_id == community.id, Membership.person_id == person, Membership.ended.is_(None)
        )
    )
    if found is None:
        raise NotFound()
    return found


@routes.get("/communities/<slug>/members/<int:person>")
@endpoint("members.show", gives=forms.MemberOut)
def show(slug: str, person: int) -> Response:
    """Show a membership, for a moderator to change or end, or for the member to leave."""
    community = access.find(current_user, Community, slug=slug)
    found = membership(community, person)
    may = {verb: access.may(current_user, f"members.{verb}", found) for verb in ("change", "remove")}
    if not any(may.values()):
        return respond(found, to=f"/people/{person}")
    return respond(
        found,
        page="programmes/member.html",
        community=community,
        member=found,
        may=may,
        roles=ROLES,
        mine=person == current_user.id,
    )


@routes.patch("/communities/<slug>/members/<int:person>")
@endpoint("members.change", takes=forms.Change, gives=forms.MemberOut, form=show)
def change(slug: str, person: int, given: dict[str, Any]) -> Response:
    """Give a member another role or term."""
    community = access.find(current_user, Community, slug=slug)
    found = actions.change(current_user, membership(community, person), **given)
    flash(_("Opgeslagen."))
    return respond(found, to=f"{community.url}/members")


@routes.delete("/communities/<slug>/members/<int:person>")
@endpoint("members.remove", form=show)
def remove(slug: str, person: int) -> Response:
    """End a membership."""
    community = access.find(current_user, Community, slug=slug)
    actions.remove(current_user, membership(community, person))
    if person == current_user.id:
        flash(_("U doet niet meer mee in %(name)s.", name=community.name))
        return respond(to="/")
    flash(_("Deze deelnemer doet niet meer mee en heeft geen toegang meer."))
    return respond(to=f"{community.url}/members")
