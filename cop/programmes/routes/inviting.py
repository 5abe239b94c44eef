"""The doors of invitations: asking people in, and what can be done until they come."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _, n_
from cop.programmes import actions, forms
from cop.programmes.actions.inviting import Sent
from cop.programmes.routes.blueprint import routes
from cop.programmes.routes.members import list_
from cop.society.invitations import Invitation, invitations
from cop.society.programmes import Community


@routes.post("/communities/<slug>/members")
@endpoint("members.invite", takes=forms.Invite, gives=forms.InvitationOut, form=list_, status=201)
def invite(slug: str, given: dict[str, Any]) -> Response:
    """Invites somebody by mail."""
    community = access.find(current_user, Community, slug=slug)
    invitation = actions.invite(current_user, community, **given)
    flash(_under_way(invitation))
    return respond(invitation, to=f"{community.url}/members", status=201)


@routes.get("/communities/<slug>/invitations")
@endpoint("members.invitations", gives=forms.InvitationOut, many=True)
def invited(slug: str) -> Response:
    """The invitations to a community and how they stand; people read them below the members."""
    community = access.find(current_user, Community, slug=slug)
    access.judge(current_user, "members.invite", community)
    return respond_list(Slice(invitations(community)), to=f"{community.url}/members#invitations")


@routes.post("/communities/<slug>/invitations")
@endpoint(
    "members.invite_several", takes=forms.InviteSeveral, gives=forms.InvitationOut, many=True, form=list_, status=201
)
def invite_several(slug: str, given: dict[str, Any]) -> Response:
    """Invites everybody on a pasted list or, when a line is wrong, nobody."""
    community = access.find(current_user, Community, slug=slug)
    sent = actions.invite_several(current_user, community, **given)
    flash(_told(sent))
    response = respond_list(Slice(sent.invitations), to=f"{community.url}/members")
    response.status_code = 201 if response.status_code == 200 else response.status_code
    return response


def _told(sent: Sent) -> str:
    """What became of a list, in a sentence or two."""
    if len(sent.invitations) == 1:
        said = _under_way(sent.invitations[0])
    elif sent.invitations:
        said = _("%(n)s uitnodigingen zijn onderweg.", n=len(sent.invitations))
    else:
        said = _("Er is niets verstuurd.")
    known = n_(
        "%(n)s adres was al uitgenodigd of doet al mee.",
        "%(n)s adressen waren al uitgenodigd of doen al mee.",
        sent.known,
    )
    return f"{said} {known}" if sent.known else said


def _under_way(invitation: Invitation) -> str:
    return _("De uitnodiging aan %(mail)s is onderweg.", mail=invitation.person.mail)


def _invitation(community: Community, id: int) -> Invitation:
    found = db.session.get(Invitation, id)
    if found is None or found.community_id != community.id:
        raise NotFound()
    return found


@routes.post("/communities/<slug>/invitations/<int:id>/sending")
@endpoint("members.resend", gives=forms.InvitationOut, form=lambda slug, id: list_(slug=slug))
def resend(slug: str, id: int) -> Response:
    """Sends an invitation once more."""
    community = access.find(current_user, Community, slug=slug)
    invitation = actions.resend(current_user, _invitation(community, id))
    flash(_under_way(invitation))
    return respond(invitation, to=f"{community.url}/members#invitations")


@routes.delete("/communities/<slug>/invitations/<int:id>")
@endpoint("members.revoke", form=lambda slug, id: list_(slug=slug))
def revoke(slug: str, id: int) -> Response:
    """Takes an invitation back."""
    community = access.find(current_user, Community, slug=slug)
    actions.revoke(current_user, _invitation(community, id))
    flash(_("De uitnodiging is ingetrokken."))
    return respond(to=f"{community.url}/members#invitations")
