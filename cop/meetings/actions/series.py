"""Verbs of series: several meetings are planned by one form, and announced by one act; the series has a title and a text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from cop.base import clock, words
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.meetings.actions.announcing import announce
from cop.meetings.actions.planning import plan
from cop.meetings.groups import chosen_owner
from cop.meetings.models import MeetingDay, MeetingSeries, Owner
from cop.meetings.series import FEWEST_DATES, MOST_DATES, drafts_of
from cop.society.people import Person


@action("meetings.plan_series")
def plan_series(
    person: Person,
    owner: Owner,
    /,
    *,
    title: str,
    days: Sequence[MeetingDay] = (),
    communities: Sequence[str] | None = None,
    **given: Any,
) -> MeetingSeries:
    """Plan a series of meetings as drafts, one for each of the days. Raise Invalid for impossible days.

    communities: the slugs of those of the programme for which they are, none for all of it.
    """
    planned = sorted(days)
    if not FEWEST_DATES <= len(planned) <= MOST_DATES:
        raise Invalid(errors={"days": _("Een reeks heeft twee tot acht data.")})
    if any(day.ends <= day.starts for day in planned):
        raise Invalid(errors={"days": _("Het einde ligt na het begin.")})
    for before, after in pairwise(planned):
        if before.date == after.date:
            raise Invalid(
                errors={"days": _("%(day)s staat er twee keer. Kies andere data.", day=words.day(after.starts))}
            )
    series = MeetingSeries(audience_id=chosen_owner(person, owner, communities).audience_id, title=title, text="")
    db.session.add(series)
    db.session.flush()
    for day in planned:
        meeting = plan(person, owner, title=title, starts=day.starts, ends=day.ends, communities=communities, **given)
        meeting.series_id = series.id
    detail(series=series.id, meetings=len(planned))
    return series


@action("meetings.edit_series")
def edit_series(person: Person, series: MeetingSeries, /, **given: str) -> MeetingSeries:
    """Change the title of a series, or what it is about; its meetings keep their own titles."""
    for name, value in given.items():
        setattr(series, name, value)
    detail(series=series.id)
    return series


@action("meetings.announce_series")
def announce_series(person: Person, series: MeetingSeries) -> MeetingSeries:
    """Announce all drafts of a series: everybody gets an invitation to each of them.

    Raise Conflict when there are none, or the start of one is over.
    """
    # Two who announce it at once wait for each other; adding a meeting to it needs not wait.
    db.session.refresh(series, with_for_update={"key_share": True})
    drafts = drafts_of(person, series)
    if not drafts:
        raise Conflict(_("Alle bijeenkomsten van deze reeks zijn al aangekondigd."))
    for meeting in drafts:
        if meeting.starts <= clock.now():
            raise Conflict(
                _(
                    "Het concept %(title)s van %(day)s is al voorbij. Kies een andere dag of verwijder het.",
                    title=meeting.title,
                    day=words.day(meeting.starts),
                )
            )
    for meeting in drafts:
        announce(person, meeting)
    detail(series=series.id, meetings=len(drafts))
    return series
