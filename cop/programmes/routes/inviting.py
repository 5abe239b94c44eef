"""Endpoints of invitations."""

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
from cop.programmes.actions.inviting import InvitationsSent
from cop.programmes.routes.blueprint import routes
from cop.programmes.routes.members import list_
from cop.society.invitations import Invitation, invitations
from cop.society.programmes import Community


@routes.post("/communities/<slug>/members")
@endpoint("members.invite", takes=forms.Invite, gives=forms.InvitationOut, form=list_, status=201)
def invite(slug: str, given: dict[str, Any]) -> Response:
    """Invite a person by mail."""
    community = access.find(current_user, Community, slug=slug)
    invitation = actions.invite(current_user, community, **given)
    flash(_sent_message(invitation))
    return respond(invitation, to=f"{community.url}/members", status=201)


@routes.get("/communities/<slug>/invitations")
@endpoint("members.invitations", gives=forms.InvitationOut, many=True)
def invited(slug: str) -> Response:
    """List the invitations to a community with their state; browsers are redirected to the page of members."""
    community = access.find(current_user, Community, slug=slug)
    access.judge(current_user, "members.invite", community)
    return respond_list(Slice(invitations(community)), to=f"{community.url}/members#invitations")


@routes.post("/communities/<slug>/invitations")
@endpoint(
    "members.invite_several", takes=forms.InviteSeveral, gives=forms.InvitationOut, many=True, form=list_, status=201
)
def invite_several(slug: str, given: dict[str, Any]) -> Response:
    """Invite everybody on a pasted list, or nobody when a line is wrong."""
    community = access.find(current_user, Community, slug=slug)
    sent = actions.invite_several(current_user, community, **given)
    flash(_summary(sent))
    response = respond_list(Slice(sent.invitations), to=f"{community.url}/members")
    response.status_code = 201 if response.status_code == 200 else response.status_code
    return response


def _summary(sent: InvitationsSent) -> str:
    """Return a summary of the invitations sent."""
    if len(sent.invitations) == 1:
        message = _sent_message(sent.invitations[0])
    elif sent.invitations:
        message = _("%(n)s uitnodigingen zijn onderweg.", n=len(sent.invitations))
    else:
        message = _("Er is niets verstuurd.")
    members = n_(
        "%(n)s adres was al uitgenodigd of doet al mee.",
        "%(n)s adressen waren al uitgenodigd of doen al mee.",
        sent.members,
    )
    return f"{message} {members}" if sent.members else message


def _sent_message(invitation: Invitation) -> str:
    """Return the message that an invitation was sent."""
    return _("De uitnodiging aan %(mail)s is onderweg.", mail=invitation.person.mail)


def _find_invitation(community: Community, id: int) -> Invitation:
    """Return the invitation of this community with this id, else raise NotFound."""
    found = db.session.get(Invitation, id)
    if found is None or found.community_id != community.id:
        raise NotFound()
    return found


@routes.post("/communities/<slug>/invitations/<int:id>/sending")
@endpoint("members.resend", gives=forms.InvitationOut, form=lambda slug, id: list_(slug=slug))
def resend(slug: str, id: int) -> Response:
    """Send an invitation once more."""
    community = access.find(current_user, Community, slug=slug)
    invitation = actions.resend(current_user, _find_invitation(community, id))
    flash(_sent_message(invitation))
    return respond(invitation, to=f"{community.url}/members#invitations")


@routes.delete("/communities/<slug>/invitations/<int:id>")
@endpoint("members.revoke", form=lambda slug, id: list_(slug=slug))
def revoke(slug: str, id: int) -> Response:
    """Revoke an invitation."""
    community = access.find(current_user, Community, slug=slug)
    actions.revoke(current_user, _find_invitation(community, id))
    flash(_("De uitnodiging is ingetrokken."))
    return respond(to=f"{community.url}/members#invitations")
