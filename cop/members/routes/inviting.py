"""Endpoints of invitations."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from flask import Response, g, request
from flask_login import current_user

from cop import access
from cop.access.choosing import organisations_to_choose
from cop.base import forms as base_forms
from cop.base import mail_addresses
from cop.base.db import db
from cop.base.errors import Invalid, NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _, n_
from cop.members import actions, address_lists, forms
from cop.members.actions.inviting import InvitationsSent, Invitee, Outcome
from cop.members.routes.blueprint import routes
from cop.members.routes.members import inviting, list_
from cop.society.invitations import Invitation, invitations
from cop.society.organisations import Organisation
from cop.society.programmes import Community

LARGEST_LIST = 1024 * 1024  # bytes of an uploaded list


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


@routes.post("/communities/<slug>/invitations/preview")
@endpoint(
    "members.preview",
    takes=forms.InviteSeveral,
    gives=forms.PreviewOut,
    many=True,
    form=list_,
    files=("file",),
    own_transaction=True,
)
def preview(slug: str, given: dict[str, Any]) -> Response:
    """Show what inviting a list would do with each person, to correct it before anything is sent.

    Once a partnership is chosen, all communities are: its people take part everywhere unless one is unticked after that.
    """
    community = access.find(current_user, Community, slug=slug)
    access.judge(current_user, "members.invite", community)
    before = given.pop("partnership_before", given.get("partnership"))
    if given.get("partnership") not in (None, before):
        given["communities"] = [place.slug for place in actions.invitable(current_user, community.programme)]
    given["rows"] += _uploaded()
    forms.check_number(given["rows"])
    return _preview(community, given)


def _uploaded() -> list[Invitee]:
    """Return the rows of the uploaded file. Raise Invalid for one that is no text."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return []
    content = file.stream.read(LARGEST_LIST + 1)
    lines = address_lists.decode(content) if len(content) <= LARGEST_LIST else None
    if lines is None:
        words = _(
            "Dit bestand kunnen we niet lezen. Sla het in Excel op als CSV, of plak de cellen in het vak hierboven."
        )
        raise Invalid(errors={"file": words})
    return forms.rows_of(lines)


@routes.post("/communities/<slug>/invitations")
@endpoint(
    "members.invite_several",
    takes=forms.InviteSeveral,
    gives=forms.InvitationOut,
    many=True,
    form=lambda slug: _preview_again(slug),
    status=201,
)
def invite_several(slug: str, given: dict[str, Any]) -> Response:
    """Invite everybody on a list, or nobody when a row is wrong."""
    community = access.find(current_user, Community, slug=slug)
    forms.check_number(given["rows"])
    given["rows"] = with_organisations(given["rows"], organisations_to_choose(current_user))
    given.pop("partnership_before", None)
    sent = actions.invite_several(current_user, community, **given)
    flash(_summary(sent))
    response = respond_list(Slice(sent.invitations), to=f"{community.url}/members")
    response.status_code = 201 if response.status_code == 200 else response.status_code
    return response


def with_organisations(
    rows: Sequence[Invitee], options: Sequence[Organisation], default: int | None = None
) -> list[Invitee]:
    """Return the rows with the organisation that each names, compared as names are; an unknown one is an error."""
    by_name = {address_lists.folded(one.name): one for one in options}
    chosen = next((one for one in options if one.id == default), None)
    found = []
    for row in rows:
        organisation = by_name.get(address_lists.folded(row.organisation_name)) if row.organisation_name else chosen
        if organisation is not None:
            row = row._replace(organisation=organisation.id, organisation_name=organisation.name)
        elif row.organisation_name and not row.error:
            error = _("De organisatie ‘%(name)s’ kennen we niet. Kies er een uit de lijst.", name=row.organisation_name)
            row = row._replace(error=error)
        found.append(row)
    return found


def _preview_again(slug: str) -> Response:
    """Show the preview of a list that was refused, with what is wrong; the page of members for a list without rows."""
    try:
        given = base_forms.read(forms.InviteSeveral)
        forms.check_number(given["rows"])
    except Invalid:
        return list_(slug=slug)
    return _preview(access.find(current_user, Community, slug=slug), given)


