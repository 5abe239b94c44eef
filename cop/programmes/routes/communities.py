"""Endpoints of communities: the list, creating, editing, and joining as a reader."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user
from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.programmes import actions, forms
from cop.programmes.routes.blueprint import routes
from cop.society.audience import Audience
from cop.society.programmes import Community, Programme, community_by_slug
from cop.things import Thing


@routes.get("/communities")
@endpoint("communities.list", asks=forms.Purpose, gives=forms.CommunityOut, many=True)
def list_(asked: dict[str, Any]) -> Response:
    """List the viewer's communities; with `for`, link each to its form for a question, its documents or its chat."""
    mine = select(Community).where(access.visible_to(current_user, Community))
    found = db.session.scalars(mine.order_by(Community.programme_id, Community.position))
    items = [described(community) for community in found]
    links = _start_links(items, asked["purpose"])
    if asked["purpose"] and len(links) == 1:
        return respond_list(Slice(items), to=next(iter(links.values())))
    return respond_list(Slice(items), page="programmes/communities.html", purpose=asked["purpose"], ways=links)


def described(community: Community) -> forms.CommunityOut:
    """Return a community with the viewer's role in it."""
    return forms.CommunityOut(
        id=community.id,
        slug=community.slug,
        name=community.name,
        url=community.url,
        purpose=community.purpose,
        themes=community.themes,
        emphasis=community.emphasis,
        role=access.rights(current_user).role_for(community),
    )


def _start_links(communities: list[forms.CommunityOut], purpose: str | None) -> dict[int, str]:
    """Return community id → path where the purpose starts; only a chat room where the viewer cannot write."""
    if purpose == "room":
        rooms = _rooms([c.id for c in communities])
        return {c.id: f"/rooms/{rooms[c.id][0]}" if len(rooms[c.id]) == 1 else f"{c.url}/rooms" for c in communities}
    end = {"question": "/threads/new?kind=question", "document": "/documents"}.get(purpose or "", "")
    writable = {row.id for row in access.rights(current_user).communities if row.writable}
    return {c.id: f"{c.url}{end}" for c in communities if purpose is None or c.id in writable}


def _rooms(communities: list[int]) -> dict[int, list[int]]:
    """Return community id → ids of its chat rooms."""
    found: dict[int, list[int]] = {id: [] for id in communities}
    for community, room in db.session.execute(
        select(Community.id, Thing.id)
        .join(Audience, Audience.community_id == Community.id)
        .join(Thing, Thing.audience_id == Audience.id)
        .where(Thing.kind == "room", Thing.state == "live", Community.id.in_(communities))
        .order_by(Thing.id)
    ):
        found[community].append(room)
    return found


@routes.get("/programmes/<slug>/communities/new")
@endpoint("communities.new")
def new(slug: str) -> Response:
    """Show the page to create a community on."""
    programme = access.find(current_user, Programme, slug=slug)
    access.judge(current_user, "communities.add", programme)
    return respond(page="programmes/community_new.html", programme=programme)


@routes.post("/programmes/<slug>/communities")
@endpoint("communities.add", takes=forms.CommunityNew, gives=forms.CommunityOut, form=new, status=201)
def add(slug: str, given: dict[str, Any]) -> Response:
    """Create a community."""
    programme = access.find(current_user, Programme, slug=slug)
    community = actions.add_community(current_user, programme, **given)
    flash(_("De praktijkgemeenschap %(name)s is geopend. Nodig nu deelnemers uit.", name=community.name))
    return respond(lambda: described(community), to=f"{programme.url}/edit", status=201)


@routes.get("/communities/<slug>/edit")
@endpoint("communities.settings")
def settings(slug: str) -> Response:
    """Show the page to edit a community on."""
    community = access.find(current_user, Community, slug=slug)
    access.judge(current_user, "communities.edit", community)
    return respond(page="programmes/community.html", community=community)


@routes.patch("/communities/<slug>")
@endpoint("communities.edit", takes=forms.CommunityEdit, gives=forms.CommunityOut, form=settings)
def edit(slug: str, given: dict[str, Any]) -> Response:
    """Change a community."""
    community = access.find(current_user, Community, slug=slug)
    actions.edit_community(current_user, community, **given)
    flash(_("De gegevens van %(name)s zijn opgeslagen.", name=community.name))
    return respond(lambda: described(community), to=community.url)


@routes.get("/communities/<slug>/removal")
@endpoint("communities.removal")
def removal(slug: str) -> Response:
    """Ask for confirmation before a community is removed, or show what stands in it."""
    community = _removable(slug)
    access.judge(current_user, "communities.remove", community)
    return respond(
        page="programmes/community_removal.html",
        community=community,
        programme=community.programme,
        uses=actions.uses_of_community(community),
    )


@routes.delete("/communities/<slug>")
@endpoint("communities.remove", form=removal)
def remove(slug: str) -> Response:
    """Remove a community that is empty."""
    community = _removable(slug)
    programme = community.programme
    actions.remove_community(current_user, community)
    flash(_("De praktijkgemeenschap %(name)s is verwijderd.", name=community.name))
    return respond(to=f"{programme.url}/edit")


def _removable(slug: str) -> Community:
    """Return a community that the viewer sees, or may remove without taking part, as an administrator."""
    found = community_by_slug(slug)
    if found is not None and access.may(current_user, "communities.remove", found):
        return found
    return access.find(current_user, Community, slug=slug)


@routes.post("/programmes/<slug>/joining")
@endpoint("communities.join", takes=forms.Join, gives=forms.CommunityOut)
def join(slug: str, given: dict[str, Any]) -> Response:
    """Give an administrator read access to a community of the programme; the journal records it."""
    programme = access.find(current_user, Programme, slug=slug)
    community = community_by_slug(given["community"])
    if community is None or community.programme_id != programme.id:
        raise NotFound()
    actions.join(current_user, community)
    return respond(lambda: described(community), to=community.url)
