"""Inviting people to a community, and what the inviter can still do about it."""

from __future__ import annotations

from datetime import date

from cop.base import clock, mail
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.people.models import Affiliation, Organisation, Person, by_mail, new_link
from cop.programmes.actions.membership import enrol
from cop.programmes.models import Community, Invitation


@action("members.invite")
def invite(person: Person, community: Community, *, mail: str, name: str = "", role: str = "member",
           until: date | None = None, organisation: int | None = None) -> Invitation:
    """Invites somebody by mail: they take part from this moment and enter by the link in the mail."""
    if role == "expert" and until is None:
        raise Invalid(errors={"until": _("Geef aan tot en met welke dag deze expert meedoet.")})
    if until is not None and until < clock.local(clock.now()).date():
        raise Invalid(errors={"until": _("Deze dag is al voorbij. Kies een latere dag.")})
    invited = by_mail(mail)
    if invited is not None and invited.state == "deactivated":
        raise Invalid(errors={"mail": _("Dit account is afgesloten. Vraag de beheerder het weer te openen.")})
    if invited is None:
        invited = Person(mail=mail, name=name, state="invited")
        db.session.add(invited)
        db.session.flush()
    if organisation is not None and invited.organisation_id is None:
        _affiliate(invited, organisation)
    enrol(invited, community, role, until if role == "expert" else None)
    invitation = Invitation(person_id=invited.id, inviter_id=person.id, community_id=community.id, role=role, until=until,
                            accepted=clock.now() if invited.entered else None)
    invitation.person, invitation.community = invited, community
    db.session.add(invitation)
    _send(person, invitation)
    detail(member=invited.id, community=community.id, role=role)
    return invitation


def _affiliate(person: Person, organisation_id: int) -> None:
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise Invalid(errors={"organisation": _("Kies een organisatie uit de lijst.")})
    person.organisation_id = organisation.id
    db.session.add(Affiliation(person_id=person.id, organisation_id=organisation.id))


def _send(inviter: Person, invitation: Invitation) -> None:
    """Mails the link; a former link keeps working until it ends."""
    person, community = invitation.person, invitation.community
    secret, code = new_link(person, "invitation", next=community.url if community else "/")
    letter = mail.post("programmes/invitation", to=person.mail, name=person.name, language=person.language,
                       person_id=person.id, secret=secret, code=code, inviter=inviter.name, community=community,
                       role=invitation.role, until=invitation.until, known=person.entered is not None)
    invitation.letter_id, invitation.sent = letter.id, clock.now()


@action("members.resend")
def resend(person: Person, invitation: Invitation) -> Invitation:
    """Sends the invitation once more, with a fresh link."""
    if invitation.revoked or invitation.accepted:
        raise Invalid(errors={"invitation": _("Deze uitnodiging staat niet meer open.")})
    _send(person, invitation)
    detail(member=invitation.person_id)
    return invitation


@action("members.revoke")
def revoke(person: Person, invitation: Invitation) -> Invitation:
    """Takes the invitation back: the membership it gave ends, its link no longer leads in there."""
    from cop.programmes.actions.membership import membership_of

    if invitation.revoked or invitation.accepted:
        raise Invalid(errors={"invitation": _("Deze uitnodiging staat niet meer open.")})
    invitation.revoked = clock.now()
    found = membership_of(invitation.person_id, invitation.community_id or 0)
    if found is not None:
        found.ended = clock.now()
    detail(member=invitation.person_id)
    return invitation


def accept(person: Person) -> None:
    """Marks a person's open invitations as accepted, in the running unit: they have entered."""
    from sqlalchemy import update

    db.session.execute(update(Invitation).where(
        Invitation.person_id == person.id, Invitation.accepted.is_(None), Invitation.revoked.is_(None)
    ).values(accepted=clock.now()))
