"""What happened in a programme, as the text of a draft: only what everybody in its audience can see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from markupsafe import escape
from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy import text as sql

from cop.base import clock, text
from cop.base.db import db
from cop.base.hooks import hooks
from cop.base.words import _, day, n_
from cop.bulletins.models import last_sent
from cop.programmes.models import public_page
from cop.society.memberships import Membership, TeamMember, current, people_in
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.things import Thing
from cop.threads.models import OPEN, Thread

FIRST = timedelta(days=7)  # how far back the first bulletin of an audience looks
LONGEST = timedelta(days=14)  # how far back a later one looks at most
AHEAD = timedelta(days=28)  # how far ahead dates are named
MONDAY = 0
SOON = timedelta(days=7)  # a date within this time is reason enough for a bulletin
MOST = 12  # lines of a draft
OF_ONE = 4  # lines of a group
NAMES = 10  # of new people
THING, THREAD = Thing.__table__, Thread.__table__


@dataclass(frozen=True)
class Line:
    """A line of a draft; `url` is where it leads, "" for nowhere."""

    words: str
    url: str = ""
    more: str = ""  # words after the link


@dataclass(frozen=True)
class Group:
    """Lines of a draft under a heading, the newest first; `news` says whether they are reason enough for a bulletin."""

    title: str
    lines: list[Line]
    news: bool


def since_when(audience_id: int) -> datetime:
    """Return from when on a bulletin for an audience looks: the last one that was sent, at most two weeks ago."""
    now, last = clock.now(), last_sent(audience_id)
    return max(last, now - LONGEST) if last else now - FIRST


def happened(programme: Programme, audience_id: int, since: datetime) -> list[Group]:
    """Return what happened in a programme since a moment and what is coming, as far as a whole audience can see it."""
    communities = _seen_by_all(programme, audience_id)
    found = [
        _guidance(communities, audience_id, since),
        _questions(communities, audience_id, since),
        _dates(programme),
        _newcomers(audience_id, since),
        _published(programme, since),
    ]
    groups, left = [], MOST
    for group in found:
        lines = group.lines[: min(left, OF_ONE)]
        left -= len(lines)
        if lines:
            groups.append(Group(group.title, lines, group.news))
    return groups


def as_markdown(groups: list[Group]) -> str:
    """Return the text of a draft."""
    parts = [f"<p>{escape(_('Beste allemaal,'))}</p>"]
    for group in groups:
        parts.append(f"<h2>{escape(group.title)}</h2><ul>{''.join(map(_item, group.lines))}</ul>")
    if not groups:
        parts.append(f"<p>{escape(_('Wat speelt er deze week?'))}</p>")
    return text.to_markdown("".join(parts)).strip() + "\n"


def _item(line: Line) -> str:
    words = escape(line.words)
    linked = f'<a href="{escape(_whole(line.url))}">{words}</a>' if line.url else words
    return f"<li>{linked}{escape(line.more)}</li>"


def _whole(url: str) -> str:
    return url if "://" in url else f"{current_app.config['COP'].base_url}{url}"


def _seen_by_all(programme: Programme, audience_id: int) -> dict[int, str]:
    """Return the communities of a programme in which everybody of an audience takes part: their names by audience."""
    team = select(TeamMember.person_id).where(TeamMember.programme_id == programme.id)
    readers = set(
        db.session.scalars(select(Person.id).where(Person.id.in_(people_in(audience_id)), Person.id.not_in(team)))
    )
    members: dict[int, set[int]] = {}
    for community, person in db.session.execute(
        select(Membership.community_id, Membership.person_id)
        .join(Community, Community.id == Membership.community_id)
        .where(Community.programme_id == programme.id, current())
    ):
        members.setdefault(community, set()).add(person)
    return {one.audience_id: one.name for one in programme.communities if readers <= members.get(one.id, set())}


def _threads(communities: dict[int, str], audience_id: int, *conditions: Any) -> list[tuple[Line, datetime]]:
    """Return the newest threads in these communities with a line and when they were started."""
    rows = db.session.execute(
        select(THING.c.id, THING.c.title, THING.c.made, THING.c.audience_id)
        .select_from(THREAD.join(THING, THING.c.id == THREAD.c.id))
        .where(THREAD.c.audience_id.in_(list(communities)), THING.c.state == "live", *conditions)
        .order_by(THREAD.c.id.desc())
        .limit(OF_ONE)
    )
    return [
        (
            Line(
                row.title,
                f"/threads/{row.id}",
                "" if row.audience_id == audience_id else f" ({communities[row.audience_id]})",
            ),
            row.made,
        )
        for row in rows
    ]


def _guidance(communities: dict[int, str], audience_id: int, since: datetime) -> Group:
    """Return the guidance of this time."""
    found = _threads(communities, audience_id, THREAD.c.thread_kind == "guidance", THING.c.made > since)
    return Group(_("Nieuwe handreikingen"), [line for line, _made in found], True)


def _questions(communities: dict[int, str], audience_id: int, since: datetime) -> Group:
    """Return the open questions that nobody replied to; older ones stay, but are no news."""
    found = _threads(communities, audience_id, sql(OPEN), THREAD.c.replies == 0)
    return Group(
        _("Wie kan helpen? Vragen zonder antwoord"),
        [line for line, _made in found],
        any(made > since for _line, made in found),
    )


def _dates(programme: Programme) -> Group:
    """Return the phases, the ends of open calls and the published dates that are coming, the first at the top."""
    today = clock.today()
    found = sorted((on, line) for on, line in _coming(programme) if today <= on <= today + AHEAD)
    lines = [Line(words, url, more) for _on, (words, url, more) in found]
    return Group(_("Data om te onthouden"), lines, any(on <= today + SOON for on, _line in found))


def _coming(programme: Programme) -> Iterator[tuple[date, tuple[str, str, str]]]:
    """Yield each date of a programme with its words, its address and the words after the link."""
    names = {
        "recruiting": _("Werving"),
        "start": _("Start"),
        "deepening": _("Verdieping"),
        "harvest": _("Oogst"),
        "closing": _("Afsluiting"),
        "archive": _("Archief"),
    }
    for phase in programme.phases:
        if phase.starts > clock.today():
            words = _("%(day)s: de fase %(phase)s begint", day=day(phase.starts), phase=names[phase.kind])
            yield phase.starts, (words, programme.url, "")
    for call in hooks().public_calls(programme.id):
        last = clock.local(call.closes - timedelta(seconds=1))
        yield last.date(), (_("%(day)s: ‘%(name)s’ sluit", day=day(last.date()), name=call.title), call.url, "")
    page = public_page(programme.id) if programme.published else None
    for one in (page.page or {}).get("dates", ()) if page else ():
        on, where = date.fromisoformat(one["day"]), ", ".join(filter(None, (one["time"], one["place"])))
        words = _("%(day)s: %(title)s", day=day(on), title=one["title"])
        yield on, (words, "", f" ({where})" if where else "")


def _newcomers(audience_id: int, since: datetime) -> Group:
    """Return one line with the names of the people who came into an audience in this time and entered."""
    came = case((Membership.since > Person.entered, Membership.since), else_=Person.entered)
    names = list(
        db.session.scalars(
            select(Person.name)
            .join(Membership, Membership.person_id == Person.id)
            .join(Community, Community.id == Membership.community_id)
            .where(
                _within(audience_id),
                Person.id.in_(people_in(audience_id)),
                Person.state == "active",
                Person.entered.is_not(None),
                Person.name != "",
            )
            .group_by(Person.id, Person.name)
            .having(func.min(came) > since)
            .order_by(func.min(came).desc(), Person.id.desc())
        )
    )
    if not names:
        return Group(_("Welkom"), [], False)
    more = len(names) - NAMES
    others = n_(" en nog %(n)s ander", " en nog %(n)s anderen", more) if more > 0 else ""
    return Group(_("Welkom"), [Line(", ".join(names[:NAMES]), "", others)], True)


def _within(audience_id: int) -> ColumnElement[bool]:
    """Return the condition that a community is the one of an audience, or stands in its programme."""
    programme = select(Programme.id).where(Programme.audience_id == audience_id).scalar_subquery()
    own = select(Community.id).where(Community.audience_id == audience_id).scalar_subquery()
    return or_(Community.programme_id == programme, Community.id == own)


def _published(programme: Programme, since: datetime) -> Group:
    """Return the documents that everybody can download since this time."""
    found = hooks().public_documents(programme.id) if programme.published else ()
    new = sorted((one for one in found if one.made > since), key=lambda one: (one.made, one.id), reverse=True)
    return Group(_("Nu openbaar"), [Line(one.title, one.url) for one in new], bool(new))


def next_monday(now: datetime) -> datetime:
    """Return the next Monday at seven o'clock in Amsterdam."""
    return clock.next_hour(now, 7, (MONDAY,))
