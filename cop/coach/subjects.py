"""What a signal is about: who can be written to about it, and the text that is suggested."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.words import _, day, month
from cop.coach.models import SignalKind
from cop.coach.signals import KINDS
from cop.outcomes.models import Outcome
from cop.society.invitations import Invitation
from cop.society.memberships import Membership, TeamMember, current
from cop.society.people import Person
from cop.society.programmes import Community, Partnership, Programme
from cop.things import Thing
from cop.threads.models import Thread

KEY = re.compile(r"([a-z_]+)-(\d{1,9})")
HOSTS = ("expert", "moderator")  # of a community, who are asked to answer


@dataclass(frozen=True)
class Subject:
    """What a signal is about, with the people who can be written to about it; `url` is in the mail."""

    kind: SignalKind
    id: int
    name: str
    url: str
    people: Sequence[Person]
    title: str
    text: str


def parse_key(key: str) -> tuple[SignalKind, int]:
    """Return the kind and the id of the subject of a signal; raise NotFound for no key of one."""
    found = KEY.fullmatch(key)
    if found is None or found[1] not in KINDS:
        raise NotFound
    return cast(SignalKind, found[1]), int(found[2])


def subject_of(person: Person, programme: Programme, key: str) -> Subject:
    """Return what the signal with this key is about, also while there is no such signal any more.

    Raise NotFound unless it is of the programme and of a kind about which people are written to.
    """
    kind, id = parse_key(key)
    finder = FINDERS.get(kind)
    if finder is None:
        raise NotFound
    return finder(person, programme, kind, id)


def _partnership(person: Person, programme: Programme, kind: SignalKind, id: int) -> Subject:
    found = db.session.get(Partnership, id)
    if found is None or found.programme_id != programme.id:
        raise NotFound
    if kind == "silent":
        title = _("Hoe gaat het met %(name)s?", name=found.name)
        text = _(
            "Ik las al een tijdje niets van uw samenwerking ‘%(name)s’. Hoe gaat het? Loopt u ergens tegenaan, of kan ik"
            " iemand aan u voorstellen?",
            name=found.name,
        )
    else:
        title = _("De stand van zaken van %(name)s", name=found.name)
        text = _(
            "De stand van zaken van uw samenwerking ‘%(name)s’ is de laatste keer niet ingevuld. Een paar zinnen zijn"
            " genoeg. Vertelt u mij hoe het ervoor staat?",
            name=found.name,
        )
    people = [one for one in found.people if one.is_active]
    return Subject(kind, id, found.name, found.url, people, title, _signed(text, person))


def _question(person: Person, programme: Programme, kind: SignalKind, id: int) -> Subject:
    found = db.session.scalar(select(Thread).where(Thread.id == id, access.visible_to(person, Thing)))
    here = next((one for one in programme.communities if found and one.audience_id == found.audience_id), None)
    if found is None or here is None or found.thread_kind != "question":
        raise NotFound
    hosts = select(Person).join(Membership, Membership.person_id == Person.id)
    people = db.session.scalars(
        hosts.where(
            Membership.community_id == here.id,
            Membership.role.in_(HOSTS),
            current(),
            Person.state == "active",
            Person.id.not_in((person.id, found.author_id or 0)),
        ).order_by(Person.name, Person.id)
    )
    text = _(
        "In %(community)s staat een vraag waar nog niemand op reageerde: ‘%(title)s’. Kunt u er iets over zeggen?",
        community=here.name,
        title=found.title,
    )
    title = _("Weet u hier iets van? %(title)s", title=found.title)
    return Subject(kind, id, found.title, found.url, list(people), title[:200], _signed(text, person))


def _action(person: Person, programme: Programme, kind: SignalKind, id: int) -> Subject:
    found = db.session.scalar(select(Outcome).where(Outcome.id == id, access.visible_to(person, Outcome)))
    owner = db.session.get(Person, found.owner_id) if found and found.owner_id else None
    if found is None or owner is None or access.audience(person, found.audience_id).programme_id != programme.id:
        raise NotFound
    if not owner.is_active or access.rights(owner).role(found.audience_id) is None:
        raise NotFound
    text = _(
        "U zou dit doen: ‘%(title)s’. De datum is voorbij. Lukt het nog, of kan ik u helpen?",
        title=found.title,
    )
    title = _("Hoe staat het met uw actie? %(title)s", title=found.title)
    return Subject(kind, id, found.title, found.url, [owner], title[:200], _signed(text, person))


def _invitation(person: Person, programme: Programme, kind: SignalKind, id: int) -> Subject:
    invited = (
        select(Invitation.id)
        .join(Community, Community.id == Invitation.community_id)
        .where(Invitation.person_id == id, Invitation.revoked.is_(None), Community.programme_id == programme.id)
    )
    found = db.session.get(Person, id)
    known = db.session.get(TeamMember, (programme.id, id)) or db.session.scalar(invited.limit(1))
    if found is None or not found.is_active or known is None:
        raise NotFound
    text = _(
        "U bent uitgenodigd voor %(programme)s, maar u hebt nog niet ingelogd. Lukt het niet, of hebt u een vraag? Dan help"
        " ik u graag op weg.",
        programme=programme.name,
    )
    title = _("Uw uitnodiging voor %(programme)s", programme=programme.name)
    return Subject(kind, id, found.name or found.mail, "/sign-in", [found], title, _signed(text, person))


def _term(person: Person, programme: Programme, kind: SignalKind, id: int) -> Subject:
    found = db.session.get(Membership, id)
    if found is None or found.community.programme_id != programme.id or found.role != "expert" or found.ended:
        raise NotFound
    expert, until = found.person, day(found.until) if found.until else month(clock.today())
    text = _(
        "U bent tot en met %(day)s expert in %(community)s. Wilt u langer meedenken? Dan verleng ik uw deelname.",
        day=until,
        community=found.community.name,
    )
    title = _("Uw deelname aan %(community)s", community=found.community.name)
    return Subject(kind, id, expert.name or expert.mail, found.community.url, [expert], title, _signed(text, person))


def _signed(text: str, person: Person) -> str:
    return f"{text}\n\n{_('Met vriendelijke groet,')}\n{person.name}"


FINDERS: dict[SignalKind, Callable[[Person, Programme, SignalKind, int], Subject]] = {
    "silent": _partnership,
    "check_in": _partnership,
    "question": _question,
    "invitation": _invitation,
    "term": _term,
    "overdue": _action,
}
