"""Verbs of guests: people are invited by mail, corrected, invited again and uninvited; and what becomes of them later."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select, update

from cop import access
from cop.base import attempts, clock
from cop.base.action import action, detail
from cop.base.calendars import Method
from cop.base.db import db
from cop.base.email import Email
from cop.base.errors import Conflict, Forbidden, Invalid, NotFound
from cop.base.mail_addresses import checked, comparable
from cop.base.words import _
from cop.meetings.actions.answering import readdress
from cop.meetings.actions.seating import promote
from cop.meetings.events import SeatsChanged
from cop.meetings.guests import MOST, MeetingGuest, count_of, guest_at, guest_of, new_person
from cop.meetings.mailing import write
from cop.meetings.models import Invitee, Meeting, invitee_of, lock, new_invitee, prepares
from cop.society.people import Person

HOUR = timedelta(hours=1)
TO_ADDRESS, BY_INVITER = 5, 100  # mails an hour to one address, and those that one person has sent


@action("meetings.invite_guest")
def invite_guest(person: Person, meeting: Meeting, *, name: str, mail: str, organisation: str = "") -> MeetingGuest:
    """Invite somebody to one meeting by mail, without an account.

    Raise Invalid for somebody who takes part or is a guest already, Conflict when the meeting is not announced, has begun
    or has as many guests as it can have.
    """
    sequence, mail = _begin(person, meeting), checked(mail)
    if count_of(meeting.id) >= MOST:
        raise Conflict(_("Een bijeenkomst heeft ten hoogste %(n)s gasten.", n=MOST))
    _check_unknown(meeting, mail)
    _count_mail(person, mail)
    invited = new_person(name)
    guest = MeetingGuest(
        person_id=invited.id, meeting_id=meeting.id, mail=mail, organisation=organisation, invited_by_id=person.id
    )
    db.session.add(guest)
    invitee = new_invitee(meeting.id, invited.id)
    db.session.flush()
    write("announced", meeting, invitee, "REQUEST", sequence=sequence, stamp=clock.now())
    detail(guest=invited.id)
    return guest


@action("meetings.invite_guest_again")
def invite_guest_again(person: Person, meeting: Meeting, *, guest: int) -> MeetingGuest:
    """Mail a guest the invitation once more; who said no, or waits, gets no calendar item by it."""
    sequence, known = _begin(person, meeting), find_guest(meeting, guest)
    _count_mail(person, known.mail)
    invitee = _invitation(meeting, guest)
    method: Method | None = None if invitee.answer in ("no", "waiting") else "REQUEST"
    write("announced", meeting, invitee, method, sequence=sequence, stamp=clock.now())
    detail(guest=guest)
    return known


@action("meetings.correct_guest")
def correct_guest(
    person: Person,
    meeting: Meeting,
    *,
    guest: int,
    name: str | None = None,
    mail: str | None = None,
    organisation: str | None = None,
) -> MeetingGuest:
    """Correct the name, organisation or address of a guest, who keeps their answer and seat.

    With another address the calendar item and the invitation move there, and the links in earlier mails end.
    """
    _begin(person, meeting)
    found = find_guest(meeting, guest)
    known = db.session.get_one(Person, guest)
    if name is not None:
        known.name = name
    if organisation is not None:
        found.organisation = organisation
    mail = found.mail if mail is None else checked(mail)
    if mail != found.mail:
        if comparable(mail) != comparable(found.mail):
            _check_unknown(meeting, mail)
        _count_mail(person, mail)
        _move_to(meeting, found, known, mail)
    detail(guest=guest, person=found.person_id)
    return found


def _move_to(meeting: Meeting, guest: MeetingGuest, known: Person, mail: str) -> None:
    """Give a guest another address and, so that no link to the former one works, another person."""
    former, successor = guest.mail, new_person(known.name)
    invitee = _pass_on(meeting, known.id, successor.id)
    guest.person_id, guest.mail = successor.id, mail
    known.name = ""
    db.session.execute(delete(Email).where(Email.person_id == known.id))
    db.session.flush()
    if invitee.has_item:
        readdress(meeting, invitee, former)
    else:
        write("announced", meeting, invitee, None, sequence=meeting.sequence, stamp=clock.now())


@action("meetings.uninvite_guest", event=SeatsChanged)
def uninvite_guest(person: Person, meeting: Meeting, *, guest: int) -> None:
    """Take back the invitation of a guest, tell them, and give their seat to who waits longest."""
    sequence = _begin(person, meeting)
    find_guest(meeting, guest)
    invitee = _invitation(meeting, guest)
    had_seat = invitee.has_seat
    db.session.execute(delete(Email).where(Email.person_id == guest))
    write(
        "uninvited",
        meeting,
        invitee,
        "CANCEL" if invitee.has_item else None,
        sequence=sequence,
        stamp=clock.now(),
    )
    db.session.delete(invitee)
    _forget([guest])
    db.session.flush()
    detail(guest=guest, promoted=promote(meeting) if had_seat else [])


@action("meetings.admit_guest")
def admit_guest(person: Person, meeting: Meeting, *, member: int) -> list[int]:
    """Let somebody who takes part from now on keep the answer and seat that they have as a guest with their address.

    Return their id while their answer is open.
    """
    lock(meeting)
    admitted = db.session.get_one(Person, member)
    guest = guest_at(meeting.id, admitted.mail)
    if guest is None or invitee_of(meeting.id, member) is not None:
        return []
    id = guest.person_id
    invitee = _pass_on(meeting, id, member)
    db.session.execute(update(Email).where(Email.person_id == id).values(person_id=member))
    _forget([id])
    detail(guest=id, member=member)
    return [] if invitee.answer else [member]


@action("meetings.erase_guests")
def erase_guests(person: Person, meeting: Meeting) -> None:
    """Erase who the guests of a meeting were, and what they were mailed; their answers count on, without remarks."""
    ids = list(db.session.scalars(select(MeetingGuest.person_id).where(MeetingGuest.meeting_id == meeting.id)))
    invited = update(Invitee).where(Invitee.meeting_id == meeting.id, Invitee.person_id.in_(ids))
    db.session.execute(invited.values(remark="", diet="", access_needs=""))
    db.session.execute(delete(Email).where(Email.person_id.in_(ids)))
    _forget(ids)
    detail(guests=len(ids))


def _begin(person: Person, meeting: Meeting) -> int:
    """Lock a meeting and return the next number of its sequence; raise Forbidden for who neither leads nor hosts it,
    Conflict unless it is announced and still to come."""
    if person is not access.SYSTEM and not prepares(person, meeting):
        raise Forbidden(_("Alleen het team en de gastorganisatie nodigen gasten uit."))
    sequence = lock(meeting)
    if not meeting.answerable:
        raise Conflict(_("Gasten uitnodigen en wijzigen kan alleen na de aankondiging en voor het begin."))
    return sequence


def _check_unknown(meeting: Meeting, mail: str) -> None:
    """Raise Invalid for the address of somebody of the audience, or of a guest.

    Nothing else is looked up: whether the address is known elsewhere on the platform shows in no answer and takes no time.
    """
    same = func.lower(Person.mail) == comparable(mail)
    if db.session.scalar(select(Person.id).where(same, access.readers_of(meeting.audience_id))) is not None:
        raise Invalid(errors={"mail": _("Wie dit mailadres heeft, neemt al deel en is uitgenodigd.")})
    if guest_at(meeting.id, mail) is not None:
        raise Invalid(errors={"mail": _("Er is al een gast met dit mailadres.")})


def _count_mail(person: Person, mail: str) -> None:
    attempts.count(f"guest invitations to {mail.lower()}", HOUR, TO_ADDRESS)
    attempts.count(f"guest invitations by {person.id}", HOUR, BY_INVITER)


def find_guest(meeting: Meeting, id: int) -> MeetingGuest:
    """Return a guest of a meeting; raise NotFound for others."""
    guest = guest_of(meeting.id, id)
    if guest is None:
        raise NotFound
    return guest


def _invitation(meeting: Meeting, guest: int) -> Invitee:
    invitee = invitee_of(meeting.id, guest)
    assert invitee is not None, "a guest is invited"
    return invitee


def _pass_on(meeting: Meeting, former: int, successor: int) -> Invitee:
    """Give the invitation of one person, with answer and place, to another."""
    invitee = _invitation(meeting, former)
    invitee.person_id = successor
    db.session.flush()
    db.session.expire(invitee, ["person"])
    return invitee


def _forget(ids: list[int]) -> None:
    """Erase the names, addresses and organisations of guests; rows of the journal and of attendance keep their ids."""
    db.session.execute(delete(MeetingGuest).where(MeetingGuest.person_id.in_(ids)))
    db.session.execute(update(Person).where(Person.id.in_(ids)).values(name=""))