def _preview(community: Community, given: dict[str, Any]) -> Response:
    options = organisations_to_choose(current_user)
    rows = with_organisations(given["rows"], options, given.pop("organisation", None))
    chosen = {key: given[key] for key in ("role", "until", "communities", "roles") if key in given}
    problem = g.get("problem")
    errors = dict(problem.errors) if problem else {}
    try:
        wanted = actions.seats(current_user, community, **chosen)
    except Invalid as refusal:
        if problem is None and not _needs_form(refusal):
            raise
        errors |= refusal.errors
        wanted = []
    outcomes = actions.assess(current_user, community, rows, wanted)
    if _lacks_term(rows, given):
        errors.setdefault("until", _("Geef aan tot en met welke dag deze expert meedoet."))
    return respond_list(
        Slice([_shown(row, outcome) for row, outcome in zip(rows, outcomes, strict=True)]),
        page="members/invite_preview.html",
        community=community,
        errors=errors,
        given=SimpleNamespace(
            role=given.get("role", "member"), until=given.get("until"), partnership=given.get("partnership")
        ),
        chosen=len(wanted),
        sending=sum(outcome.kind in ("new", "known") for outcome in outcomes),
        wrong=sum(outcome.kind == "wrong" for outcome in outcomes),
        **inviting(community, given),
    )


def _needs_form(refusal: Invalid) -> bool:
    """Return whether a refused choice can be corrected in the preview: a term or the communities."""
    return set(refusal.errors) <= {"until", "communities"}


def _lacks_term(rows: Sequence[Invitee], given: dict[str, Any]) -> bool:
    """Return whether a row makes somebody an expert while the last day is missing."""
    return given.get("until") is None and any(row.role == "expert" and not row.dropped for row in rows)


def _shown(row: Invitee, outcome: Outcome) -> forms.PreviewOut:
    return forms.PreviewOut(
        line=row.line,
        said=row.text,
        mail=mail_addresses.readable(row.mail),
        name=row.name,
        organisation=row.organisation_name,
        role=row.role,
        outcome=outcome.kind,
        communities=[one.name for one in outcome.joins],
        error=outcome.error,
    )


def _summary(sent: InvitationsSent) -> str:
    """Return a summary of the invitations sent."""
    if sent.people == 1:
        message = _sent_message(sent.invitations[0])
    elif sent.people:
        message = _("%(n)s uitnodigingen zijn onderweg.", n=sent.people)
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
    return _("De uitnodiging aan %(mail)s is onderweg.", mail=mail_addresses.readable(invitation.person.mail))


@routes.post("/communities/<slug>/members/partners")
@endpoint("members.add_partners", takes=forms.AddPartners, gives=forms.InvitationOut, many=True, form=list_, status=201)
def add_partners(slug: str, given: dict[str, Any]) -> Response:
    """Add people of the programme's partnerships who do not take part here yet."""
    community = access.find(current_user, Community, slug=slug)
    made = actions.add_partners(current_user, community, people=given.get("people", []))
    flash(
        n_(
            "%(n)s partner doet nu mee in %(name)s en krijgt een mail.",
            "%(n)s partners doen nu mee in %(name)s en krijgen een mail.",
            len(made),
            name=community.name,
        )
    )
    response = respond_list(Slice(made), to=f"{community.url}/members")
    response.status_code = 201 if response.status_code == 200 else response.status_code
    return response


def _find_invitation(community: Community, id: int) -> Invitation:
    """Return the invitation of this community with this id, else raise NotFound."""
    found = db.session.get(Invitation, id)
    if found is None or found.community_id != community.id:
        raise NotFound()
    return found


@routes.patch("/communities/<slug>/invitations/<int:id>")
@endpoint(
    "members.correct", takes=forms.Correct, gives=forms.InvitationOut, form=lambda slug, id: list_(slug=slug, wrong=id)
)
def correct(slug: str, id: int, given: dict[str, Any]) -> Response:
    """Correct the name, address or organisation of somebody who has not entered yet."""
    community = access.find(current_user, Community, slug=slug)
    invitation = _find_invitation(community, id)
    before = invitation.person.mail
    if "organisation" in given:
        given["organisation"] = _organisation_id(given["organisation"])
    actions.correct(current_user, invitation, **given)
    person = invitation.person
    if person.mail.lower() != before.lower():
        flash(_sent_message(invitation))
    else:
        flash(_("De gegevens van %(name)s zijn opgeslagen.", name=person.name or person.mail))
    return respond(invitation, to=f"{community.url}/members#invitations")


def _organisation_id(name: str) -> int:
    """Return the id of the organisation with this name, 0 for no name. Raise Invalid for an unknown one."""
    if not name:
        return 0
    (row,) = with_organisations([Invitee(0, "", organisation_name=name)], organisations_to_choose(current_user))
    if row.organisation is None:
        raise Invalid(errors={"organisation": row.error})
    return row.organisation


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
    person = actions.revoke(current_user, _find_invitation(community, id)).person
    flash(
        _("De uitnodiging aan %(name)s is ingetrokken.", name=person.name or mail_addresses.readable(person.mail)),
        undo=f"{community.url}/members/{person.id}/restore",
    )
    return respond(to=f"{community.url}/members#invitations")
