"""What new minutes begin with: who was there, the agenda, and the outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from sqlalchemy import func, select

from cop.agenda.models import QuestionRow, blocks_of, questions_of
from cop.attendance.models import attended
from cop.base.db import db
from cop.base.words import _, day, n_
from cop.meeting_rooms.models import closed_rounds
from cop.meetings.models import Meeting, coming_ids, days_of, guests_coming
from cop.outcomes.models import OutcomeOfMeeting, outcomes_of
from cop.society.memberships import surname
from cop.society.organisations import Organisation
from cop.society.people import GUEST, Person, shown_name


class Proposal(NamedTuple):
    """A block to begin minutes with: its heading, and its text as HTML, which is cleaned when it is stored."""

    heading: str
    html: str = ""


def proposed(meeting: Meeting) -> list[Proposal]:
    """Return the blocks to begin the minutes of a meeting with, in their order."""
    return [_attendance(meeting), *_programme(meeting), *_rounds(meeting), *_outcomes(meeting), Proposal(_("Vervolg"))]


def _attendance(meeting: Meeting) -> Proposal:
    """Propose who is present, with their organisation: those who were there, else those who said that they would come."""
    there = attended(meeting.id)
    coming = coming_ids(meeting.id, guests=False)
    guests = db.session.scalar(
        select(func.count()).select_from(Person).where(Person.id.in_(there), Person.state == GUEST)
    )
    guests = guests if there else guests_coming(meeting.id)
    people = db.session.execute(
        select(Person.name, Person.mail, Person.former, Organisation.name)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id.in_(there or coming), Person.state != GUEST)
    ).all()
    names = sorted(
        ((shown_name(name, former, mail=mail), organisation) for name, mail, former, organisation in people),
        key=lambda one: surname(one[0]),
    )
    return Proposal(
        _("Aanwezigen"),
        _list(
            [
                *(escape(name + (f" ({organisation})" if organisation else "")) for name, organisation in names),
                *([escape(n_("%(n)s gast", "%(n)s gasten", guests))] if guests else []),
            ]
        ),
    )


def _programme(meeting: Meeting) -> list[Proposal]:
    """Propose a block for each of the agenda, breaks apart, with the questions that are put on it; without an agenda the
    parts that a meeting usually has. Of several days, the heading names the day."""
    kinds = {
        "news": _("Actualiteiten"),
        "peer_review": _("Intervisie"),
        "deep_dive": _("Verdieping"),
        "site_visit": _("Projectbezoek"),
        "own": _("Eigen onderdeel"),
    }
    asked: dict[int | None, list[QuestionRow]] = {}
    for question in questions_of(meeting.id):
        asked.setdefault(question.block_id, []).append(question)
    blocks = [block for block in blocks_of(meeting.id) if block.kind != "break"]
    several = len(days_of(meeting)) > 1
    return [
        Proposal(
            _on_day(block.day if several else 0, block.title or kinds[block.kind]),
            _list(escape(f"{question.text} ({question.name})") for question in asked.get(block.id, [])),
        )
        for block in blocks
    ] or [Proposal(kinds[kind]) for kind in ("news", "peer_review", "deep_dive")]


def _on_day(number: int, title: str) -> str:
    """Return the title of a block with the number of its day, 0 where the meeting has one day."""
    return _("Dag %(n)s: %(title)s", n=number, title=title) if number else title


def _rounds(meeting: Meeting) -> list[Proposal]:
    """Propose a block for each closed round: its answers, and who gave them."""
    return [
        Proposal(prompt, _list(escape(f"{one.text} ({one.name})") for one in answers))
        for prompt, answers in closed_rounds(meeting.id)
    ]


def _outcomes(meeting: Meeting) -> list[Proposal]:
    """Propose what was learnt, where something was marked, and the decisions and actions."""
    marked = outcomes_of(meeting.id)
    learnt = _list(_linked(one) for one in marked if one.outcome_kind == "outcome")
    agreed = _list(_linked(one) + _who(one) for one in marked if one.outcome_kind != "outcome")
    first = [Proposal(_("Opbrengsten"), learnt)] if learnt else []
    return [*first, Proposal(_("Besluiten en acties"), agreed)]


def _linked(outcome: OutcomeOfMeeting) -> str:
    return f'<a href="/outcomes/{outcome.id}">{escape(outcome.text)}</a>'


def _who(outcome: OutcomeOfMeeting) -> str:
    """Return who does an action and when, "" for a decision."""
    if outcome.due is None:
        return ""
    name = outcome.owner_name or _("Oud-deelnemer")
    return escape(f" – {_('%(name)s, %(day)s', name=name, day=day(outcome.due))}")


def _list(items: Iterable[str]) -> str:
    """Return HTML items as a list, "" without any."""
    inside = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{inside}</ul>" if inside else ""
