"""Verbs of leaving: ending what somebody carries, handing it over to a successor, and coming back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, or_, select, update

from cop import access
from cop.access.choosing import person_at, person_chosen
from cop.base import clock, email
from cop.base.action import UNDO_WITHIN, action, detail
from cop.base.db import advisory_lock, db, upsert
from cop.base.email import Email
from cop.base.errors import Conflict, Forbidden, Invalid
from cop.base.mail_addresses import checked
from cop.base.words import _
from cop.leaving.carrying import Carried, carried, works_for
from cop.society.audience import Audience, Guest
from cop.society.credentials import end_links, end_sessions
from cop.society.departures import Departure, departure_of
from cop.society.events import PersonLeft
from cop.society.invitations import Invitation
from cop.society.memberships import Membership, TeamMember, enrol, membership_of
from cop.society.people import Affiliation, Person, by_mail
from cop.society.programmes import PartnerPerson, Partnership, Programme
from cop.society.telling import tell_of_role
from cop.things import Thing
from cop.things.reader import Follow

email.holds_secret("leaving/successor")
SHOWN = ("name", "function", "bio", "phone", "mail_shown", "themes", "photo")  # of a profile


@action("people.leave", event=PersonLeft)
def leave(
    person: Person,
    leaver: Person,
    *,
    organisation: int | None = None,
    named: bool = True,
    successor: int | None = None,
    mail: str | None = None,
    name: str = "",
    follows: bool = True,
) -> Departure:
    """End what somebody carries, altogether or for one of their organisations; access ends at once.

    named: their contributions stay under their name, else under ‘Oud-deelnemer’ with their organisation. successor, or
    mail and name: who takes over, known or new; see `hand_over`. Raise Conflict for somebody who has left already and for
    the last administrator, Invalid for an organisation that is not theirs.
    """
    advisory_lock(f"departure:{leaver.id}")
    db.session.refresh(leaver)
    check(leaver, organisation)
    wants_successor = successor is not None or bool(mail)
    if wants_successor:
        access.judge(person, "people.hand_over", leaver)
    if organisation is None:
        _refuse_last_admin(leaver)
    ending = carried(leaver, organisation)
    departure = Departure(
        person_id=leaver.id, by_id=person.id, organisation_id=organisation, ended=_end(leaver, ending, organisation)
    )
    shown = leaver.shown_name
    if organisation is None:
        departure.profile = _close(leaver, named)
    db.session.add(departure)
    db.session.flush()
    given: list[int] = []
    if wants_successor:
        given = _hand_over(person, departure, shown, successor, mail, name, follows)
    access.drop_cached_rights(leaver)
    detail(
        member=leaver.id,
        whole=int(organisation is None),
        communities=departure.ended["communities"],
        partnerships=departure.ended["partnerships"],
        **({"successor": departure.successor_id, "given": given} if departure.successor_id else {}),
    )
    _tell(person, leaver, shown, departure, ending)
    return departure


def check(leaver: Person, organisation: int | None) -> None:
    """Raise Conflict for somebody who has left already, Invalid for an organisation that is not theirs."""
    if not leaver.is_active:
        raise Conflict(_("Deze deelnemer is al uit dienst."))
    if organisation is not None and organisation not in {one.id for one in works_for(leaver)}:
        raise Invalid(errors={"organisation": _("Kies een organisatie van deze deelnemer.")})


def _refuse_last_admin(leaver: Person) -> None:
    """Raise Conflict when this is the last administrator; locks all of them in one order."""
    if not leaver.is_admin:
        return
    active = select(Person.id).where(Person.is_admin, Person.state == "active").order_by(Person.id).with_for_update()
    if set(db.session.scalars(active)) <= {leaver.id}:
        raise Conflict(_("Dit is de laatste beheerder. Maak eerst iemand anders beheerder."))


def _end(leaver: Person, ending: Carried, organisation: int | None) -> dict[str, Any]:
    """End what somebody carries, and return what that was."""
    now = clock.now()
    for membership in ending.memberships:
        membership.ended = now
    for guest in ending.guests:
        guest.ended = now
    for kind, key, ids in (
        (PartnerPerson, PartnerPerson.partnership_id, [one.id for one in ending.partnerships]),
        (TeamMember, TeamMember.programme_id, [one.id for one in ending.team]),
    ):
        db.session.execute(delete(kind).where(kind.person_id == leaver.id, key.in_(ids)))
    main = None
    if organisation is not None:
        found = db.session.get(Affiliation, (leaver.id, organisation))
        main = bool(leaver.organisation_id == organisation)
        if found is not None:
            db.session.delete(found)
        db.session.flush()
        if main:
            leaver.organisation_id = next((one.id for one in works_for(leaver) if one.id != organisation), None)
    return {
        "memberships": [one.id for one in ending.memberships],
        "communities": [one.community_id for one in ending.memberships],
        "partnerships": [one.id for one in ending.partnerships],
        "team": [one.id for one in ending.team],
        "guests": [one.id for one in ending.guests],
        "programmes": ending.programmes,
        "main": main,
    }


def _close(leaver: Person, named: bool) -> dict[str, Any]:
    """Close the account with all its sessions, links and waiting mail, and return the profile as it was."""
    profile = {name: getattr(leaver, name) for name in SHOWN} | {"admin": leaver.is_admin}
    leaver.state, leaver.is_admin, leaver.mail_shown, leaver.phone = "deactivated", False, False, ""
    if not named:
        leaver.name, leaver.former = "", True
        leaver.function = leaver.bio = ""
        leaver.themes, leaver.photo = [], None
    end_links(leaver)
    end_sessions(leaver)
    db.session.execute(delete(Email).where(Email.person_id == leaver.id, Email.state == "waiting"))
    return profile


@action("people.hand_over", event=PersonLeft)
def hand_over(
    person: Person,
    leaver: Person,
    *,
    successor: int | None = None,
    mail: str | None = None,
    name: str = "",
    follows: bool = True,
) -> Departure:
    """Give a successor the partnerships and communities that somebody carried when they left, and mail them.

    An address that is new to the platform becomes a person with this name. follows: they also follow what the other
    followed there. Drafts are private and go to nobody. Raise Conflict when nobody left or somebody took over already.
    """
    advisory_lock(f"departure:{leaver.id}")
    departure = departure_of(leaver.id)
    if departure is None or departure.successor_id is not None:
        raise Conflict(_("Er is niets meer om over te dragen."))
    shown = (departure.profile or {}).get("name") or leaver.shown_name
    given = _hand_over(person, departure, shown, successor, mail, name, follows)
    detail(member=leaver.id, successor=departure.successor_id, given=given)
    return departure


def _hand_over(
    person: Person, departure: Departure, shown: str, id: int | None, mail: str | None, name: str, follows: bool
) -> list[int]:
    """Give the successor what ended, and return the ids of the partnerships among it."""
    leaver = departure.person or db.session.get_one(Person, departure.person_id)
    successor = person_at(mail, name) if mail else person_chosen(person, id, "successor")
    if successor.id == leaver.id:
        raise Invalid(errors={"successor": _("Kies iemand anders als opvolger.")})
    if successor.entered is None and successor.organisation_id is None:
        _work_for(successor, departure.organisation_id or leaver.organisation_id)
    ended = db.session.scalars(select(Membership).where(Membership.id.in_(departure.ended["memberships"]))).all()
    free = [
        one for one in ended if not one.community.archived and membership_of(successor.id, one.community_id) is None
    ]
    memberships = [_enrol(successor, one) for one in free]
    partnerships = [_join(successor, id) for id in departure.ended["partnerships"]]
    added = [one for one in partnerships if one is not None]
    db.session.flush()
    departure.successor_id = successor.id
    departure.given = {"memberships": [one.id for one in memberships], "partnerships": [one.id for one in added]}
    access.drop_cached_rights(successor)
    followed = _follow(leaver, successor, departure.ended) if follows else 0
    _mail_successor(person, shown, successor, memberships, added, followed)
    return [one.id for one in added]


def successor_name(
    person: Person, leaver: Person, *, successor: int | None = None, mail: str | None = None, name: str = ""
) -> str:
    """Return how the successor will be called, without adding anybody. Raise Invalid as handing over does."""
    if not mail:
        found = person_chosen(person, successor, "successor")
        if found.id == leaver.id:
            raise Invalid(errors={"successor": _("Kies iemand anders als opvolger.")})
        return found.shown_name
    known = by_mail(checked(mail))
    if known is None and not name:
        raise Invalid(errors={"name": _("Vul de naam in. Dit mailadres is nieuw op het platform.")})
    seen = known is not None and person_visible(person, known)
    return f"{known.name if known is not None and seen and known.name else name or mail} ({mail})"


def known_successor(person: Person, *, successor: int | None = None, mail: str | None = None) -> int | None:
    """Return the id of the successor, None for somebody who is new, or whom the person does not see."""
    if not mail:
        return successor
    known = by_mail(checked(mail))
    return known.id if known is not None and person_visible(person, known) else None


def person_visible(person: Person, other: Person) -> bool:
    """Return whether a person may see another."""
    return (
        db.session.scalar(select(Person.id).where(Person.id == other.id, access.visible_to(person, Person))) is not None
    )


def _work_for(person: Person, organisation: int | None) -> None:
    """Make the organisation of the leaver that of a successor who has none yet."""
    if organisation is not None:
        upsert(Affiliation, {"person_id": person.id, "organisation_id": organisation}, {})
        person.organisation_id = organisation


def _enrol(successor: Person, ended: Membership) -> Membership:
    """Give the successor the role that ended in a community, with its last day."""
    made = enrol(successor, ended.community, ended.role, ended.until)
    made.person, made.community = successor, ended.community
    return made


def _join(successor: Person, id: int) -> Partnership | None:
    """Put the successor in a partnership, and return it unless it is gone or archived, or they were in it already."""
    partnership = db.session.get(Partnership, id)
    if partnership is None or partnership.archived or db.session.get(PartnerPerson, (id, successor.id)) is not None:
        return None
    db.session.add(PartnerPerson(partnership_id=id, person_id=successor.id))
    return partnership


def _follow(leaver: Person, successor: Person, ended: dict[str, Any]) -> int:
    """Make the successor follow what the leaver followed where they left, as far as they can read it; return how many."""
    there = select(Audience.id).where(
        or_(
            Audience.community_id.in_(ended["communities"]),
            Audience.partnership_id.in_(ended["partnerships"]),
            Audience.programme_id.in_(ended["programmes"]),
        )
    )
    mine = select(Follow.thing_id).where(Follow.person_id == successor.id)
    theirs = select(Follow.thing_id).where(Follow.person_id == leaver.id, Follow.level == "all")
    things = list(
        db.session.scalars(
            select(Thing.id).where(
                Thing.id.in_(theirs),
                Thing.id.not_in(mine),
                Thing.state == "live",
                Thing.audience_id.in_(there),
                access.visible_to(successor, Thing),
            )
        )
    )
    db.session.add_all(Follow(person_id=successor.id, thing_id=id) for id in things)
    return len(things)


def _mail_successor(
    person: Person,
    shown: str,
    successor: Person,
    memberships: Sequence[Membership],
    partnerships: Sequence[Partnership],
    followed: int,
) -> None:
    """Mail the successor what they take over, with a link to sign in for somebody who has not entered yet."""
    next = partnerships[0].url if partnerships else memberships[0].community.url if memberships else "/"
    sent = tell_of_role(
        "leaving/successor",
        person,
        successor,
        next,
        leaver=shown,
        partnerships=partnerships,
        communities=[one.community for one in memberships],
        followed=followed,
    )
    for one in memberships:
        db.session.add(
            Invitation(
                person_id=successor.id,
                inviter_id=person.id,
                community_id=one.community_id,
                role=one.role,
                until=one.until,
                email_id=sent.id,
                sent=clock.now(),
                accepted=clock.now() if successor.entered else None,
            )
        )


def _tell(person: Person, leaver: Person, shown: str, departure: Departure, ending: Carried) -> None:
    """Mail the leaver, the others of their partnerships, and the teams of the programmes; not the one who did it.

    Each reads only of the partnerships that they are in or lead.
    """
    successor = db.session.get(Person, departure.successor_id) if departure.successor_id else None
    whole = departure.organisation_id is None
    programmes = db.session.scalars(select(Programme.name).where(Programme.id.in_(ending.programmes)))
    email.enqueue(
        "leaving/left",
        to=leaver.mail,
        name=shown,
        language=leaver.language,
        person_id=leaver.id,
        whole=whole,
        themselves=person.id == leaver.id,
        by=person.name,
        programmes=list(programmes.all()),
    )
    teams = _teams(ending)
    names = {one.id: one.name for one in ending.partnerships}
    theirs = {id: set[int]() for _programme, id in teams}
    for partnership, id in _partners(leaver, ending):
        theirs.setdefault(id, set()).add(partnership)
    for programme, id in teams:
        theirs[id] |= {one.id for one in ending.partnerships if one.programme_id == programme}
    leads = {id for _programme, id in teams}
    found = select(Person).where(Person.id.in_(theirs), Person.state == "active", Person.entered.is_not(None))
    for other in db.session.scalars(found.order_by(Person.id)).all():
        if other.id not in (person.id, leaver.id, departure.successor_id):
            email.enqueue(
                "leaving/told",
                to=other.mail,
                name=other.name,
                language=other.language,
                person_id=other.id,
                leaver=shown,
                whole=whole,
                successor=successor.shown_name if successor else "",
                partnerships=[name for id, name in names.items() if id in theirs[other.id]],
                next=f"{leaver.url}/departure" if other.id in leads else "",
            )


def _partners(leaver: Person, ending: Carried) -> list[tuple[int, int]]:
    """Return (partnership, person) for the others of the partnerships that ended."""
    ids = [one.id for one in ending.partnerships]
    rows = db.session.execute(
        select(PartnerPerson.partnership_id, PartnerPerson.person_id).where(
            PartnerPerson.partnership_id.in_(ids), PartnerPerson.person_id != leaver.id
        )
    )
    return [(row.partnership_id, row.person_id) for row in rows]


def _teams(ending: Carried) -> list[tuple[int, int]]:
    """Return (programme, person) for the teams of the programmes concerned."""
    rows = db.session.execute(
        select(TeamMember.programme_id, TeamMember.person_id).where(TeamMember.programme_id.in_(ending.programmes))
    )
    return [(row.programme_id, row.person_id) for row in rows]


@action("people.come_back", event=PersonLeft)
def come_back(person: Person, leaver: Person) -> Departure:
    """Undo a departure within a day: what ended holds again, and the successor loses what they only got by it.

    Sessions, tokens and links stay ended: the person signs in anew. Raise Conflict when it is too late, Forbidden for
    somebody who would undo what another decided about them.
    """
    advisory_lock(f"departure:{leaver.id}")
    departure = departure_of(leaver.id)
    if departure is None:
        raise Conflict(_("Deze deelnemer is niet uit dienst."))
    if departure.made < clock.now() - UNDO_WITHIN:
        raise Conflict(_("Dit kan niet meer ongedaan worden gemaakt. Nodig deze deelnemer opnieuw uit."))
    if person.id == leaver.id and departure.by_id != person.id:
        raise Forbidden(_("Vraag het programmateam om dit ongedaan te maken."))
    _take_from_successor(departure)
    _reopen(person, leaver, departure)
    departure.undone = clock.now()
    access.drop_cached_rights(leaver)
    for one in filter(None, (leaver, departure.successor)):
        if one.id != person.id:
            email.enqueue(
                "leaving/back",
                to=one.mail,
                name=one.name,
                language=one.language,
                person_id=one.id,
                leaver=leaver.shown_name,
                themselves=one.id == leaver.id,
            )
    more = {"successor": departure.successor_id} if departure.successor_id else {}
    detail(member=leaver.id, whole=int(departure.organisation_id is None), **more)
    return departure


def _take_from_successor(departure: Departure) -> None:
    given = departure.given
    if given is None or departure.successor_id is None:
        return
    memberships = Membership.id.in_(given["memberships"]) & Membership.ended.is_(None)
    db.session.execute(update(Membership).where(memberships).values(ended=clock.now()))
    db.session.execute(
        delete(PartnerPerson).where(
            PartnerPerson.person_id == departure.successor_id, PartnerPerson.partnership_id.in_(given["partnerships"])
        )
    )
    successor = db.session.get_one(Person, departure.successor_id)
    pending = (Invitation.person_id == successor.id) & Invitation.accepted.is_(None) & Invitation.revoked.is_(None)
    db.session.execute(update(Invitation).where(pending, Invitation.made >= departure.made).values(revoked=clock.now()))
    if successor.entered is None:
        end_links(successor, "invitation")
    access.drop_cached_rights(successor)


def _reopen(person: Person, leaver: Person, departure: Departure) -> None:
    """Give somebody back what ended; what they got since, or what no longer exists, stays as it is."""
    ended = departure.ended
    for membership in db.session.scalars(select(Membership).where(Membership.id.in_(ended["memberships"]))).all():
        if membership_of(leaver.id, membership.community_id) is None:
            membership.ended = None
    here = select(Partnership.id).where(Partnership.id.in_(ended["partnerships"]))
    for id in db.session.scalars(here).all():
        upsert(PartnerPerson, {"partnership_id": id, "person_id": leaver.id}, {})
    for id in db.session.scalars(select(Programme.id).where(Programme.id.in_(ended["team"]))).all():
        upsert(TeamMember, {"programme_id": id, "person_id": leaver.id}, {})
    for guest in db.session.scalars(select(Guest).where(Guest.id.in_(ended["guests"]))).all():
        guest.ended = None
    if departure.organisation_id is not None:
        keys = {"person_id": leaver.id, "organisation_id": departure.organisation_id}
        upsert(Affiliation, keys, {"main": bool(ended["main"])})
        if ended["main"]:
            leaver.organisation_id = departure.organisation_id
    if departure.profile is not None:
        leaver.is_admin = bool(departure.profile["admin"] and person.is_admin)
        leaver.former = False
        for name in SHOWN:
            setattr(leaver, name, departure.profile[name])
    if leaver.state == "deactivated":
        leaver.state = "active" if leaver.entered else "invited"
