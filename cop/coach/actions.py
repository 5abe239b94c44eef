"""The verbs of the desk.

Write to people about a signal, invite them again, set a signal aside, bring it back, and say what counts as too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from cop.base import clock, email
from cop.base.action import action, detail
from cop.base.db import db, upsert
from cop.base.errors import Conflict, Invalid, NotFound
from cop.base.words import _, moment
from cop.coach.models import CoachMessage, DeskSettings, SetAside, default_settings, last_message
from cop.coach.subjects import parse_key, subject_of
from cop.members import actions as members
from cop.programmes import actions as programmes
from cop.society.invitations import Invitation
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, Programme

SNOOZED = 7  # days


@action("coach.write")
def write(
    person: Person,
    programme: Programme,
    *,
    key: str,
    people: Sequence[int],
    title: str,
    text: str,
    seen: int | None = None,
) -> list[CoachMessage]:
    """Mail people about a signal in the name of the person, each a mail of their own.

    seen: the last message about the signal that the person knew of. Raise Conflict when another was sent meanwhile.
    """
    subject = subject_of(person, programme, key)
    # Locked, so that of two coaches who write at once the second sees what the first sent.
    db.session.execute(select(Programme.id).where(Programme.id == programme.id).with_for_update())
    if seen is not None and (last := last_message(programme.id, subject.kind, subject.id)) != seen:
        _refuse_second(last)
    allowed = {one.id: one for one in subject.people}
    if not people or any(id not in allowed for id in people):
        raise Invalid(errors={"people": _("Kies aan wie u schrijft.")})
    made, messages = clock.now(), []
    for id in dict.fromkeys(people):
        to = allowed[id]
        email.enqueue(
            "coach/message",
            to=to.mail,
            name=to.name,
            language=to.language,
            person_id=to.id,
            headers=email.from_person(person.name, person.mail),
            programme=programme,
            title=title,
            body=text,
            url=subject.url,
            about=subject.name,
            coach=person.name,
        )
        messages.append(
            CoachMessage(
                programme_id=programme.id,
                kind=subject.kind,
                subject_id=subject.id,
                sender_id=person.id,
                person_id=to.id,
                made=made,
            )
        )
    db.session.add_all(messages)
    detail(about=subject.kind, subject=subject.id, recipients=len(messages))
    return messages


def _refuse_second(last: int) -> None:
    message = db.session.get_one(CoachMessage, last)
    sender, to = (db.session.get_one(Person, id) for id in (message.sender_id, message.person_id))
    raise Conflict(
        _(
            "%(name)s schreef hier al over op %(moment)s, aan %(to)s. Uw mail is niet verstuurd. Verstuur hem opnieuw als"
            " dat nodig is.",
            name=sender.name,
            moment=moment(message.made),
            to=to.name or to.mail,
        )
    )


@action("coach.invite_again")
def invite_again(person: Person, programme: Programme, *, key: str) -> Person:
    """Send somebody their invitation to a programme once more, to its communities or else to its team.

    Raise NotFound for a signal that is about no invitation, Conflict when there is none any more.
    """
    kind, id = parse_key(key)
    if kind != "invitation":
        raise NotFound
    pending = (
        select(Invitation)
        .join(Community, Community.id == Invitation.community_id)
        .where(
            Invitation.person_id == id,
            Invitation.accepted.is_(None),
            Invitation.revoked.is_(None),
            Community.programme_id == programme.id,
        )
        .order_by(Invitation.id.desc())
    )
    invitation = db.session.scalars(pending.limit(1)).first()
    member = db.session.get(TeamMember, (programme.id, id))
    invited = db.session.get(Person, id) if invitation or member else None
    if invited is None or invited.entered is not None or not invited.is_active:
        raise Conflict(_("Deze uitnodiging is al gebruikt of ingetrokken."))
    if invitation is not None:
        members.resend(person, invitation)
    else:
        programmes.team_add(person, programme, mail=invited.mail)
    detail(member=id)
    return invited


@action("coach.set_aside")
def set_aside(person: Person, programme: Programme, *, key: str, since: date, days: int | None = None) -> SetAside:
    """Snooze a signal for some days, or without `days` say that it is done."""
    kind, subject = parse_key(key)
    until = clock.today() + timedelta(days=days) if days else None
    values = {"since": since, "until": until, "by_id": person.id, "made": clock.now()}
    keys = {"programme_id": programme.id, "kind": kind, "subject_id": subject}
    upsert(SetAside, keys, values)
    detail(about=kind, subject=subject, days=days or 0)
    return db.session.scalars(select(SetAside).filter_by(**keys)).one()


@action("coach.bring_back")
def bring_back(person: Person, programme: Programme, *, key: str) -> None:
    """Show a signal again that was set aside."""
    kind, subject = parse_key(key)
    put = select(SetAside).filter_by(programme_id=programme.id, kind=kind, subject_id=subject)
    found = db.session.scalar(put)
    if found is None:
        raise NotFound
    db.session.delete(found)
    detail(about=kind, subject=subject)


@action("coach.configure")
def configure(
    person: Person,
    programme: Programme,
    *,
    silent_weeks: int | None = None,
    answer_days: int | None = None,
    region: str | None = None,
    free_days: Sequence[date] | None = None,
) -> DeskSettings:
    """Set what counts as too long in a programme; what is None stays as it is."""
    settings = db.session.get(DeskSettings, programme.id)
    if settings is None:
        db.session.add(settings := default_settings(programme.id))
    if silent_weeks is not None:
        settings.silent_weeks = silent_weeks
    if answer_days is not None:
        settings.answer_days = answer_days
    if region is not None:
        settings.region = region
    if free_days is not None:
        settings.free_days = sorted({day.isoformat() for day in free_days})
    return settings
