"""Verbs of invitations to a community."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import update

from cop import access
from cop.base import clock, email
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Invalid
from cop.base.words import _, n_
from cop.programmes.actions.membership import enrol, membership_of, term
from cop.society.credentials import LINK_LASTS, OneTimeLink, new_link
from cop.society.events import MembershipChanged
from cop.society.invitations import Invitation
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person, by_mail
from cop.society.programmes import Community


class Addressee(NamedTuple):
    """A line of a pasted list: its number and text, and the person it names or the error in it."""

    line: int
    text: str
    mail: str = ""
    name: str = ""
    error: str = ""


@dataclass
class InvitationsSent:
    """The result of a pasted list: the invitations sent, and how many people took part already."""

    invitations: list[Invitation]
    members: int


class AlreadyMember(Invalid):
    """The invited person takes part already."""


@action("members.invite")
def invite(
    person: Person,
    community: Community,
    *,
    mail: str,
    name: str = "",
    role: str = "member",
    until: date | None = None,
    organisation: int | None = None,
) -> Invitation:
    """Invite somebody by mail; the membership starts now, the link in the mail signs them in.

    Raise AlreadyMember for a current member, Invalid for a closed account or a wrong term.
    """
    last_day = term(role, until)
    advisory_lock(f"mail:{mail.strip().lower()}")  # two simultaneous invitations must not create two people
    invited = by_mail(mail)
    if invited is None:
        invited = Person(mail=mail, name=name, state="invited")
        db.session.add(invited)
        db.session.flush()
    _refuse_member(invited, community)
    if organisation is not None and invited.organisation_id is None:
        _affiliate(invited, organisation)
    enrol(invited, community, role, last_day)
    invitation = Invitation(
        person_id=invited.id,
        inviter_id=person.id,
        community_id=community.id,
        role=role,
        until=last_day,
        accepted=clock.now() if invited.entered else None,
    )
    invitation.person, invitation.community = invited, community
    db.session.add(invitation)
    _send(person, invitation)
    detail(member=invited.id, community=community.id, role=role)
    return invitation


def _refuse_member(invited: Person, community: Community) -> None:
    """Raise AlreadyMember for a current member: roles are changed in the list, not by a second invitation."""
    if invited.state == "deactivated":
        raise Invalid(errors={"mail": _("Dit account is afgesloten. Vraag de beheerder het weer te openen.")})
    if access.rights(invited).role_for(community) is None:
        return
    raise AlreadyMember(
        errors={
            "mail": _("Deze deelnemer doet hier al mee. Een andere rol geeft u in de lijst.")
            if invited.entered
            else _("Deze deelnemer is al uitgenodigd. Stuur de uitnodiging opnieuw vanuit de lijst.")
        }
    )


def _affiliate(person: Person, organisation_id: int) -> None:
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise Invalid(errors={"organisation": _("Kies een organisatie uit de lijst.")})
    person.organisation_id = organisation.id
    db.session.add(Affiliation(person_id=person.id, organisation_id=organisation.id))


def _send(inviter: Person, invitation: Invitation) -> None:
    """Mail the invitation; without a link for a person who has an account, and earlier links stay valid."""
    person, community = invitation.person, invitation.community
    secret, code = ("", "") if person.entered else new_link(person, "invitation", next=_landing_path(community))
    sent_email = email.enqueue(
        "programmes/invitation",
        to=person.mail,
        name=person.name,
        language=person.language,
        person_id=person.id,
        secret=secret,
        code=code,
        inviter=inviter.name,
        community=community,
        role=invitation.role,
        until=invitation.until,
        days=LINK_LASTS["invitation"].days,
    )
    invitation.email_id, invitation.sent = sent_email.id, clock.now()


def _landing_path(community: Community | None) -> str:
    """Return the path to open after signing in."""
    return community.url if community else "/"


@action("members.invite_several")
def invite_several(
    person: Person,
    community: Community,
    *,
    lines: Sequence[Addressee],
    role: str = "member",
    until: date | None = None,
    organisation: int | None = None,
) -> InvitationsSent:
    """Invite everybody on a list, skipping current members. Raise Invalid when any line is wrong."""
    term(role, until)
    sent, wrong = InvitationsSent([], 0), []
    for one in lines:
        if one.error:
            wrong.append(one)
            continue
        try:
            sent.invitations.append(
                invite(
                    person, community, mail=one.mail, name=one.name, role=role, until=until, organisation=organisation
                )
            )
        except AlreadyMember:
            sent.members += 1
        except Invalid as refusal:
            if "mail" not in refusal.errors:
                raise
            wrong.append(one._replace(error=refusal.errors["mail"]))
    if wrong:
        message = n_(
            "%(n)s regel klopt niet. Er is nog niets verstuurd.",
            "%(n)s regels kloppen niet. Er is nog niets verstuurd.",
            len(wrong),
        )
        raise Invalid(
            errors={"lines": message}, lines=[{"line": w.line, "said": w.text, "error": w.error} for w in wrong]
        )
    detail(sent=len(sent.invitations), known=sent.members)
    return sent


@action("members.resend")
def resend(person: Person, invitation: Invitation) -> Invitation:
    """Send the invitation once more, with a fresh link. Raise Invalid unless it is pending."""
    _require_pending(invitation)
    _send(person, invitation)
    detail(member=invitation.person_id)
    return invitation


@action("members.revoke", event=MembershipChanged)
def revoke(person: Person, invitation: Invitation) -> Invitation:
    """Revoke a pending invitation: its membership ends and its link expires."""
    _require_pending(invitation)
    found = membership_of(invitation.person_id, invitation.community_id or 0)
    if found is not None:
        found.ended = clock.now()
    withdraw(invitation.person_id, invitation.community_id or 0)
    access.drop_cached_rights(invitation.person)
    detail(member=invitation.person_id)
    return invitation


def _require_pending(invitation: Invitation) -> None:
    """Raise Invalid unless the invitation is pending."""
    if invitation.revoked or invitation.accepted:
        raise Invalid(errors={"invitation": _("Deze uitnodiging staat niet meer open.")})


def withdraw(person_id: int, community_id: int) -> None:
    """Revoke a person's pending invitations to a community and expire their links, in the running transaction.

    Accepted invitations are left alone.
    """
    now = clock.now()
    revoked = db.session.execute(
        update(Invitation)
        .where(
            Invitation.person_id == person_id,
            Invitation.community_id == community_id,
            Invitation.accepted.is_(None),
            Invitation.revoked.is_(None),
        )
        .values(revoked=now)
        .returning(Invitation.id)
    ).all()
    community = db.session.get(Community, community_id)
    if revoked and community is not None:
        db.session.execute(
            update(OneTimeLink)
            .where(
                OneTimeLink.person_id == person_id,
                OneTimeLink.purpose == "invitation",
                OneTimeLink.next == community.url,
                OneTimeLink.expires > now,
            )
            .values(expires=now)
        )


def accept(person: Person) -> None:
    """Mark a person's pending invitations as accepted, in the running transaction."""
    db.session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.accepted.is_(None), Invitation.revoked.is_(None))
        .values(accepted=clock.now())
    )
