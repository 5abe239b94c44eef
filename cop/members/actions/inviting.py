"""Verbs of inviting people to the communities of a programme, one by one or by a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, delete, func, select

from cop import access
from cop.base import clock, email
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db, upsert
from cop.base.errors import Invalid
from cop.base.mail_addresses import checked
from cop.base.words import _, n_
from cop.members.actions.membership import term
from cop.society.credentials import LINK_LASTS, new_link
from cop.society.invitations import Invitation, missing_partners
from cop.society.memberships import Membership, TeamMember, current, enrol
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person, by_mail
from cop.society.programmes import Community, PartnerPerson, Partnership, Programme


class Invitee(NamedTuple):
    """A row of a list of people to invite; `error` says what is wrong with it."""

    line: int
    text: str  # as it stands in the list
    mail: str = ""
    name: str = ""
    organisation: int | None = None
    organisation_name: str = ""  # as it was typed
    role: str = ""  # "": the role chosen for the community
    dropped: bool = False
    error: str = ""


class Seat(NamedTuple):
    """A community with the role and the last day that an invited person gets there."""

    community: Community
    role: str
    until: date | None


@dataclass
class InvitationsSent:
    """The result of a list: the invitations sent, to how many people, and how many took part already."""

    invitations: list[Invitation]
    people: int
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
    communities: Sequence[str] | None = None,
    roles: Mapping[str, str] | None = None,
    partnership: int | None = None,
) -> Invitation:
    """Invite somebody by one mail to one or several communities; the membership starts now, the link signs them in.

    communities: the slugs, of this programme; default: this community. roles: the role by slug, where it is not `role`.
    partnership: they become one of its people. Raise AlreadyMember for somebody who takes part in all of them, Invalid
    for a closed account, a wrong address, term or organisation.
    """
    mail = checked(mail)
    wanted = seats(person, community, role=role, until=until, communities=communities, roles=roles)
    advisory_lock(f"mail:{mail.lower()}")  # two simultaneous invitations must not create two people
    invited = by_mail(mail)
    if invited is None:
        invited = Person(mail=mail, name=name, state="invited")
        db.session.add(invited)
        db.session.flush()
    if invited.state == "deactivated":
        raise Invalid(errors={"mail": _closed_account()})
    joined = None if partnership is None else _join_partnership(person, community.programme, invited, partnership)
    free = [seat for seat in wanted if access.rights(invited).role_for(seat.community) is None]
    if not free:
        raise AlreadyMember(errors={"mail": _already(invited)})
    if organisation is not None and invited.organisation_id is None:
        affiliate(person, invited, organisation)
    made = _seat(person, invited, free, joined)
    more = {"communities": [seat.community.id for seat in free]} if len(free) > 1 else {}
    detail(member=invited.id, community=free[0].community.id, role=free[0].role, **more)
    return made[0]


def _closed_account() -> str:
    return _("Dit account is afgesloten. Vraag de beheerder het weer te openen.")


def _already(invited: Person) -> str:
    """Return why somebody is not invited again: roles are changed in the list, not by a second invitation."""
    return (
        _("Deze deelnemer doet hier al mee. Een andere rol geeft u in de lijst.")
        if invited.entered
        else _("Deze deelnemer is al uitgenodigd. Stuur de uitnodiging opnieuw vanuit de lijst.")
    )


def seats(
    person: Person,
    community: Community,
    *,
    role: str = "member",
    until: date | None = None,
    communities: Sequence[str] | None = None,
    roles: Mapping[str, str] | None = None,
) -> list[Seat]:
    """Return the chosen communities with role and term, in the order of the programme.

    Raise Invalid when there is none, when the person may not invite to one, or for a wrong term.
    """
    chosen = {community.slug} if communities is None else set(communities)
    known = {one.slug: one for one in invitable(person, community.programme)} | {community.slug: community}
    if not chosen or chosen - known.keys():
        raise Invalid(errors={"communities": _("Kies ten minste één praktijkgemeenschap uit de lijst.")})
    given = [(one, (roles or {}).get(slug) or role) for slug, one in known.items() if slug in chosen]
    return [Seat(one, role, term(role, until)) for one, role in given]


def invitable(person: Person, programme: Programme) -> list[Community]:
    """Return the communities of a programme to which a person may invite."""
    return [one for one in programme.communities if access.may(person, "members.invite", one)]


def _seat(
    inviter: Person, invited: Person, free: Sequence[Seat], partnership: Partnership | None = None
) -> list[Invitation]:
    """Enrol somebody in communities and tell them in one mail, which names their partnership."""
    made = []
    for seat in free:
        enrol(invited, seat.community, seat.role, seat.until)
        invitation = Invitation(
            person_id=invited.id,
            inviter_id=inviter.id,
            community_id=seat.community.id,
            role=seat.role,
            until=seat.until,
            accepted=clock.now() if invited.entered else None,
        )
        invitation.person, invitation.community = invited, seat.community
        db.session.add(invitation)
        made.append(invitation)
    access.drop_cached_rights(invited)
    send(inviter, made, partnership)
    return made


def _join_partnership(person: Person, programme: Programme, invited: Person, id: int) -> Partnership:
    """Make somebody one of the people of a partnership of the programme. Raise Invalid for another one."""
    found = db.session.get(Partnership, id)
    if found is None or found.programme_id != programme.id:
        raise Invalid(errors={"partnership": _("Kies een samenwerking uit de lijst.")})
    access.judge(person, "partnerships.edit", found)
    upsert(PartnerPerson, {"partnership_id": found.id, "person_id": invited.id}, {})
    access.drop_cached_rights(invited)
    return found


def affiliate(inviter: Person, invited: Person, organisation: int) -> None:
    """Make an organisation the only one of a person. Raise Invalid unless the inviter sees it."""
    seen = select(Organisation.id).where(Organisation.id == organisation, access.visible_to(inviter, Organisation))
    if organisation != invited.organisation_id and db.session.scalar(seen) is None:
        raise Invalid(errors={"organisation": _("Kies een organisatie uit de lijst.")})
    db.session.execute(delete(Affiliation).where(Affiliation.person_id == invited.id))
    db.session.add(Affiliation(person_id=invited.id, organisation_id=organisation))
    invited.organisation_id = organisation


def send(inviter: Person, invitations: Sequence[Invitation], partnership: Partnership | None = None) -> None:
    """Mail a person's invitations together; without a link for one who has an account. Earlier links stay valid.

    partnership: the one that the mail names, by default the first of theirs in the programme.
    """
    person, places = invitations[0].person, [one.community for one in invitations if one.community]
    landing = landing_path(places)
    secret, code = ("", "") if person.entered else new_link(person, "invitation", next=landing)
    sent_email = email.enqueue(
        "members/invitation",
        to=person.mail,
        name=person.name,
        language=person.language,
        person_id=person.id,
        secret=secret,
        code=code,
        inviter=inviter.name,
        community=places[0],
        programme=places[0].programme,
        invitations=invitations,
        partnership=partnership or _partnership_of(person, places[0].programme),
        landing=landing,
        days=LINK_LASTS["invitation"].days,
    )
    for invitation in invitations:
        invitation.email_id, invitation.sent = sent_email.id, clock.now()


def _partnership_of(person: Person, programme: Programme) -> Partnership | None:
    """Return the partnership of a person in a programme, the first by name of several."""
    return db.session.scalar(
        select(Partnership)
        .join(PartnerPerson, PartnerPerson.partnership_id == Partnership.id)
        .where(PartnerPerson.person_id == person.id, Partnership.programme_id == programme.id)
        .order_by(Partnership.name)
        .limit(1)
    )


def landing_path(places: Sequence[Community]) -> str:
    """Return the path to open after signing in: the community, or the programme of several."""
    if not places:
        return "/"
    return places[0].url if len(places) == 1 else places[0].programme.url


@action("members.invite_several")
def invite_several(
    person: Person,
    community: Community,
    *,
    rows: Sequence[Invitee],
    role: str = "member",
    until: date | None = None,
    organisation: int | None = None,
    communities: Sequence[str] | None = None,
    roles: Mapping[str, str] | None = None,
    partnership: int | None = None,
) -> InvitationsSent:
    """Invite everybody on a list, skipping current members and dropped rows. Raise Invalid when any row is wrong."""
    seats(person, community, role=role, until=until, communities=communities, roles=roles)
    sent, wrong, mailed = InvitationsSent([], 0, 0), [], set()
    for row in rows:
        if row.dropped or (row.mail.lower() in mailed and not row.error):
            sent.members += not row.dropped
            continue
        if row.error:
            wrong.append(row)
            continue
        mailed.add(row.mail.lower())
        try:
            made = invite(
                person,
                community,
                mail=row.mail,
                name=row.name,
                role=row.role or role,
                until=until,
                organisation=row.organisation or organisation,
                communities=communities,
                roles=None if row.role else roles,
                partnership=partnership,
            )
            sent.invitations.append(made)
            sent.people += 1
        except AlreadyMember:
            sent.members += 1
        except Invalid as refusal:
            if "mail" not in refusal.errors:
                raise
            wrong.append(row._replace(error=refusal.errors["mail"]))
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


class Outcome(NamedTuple):
    """What happens with a row of a list: new, known, member, invited, double, dropped or wrong; `joins` lists where."""

    kind: str
    joins: list[Community]
    error: str = ""


def assess(person: Person, community: Community, rows: Sequence[Invitee], wanted: Sequence[Seat]) -> list[Outcome]:
    """Return what inviting the rows would do, in four queries for the whole list.

    An account that the inviter cannot see is not distinguished from a new person.
    """
    mails = {row.mail.lower() for row in rows if row.mail and not row.error and not row.dropped}
    found = {one.mail.lower(): one for one in db.session.scalars(select(Person).where(_lower_mail().in_(mails)))}
    ids = [one.id for one in found.values()]
    visible = set(
        db.session.scalars(select(Person.id).where(Person.id.in_(ids), access.visible_to(person, Person)))
        if person is not access.SYSTEM
        else ids
    )
    taken = {(row.person_id, row.community_id) for row in db.session.execute(_memberships(ids, wanted))}
    team = set(
        db.session.scalars(
            select(TeamMember.person_id).where(
                TeamMember.programme_id == community.programme_id, TeamMember.person_id.in_(ids)
            )
        )
    )
    outcomes: list[Outcome] = []
    before: set[str] = set()
    for row in rows:
        outcomes.append(_outcome(row, found.get(row.mail.lower()), before, visible, taken, team, wanted))
        if not row.dropped and not row.error:
            before.add(row.mail.lower())
    return outcomes


def _lower_mail() -> ColumnElement[str]:
    return func.lower(Person.mail)


def _memberships(ids: Sequence[int], wanted: Sequence[Seat]) -> Select[int, int]:
    return select(Membership.person_id, Membership.community_id).where(
        Membership.person_id.in_(ids), Membership.community_id.in_([seat.community.id for seat in wanted]), current()
    )


def _outcome(
    row: Invitee,
    known: Person | None,
    before: set[str],
    visible: set[int],
    taken: set[tuple[int, int]],
    team: set[int],
    wanted: Sequence[Seat],
) -> Outcome:
    if row.dropped:
        return Outcome("dropped", [])
    if row.error:
        return Outcome("wrong", [], row.error)
    if row.mail.lower() in before:
        return Outcome("double", [])
    if known is None:
        return Outcome("new", [seat.community for seat in wanted])
    if known.state == "deactivated":
        return Outcome("wrong", [], _closed_account())
    joins = [s.community for s in wanted if known.id not in team and (known.id, s.community.id) not in taken]
    if not joins:
        return Outcome("member" if known.entered else "invited", [])
    return Outcome("known" if known.entered and known.id in visible else "new", joins)


@action("members.add_partners")
def add_partners(person: Person, community: Community, *, people: Sequence[int]) -> list[Invitation]:
    """Add people of the programme's partnerships to a community, each told by one mail. Raise Invalid for others."""
    offered = {row.id for row in missing_partners(community)}
    if not people or set(people) - offered:
        raise Invalid(errors={"people": _("Kies mensen uit de lijst.")})
    made = []
    for one in db.session.scalars(select(Person).where(Person.id.in_(people)).order_by(Person.id)):
        made += _seat(person, one, [Seat(community, "member", None)])
    detail(members=sorted(people), community=community.id)
    return made
