"""The doors of programmes, communities, members and partnerships."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user
from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Page, Routes, answer, answer_list, door, say
from cop.base.words import _
from cop.people.models import Organisation, Person
from cop.programmes import actions, forms
from cop.programmes.models import (
    PHASES,
    ROLES,
    Community,
    Invitation,
    Membership,
    Partnership,
    Programme,
    TeamMember,
    bounced,
    invitations,
    members,
)

routes = Routes("programmes", __name__)


@routes.get("/communities")
@door("communities.list", gives=forms.CommunityOut, many=True)
def communities() -> Response:
    """The communities in which I take part."""
    rights = access.rights(current_user)
    items = [forms.CommunityOut(id=c.id, slug=c.slug, name=c.name, url=f"/communities/{c.slug}", role=rights.roles[c.id])
             for c in rights.communities]
    return answer_list(Page(items), page="programmes/communities.html")


@routes.get("/programmes/new")
@door("programmes.new")
def new() -> Response:
    """The page on which a programme is set up."""
    access.judge(current_user, "programmes.add", None)
    return answer(page="programmes/new.html", phases=PHASES)


@routes.post("/programmes")
@door("programmes.add", takes=forms.ProgrammeNew, gives=forms.ProgrammeOut, form=new, status=201)
def add(given: dict[str, Any]) -> Response:
    """Sets up a programme."""
    programme = actions.add_programme(current_user, None, **given)
    return answer(programme, to=programme.url, status=201)


@routes.get("/programmes/<slug>")
@door("programmes.show", gives=forms.ProgrammeOut)
def show(slug: str) -> Response:
    """A programme: its phases, communities, partnerships and team."""
    programme = access.find(current_user, Programme, slug=slug)
    team = list(db.session.scalars(select(Person).join(TeamMember, TeamMember.person_id == Person.id)
                                   .where(TeamMember.programme_id == programme.id).order_by(Person.name)))
    return answer(programme, page="programmes/show.html", programme=programme, team=team,
                  mine=access.rights(current_user).roles, may_edit=access.may(current_user, "programmes.edit", programme),
                  may_join=access.may(current_user, "communities.join", programme))


@routes.get("/programmes/<slug>/edit")
@door("programmes.settings")
def settings(slug: str) -> Response:
    """The page on which a programme, its team, communities and partnerships are managed."""
    programme = access.find(current_user, Programme, slug=slug)
    access.judge(current_user, "programmes.edit", programme)
    people = list(db.session.scalars(select(Person).where(access.seen_by(current_user, Person), Person.state == "active")
                                     .order_by(Person.name)))
    team = list(db.session.scalars(select(Person).join(TeamMember, TeamMember.person_id == Person.id)
                                   .where(TeamMember.programme_id == programme.id).order_by(Person.name)))
    return answer(page="programmes/settings.html", programme=programme, phases=PHASES, people=people, team=team,
                  organisations=_organisations())


@routes.patch("/programmes/<slug>")
@door("programmes.edit", takes=forms.ProgrammeEdit, gives=forms.ProgrammeOut, form=settings)
def edit(slug: str, given: dict[str, Any]) -> Response:
    """Changes a programme."""
    programme = access.find(current_user, Programme, slug=slug)
    actions.edit_programme(current_user, programme, **given)
    say(_("Opgeslagen."))
    return answer(programme, to=f"{programme.url}/edit")


@routes.post("/programmes/<slug>/team")
@door("team.add", takes=forms.Team, form=settings, status=201)
def team_add(slug: str, given: dict[str, Any]) -> Response:
    """Adds somebody to the programme team."""
    programme = access.find(current_user, Programme, slug=slug)
    actions.team_add(current_user, programme, **given)
    return answer(to=f"{programme.url}/edit", status=201)


@routes.delete("/programmes/<slug>/team/<int:person>")
@door("team.remove", form=settings)
def team_remove(slug: str, person: int) -> Response:
    """Takes somebody off the programme team."""
    programme = access.find(current_user, Programme, slug=slug)
    actions.team_remove(current_user, programme, member=person)
    return answer(to=f"{programme.url}/edit")


@routes.post("/programmes/<slug>/communities")
@door("communities.add", takes=forms.CommunityNew, gives=forms.CommunityOut, form=settings, status=201)
def add_community(slug: str, given: dict[str, Any]) -> Response:
    """Opens a community."""
    programme = access.find(current_user, Programme, slug=slug)
    community = actions.add_community(current_user, programme, **given)
    return answer(community, to=f"{programme.url}/edit", status=201)


@routes.get("/communities/<slug>/edit")
@door("communities.settings")
def community_settings(slug: str) -> Response:
    """The page on which a community is managed."""
    community = access.find(current_user, Community, slug=slug)
    access.judge(current_user, "communities.edit", community)
    return answer(page="programmes/community.html", community=community)


@routes.patch("/communities/<slug>")
@door("communities.edit", takes=forms.CommunityEdit, gives=forms.CommunityOut, form=community_settings)
def edit_community(slug: str, given: dict[str, Any]) -> Response:
    """Changes a community."""
    community = access.find(current_user, Community, slug=slug)
    actions.edit_community(current_user, community, **given)
    say(_("Opgeslagen."))
    return answer(community, to=f"{community.url}/edit")


@routes.post("/programmes/<slug>/joining")
@door("communities.join", takes=forms.Team, gives=forms.CommunityOut)
def join(slug: str, given: dict[str, Any]) -> Response:
    """Lets an administrator read along in a community (`member` is the community's id); the journal shows it."""
    programme = access.find(current_user, Programme, slug=slug)
    community = db.session.get(Community, given["member"])
    if community is None or community.programme_id != programme.id:
        raise NotFound()
    actions.join(current_user, community)
    return answer(community, to=community.url)


@routes.get("/communities/<slug>/members")
@door("members.list", gives=forms.MemberOut, many=True)
def members_(slug: str) -> Response:
    """Who takes part, by organisation; for moderators also who was invited and how that went."""
    community = access.find(current_user, Community, slug=slug)
    curates = access.may(current_user, "members.invite", community)
    invited = invitations(community) if curates else []
    return answer_list(Page(members(community)), page="programmes/members.html", community=community, curates=curates,
                       invited=invited, bounced=bounced(invited), roles=ROLES,
                       organisations=_organisations() if curates else [])


def _organisations() -> list[Organisation]:
    return list(db.session.scalars(select(Organisation).order_by(Organisation.name)))


@routes.post("/communities/<slug>/members")
@door("members.invite", takes=forms.Invite, gives=forms.InvitationOut, form=members_, status=201)
def invite(slug: str, given: dict[str, Any]) -> Response:
    """Invites somebody by mail."""
    community = access.find(current_user, Community, slug=slug)
    invitation = actions.invite(current_user, community, **given)
    say(_("De uitnodiging aan %(mail)s is onderweg.", mail=invitation.person.mail))
    return answer(invitation, to=f"{community.url}/members", status=201)


def _membership(community: Community, person: int) -> Membership:
    """The running membership of a person here, else 404."""
    found = db.session.scalar(select(Membership).where(
        Membership.community_id == community.id, Membership.person_id == person, Membership.ended.is_(None)))
    if found is None:
        raise NotFound()
    return found


@routes.patch("/communities/<slug>/members/<int:person>")
@door("members.change", takes=forms.Change, gives=forms.MemberOut, form=lambda slug, person: members_(slug=slug))
def change(slug: str, person: int, given: dict[str, Any]) -> Response:
    """Gives a member another role or term."""
    community = access.find(current_user, Community, slug=slug)
    membership = actions.change(current_user, _membership(community, person), **given)
    say(_("Opgeslagen."))
    return answer(membership, to=f"{community.url}/members")


@routes.delete("/communities/<slug>/members/<int:person>")
@door("members.remove", form=lambda slug, person: members_(slug=slug))
def remove(slug: str, person: int) -> Response:
    """Ends a membership."""
    community = access.find(current_user, Community, slug=slug)
    actions.remove(current_user, _membership(community, person))
    left = person == current_user.id
    say(_("U doet hier niet meer mee.") if left else _("Deze deelnemer is verwijderd en heeft geen toegang meer."))
    return answer(to="/" if left else f"{community.url}/members")


def _invitation(community: Community, id: int) -> Invitation:
    found = db.session.get(Invitation, id)
    if found is None or found.community_id != community.id:
        raise NotFound()
    return found


@routes.post("/communities/<slug>/invitations/<int:id>/sending")
@door("members.resend", gives=forms.InvitationOut, form=lambda slug, id: members_(slug=slug))
def resend(slug: str, id: int) -> Response:
    """Sends an invitation once more."""
    community = access.find(current_user, Community, slug=slug)
    invitation = actions.resend(current_user, _invitation(community, id))
    say(_("De uitnodiging aan %(mail)s is onderweg.", mail=invitation.person.mail))
    return answer(invitation, to=f"{community.url}/members")


@routes.delete("/communities/<slug>/invitations/<int:id>")
@door("members.revoke", form=lambda slug, id: members_(slug=slug))
def revoke(slug: str, id: int) -> Response:
    """Takes an invitation back."""
    community = access.find(current_user, Community, slug=slug)
    actions.revoke(current_user, _invitation(community, id))
    say(_("De uitnodiging is ingetrokken."))
    return answer(to=f"{community.url}/members")


@routes.get("/partnerships/<int:id>")
@door("partnerships.show", gives=forms.PartnershipOut)
def partnership(id: int) -> Response:
    """A partnership: its organisations, its people and what they work on."""
    found = access.find(current_user, Partnership, id)
    return answer(found, page="programmes/partnership.html", partnership=found,
                  may_edit=access.may(current_user, "partnerships.edit", found))


@routes.post("/programmes/<slug>/partnerships")
@door("partnerships.add", takes=forms.PartnershipNew, gives=forms.PartnershipOut, form=settings, status=201)
def add_partnership(slug: str, given: dict[str, Any]) -> Response:
    """Records a partnership."""
    programme = access.find(current_user, Programme, slug=slug)
    made = actions.add_partnership(current_user, programme, **given)
    return answer(made, to=made.url, status=201)


@routes.get("/partnerships/<int:id>/edit")
@door("partnerships.settings")
def partnership_settings(id: int) -> Response:
    """The page on which a partnership is changed."""
    found = access.find(current_user, Partnership, id)
    access.judge(current_user, "partnerships.edit", found)
    people = list(db.session.scalars(select(Person).where(access.seen_by(current_user, Person)).order_by(Person.name)))
    return answer(page="programmes/partnership_settings.html", partnership=found, organisations=_organisations(), people=people)


@routes.patch("/partnerships/<int:id>")
@door("partnerships.edit", takes=forms.PartnershipEdit, gives=forms.PartnershipOut, form=partnership_settings)
def edit_partnership(id: int, given: dict[str, Any]) -> Response:
    """Changes a partnership."""
    found = access.find(current_user, Partnership, id)
    actions.edit_partnership(current_user, found, **given)
    say(_("Opgeslagen."))
    return answer(found, to=found.url)
