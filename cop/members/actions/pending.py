"""Verbs of an invitation that was sent: corrected, sent again, revoked, undone and accepted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from cop import access
from cop.base import clock
from cop.base.action import UNDO_WITHIN, action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Invalid
from cop.base.mail_addresses import checked
from cop.base.words import _
from cop.members.actions.inviting import affiliate, send
from cop.members.actions.membership import term
from cop.society.credentials import LINK_LASTS, OneTimeLink, end_links
from cop.society.events import MembershipChanged
from cop.society.invitations import Invitation
from cop.society.memberships import Membership, TeamMember, membership_of
from cop.society.people import Affiliation, Person, by_mail
from cop.society.programmes import Community, PartnerPerson, Partnership

REVOKED_WITHIN = timedelta(seconds=1)  # of the end of the membership: both happen in one transaction


@action("members.correct")
def correct(
    person: Person, invitation: Invitation, *, name: str | None = None, mail: str | None = None, organisation: int = -1
) -> Invitation:
    """Correct the name, address or organisation (0 for none) of somebody who has not entered yet.

    Another address gets the invitation anew, and the links in earlier mails end. Raise Invalid when it is taken, or when
    the person is also invited to something that the corrector cannot invite to: the link would open that too.
    """
    _require_pending(invitation)
    invited = invitation.person
    if invited.entered is not None or invited.state != "invited":
        raise Invalid(errors={"name": _("Deze deelnemer heeft al ingelogd en past dit zelf aan.")})
    if name is not None:
        invited.name = name
    if organisation > 0:
        affiliate(person, invited, organisation)
    elif organisation == 0:
        db.session.execute(delete(Affiliation).where(Affiliation.person_id == invited.id))
        invited.organisation_id = None
    address = invited.mail if mail is None else checked(mail)
    moved = address.lower() != invited.mail.lower()
    if moved:
        _refuse_taken(address)
        _refuse_elsewhere(person, invited)
        end_links(invited, "invitation", "sign-in")
    invited.mail = address
    db.session.flush()
    db.session.refresh(invited, ["organisation"])
    if moved:
        send(person, _pending_beside(person, invitation))
    detail(member=invited.id, moved=int(moved))
    return invitation


def _refuse_taken(address: str) -> None:
    """Raise Invalid when somebody has this address."""
    advisory_lock(f"mail:{address.lower()}")
    if by_mail(address) is not None:
        raise Invalid(errors={"mail": _("Er is al iemand met dit mailadres. Trek deze uitnodiging in.")})


def _refuse_elsewhere(person: Person, invited: Person) -> None:
    """Raise Invalid when an invited person takes part somewhere that `person` cannot invite to."""
    places = db.session.scalars(
        select(Community)
        .join(Membership, Membership.community_id == Community.id)
        .where(Membership.person_id == invited.id, Membership.ended.is_(None))
    )
    teams = select(TeamMember.programme_id).where(TeamMember.person_id == invited.id).limit(1)
    partners = db.session.scalars(
        select(Partnership)
        .join(PartnerPerson, PartnerPerson.partnership_id == Partnership.id)
        .where(PartnerPerson.person_id == invited.id)
    )
    if (
        not all(access.may(person, "members.invite", place) for place in places)
        or not all(access.may(person, "partnerships.edit", one) for one in partners)
        or ((invited.is_admin or db.session.scalar(teams) is not None) and not person.is_admin)
    ):
        raise Invalid(
            errors={
                "mail": _(
                    "Deze deelnemer is ook elders uitgenodigd. Trek deze uitnodiging in en nodig het juiste adres uit."
                )
            }
        )


def _pending_beside(person: Person, invitation: Invitation) -> list[Invitation]:
    """Return the pending invitations of the same person to the programme that `person` may send, this one first."""
    programme = invitation.community.programme_id if invitation.community else None
    others = db.session.scalars(
        select(Invitation)
        .join(Community, Community.id == Invitation.community_id)
        .where(
            Invitation.person_id == invitation.person_id,
            Invitation.id != invitation.id,
            Invitation.accepted.is_(None),
            Invitation.revoked.is_(None),
            Community.programme_id == programme,
        )
        .order_by(Community.position)
    )
    return [invitation, *(one for one in others if access.may(person, "members.resend", one))]


@action("members.resend")
def resend(person: Person, invitation: Invitation) -> Invitation:
    """Send the invitation once more with a fresh link, in one mail with those to other communities of the programme.

    Raise Invalid unless it is pending.
    """
    _require_pending(invitation)
    send(person, _pending_beside(person, invitation))
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

    Accepted invitations are left alone, and so is a link that also leads to other communities.
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
            update(OneTimeLink).where(*_leads_to(person_id, community), OneTimeLink.expires > now).values(expires=now)
        )


def _leads_to(person_id: int, community: Community) -> list[ColumnElement[bool]]:
    """Return the conditions on a link of an invitation to this community and to no other with a pending invitation."""
    others = (
        select(Invitation.id)
        .join(Community, Community.id == Invitation.community_id)
        .where(
            Invitation.person_id == person_id,
            Invitation.accepted.is_(None),
            Invitation.revoked.is_(None),
            Invitation.community_id != community.id,
            Community.programme_id == community.programme_id,
        )
        .limit(1)
    )
    alone = db.session.scalar(others) is None
    paths = [community.url, community.programme.url] if alone else [community.url]
    return [
        OneTimeLink.person_id == person_id,
        OneTimeLink.purpose == "invitation",
        OneTimeLink.used.is_(None),
        OneTimeLink.next.in_(paths),
    ]


@action("members.restore", event=MembershipChanged)
def restore(person: Person, membership: Membership) -> Membership:
    """Undo the end of a membership, with the role and term it had. Raise Invalid when it cannot be undone any more.

    An invitation that was withdrawn with it is pending again, and its link can be used.
    """
    ended = membership.ended
    if ended is None or membership_of(membership.person_id, membership.community_id) is not None:
        raise Invalid(errors={"person": _("Deze deelnemer doet al mee.")})
    if ended < clock.now() - UNDO_WITHIN or membership.person.state == "deactivated":
        raise Invalid(
            errors={"person": _("Dit kan niet meer ongedaan worden gemaakt. Nodig deze deelnemer opnieuw uit.")}
        )
    if membership.until is not None:
        term(membership.role, membership.until)
    membership.ended = None
    _reinstate(membership.person_id, membership.community_id, ended)
    access.drop_cached_rights(membership.person)
    detail(member=membership.person_id, community=membership.community_id, role=membership.role)
    return membership


def _reinstate(person_id: int, community_id: int, ended: datetime) -> None:
    """Make the invitations pending again that were revoked when a membership ended, and their links usable."""
    community = db.session.get_one(Community, community_id)
    moment = (ended - REVOKED_WITHIN, ended + REVOKED_WITHIN)
    links = db.session.scalars(
        select(OneTimeLink).where(*_leads_to(person_id, community), OneTimeLink.expires.between(*moment))
    )
    for link in links:
        link.expires = link.made + LINK_LASTS[link.purpose]
    db.session.execute(
        update(Invitation)
        .where(
            Invitation.person_id == person_id,
            Invitation.community_id == community_id,
            Invitation.revoked.between(*moment),
        )
        .values(revoked=None)
    )


def accept(person: Person) -> None:
    """Mark a person's pending invitations as accepted, in the running transaction."""
    db.session.execute(
        update(Invitation)
        .where(Invitation.person_id == person.id, Invitation.accepted.is_(None), Invitation.revoked.is_(None))
        .values(accepted=clock.now())
    )
