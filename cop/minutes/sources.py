"""Sources: what proposes the blocks of new minutes. Features above or beside register their own."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import NamedTuple

from sqlalchemy import select

from cop.base.db import db
from cop.base.words import _
from cop.meetings.models import Invitee, Meeting
from cop.society.memberships import surname
from cop.society.organisations import Organisation
from cop.society.people import Person


class Proposal(NamedTuple):
    """A block to begin minutes with: its heading, and its text as HTML, which is cleaned when it is stored."""

    heading: str
    html: str = ""


Source = Callable[[Person, Meeting], list[Proposal]]
_sources: dict[str, list[tuple[int, Source]]] = {}


def block_source(name: str, order: int) -> Callable[[Source], Source]:
    """Decorate what proposes blocks for the part `name` of minutes; the lowest order comes first.

    Of several sources of one part, the one that was registered last and proposes something counts: a feature that knows
    more of a part registers a source under its name.
    """

    def decorate(source: Source) -> Source:
        _sources.setdefault(name, []).append((order, source))
        return source

    return decorate


def proposed(person: Person, meeting: Meeting) -> list[Proposal]:
    """Return the blocks to begin the minutes of a meeting with, in their order."""
    parts: list[tuple[int, list[Proposal]]] = []
    for sources in _sources.values():
        for order, source in reversed(sources):
            if proposals := source(person, meeting):
                parts.append((order, proposals))
                break
    return [one for _order, proposals in sorted(parts, key=lambda part: part[0]) for one in proposals]


@block_source("attendance", 10)
def attendance(person: Person, meeting: Meeting) -> list[Proposal]:
    """Propose who is present: those who said that they would come, with their organisation."""
    coming = db.session.execute(
        select(Person.name, Person.mail, Organisation.name)
        .join(Invitee, Invitee.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Invitee.meeting_id == meeting.id, Invitee.answer == "yes")
    ).all()
    names = sorted(
        ((name or mail, organisation) for name, mail, organisation in coming), key=lambda one: surname(one[0])
    )
    items = [
        f"<li>{escape(name + (f' ({organisation})' if organisation else ''))}</li>" for name, organisation in names
    ]
    return [Proposal(_("Aanwezigen"), f"<ul>{''.join(items)}</ul>" if items else "")]


@block_source("programme", 20)
def programme(person: Person, meeting: Meeting) -> list[Proposal]:
    """Propose a block for each part of a meeting as they usually are."""
    return [Proposal(heading) for heading in (_("Actualiteiten"), _("Intervisie"), _("Verdieping"))]


@block_source("outcomes", 30)
def outcomes(person: Person, meeting: Meeting) -> list[Proposal]:
    """Propose a block for decisions and actions."""
    return [Proposal(_("Besluiten en acties"))]


@block_source("next", 40)
def following(person: Person, meeting: Meeting) -> list[Proposal]:
    """Propose a block for what comes next."""
    return [Proposal(_("Vervolg"))]
