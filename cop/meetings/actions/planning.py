"""Verbs of planning: a draft is made, changed and removed; after the announcement only what calendars need not follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import delete, func, select

from cop import access
from cop.base import clock, words
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.meetings.actions.seating import promote
from cop.meetings.events import MeetingPlanned, SeatsChanged
from cop.meetings.groups import chosen_owner
from cop.meetings.models import (
    MEETING,
    MOST_DAYS,
    OPEN,
    Meeting,
    MeetingDay,
    MeetingKind,
    Owner,
    days_of,
    lock,
    owner_of,
    set_days,
)
from cop.meetings.series import choose_series, remove_empty
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import CommunityGroup, Programme
from cop.things import Follow, Mark, Thing, ThingLink, sign

LONGEST = timedelta(days=14)
_THING = Thing.__table__
# The rows of a draft, and those that refer to it, in the order in which they are deleted.
_OF_A_DRAFT: tuple[tuple[Any, Any], ...] = (
    (Follow.__table__, Follow.thing_id),
    (Mark.__table__, Mark.thing_id),
    (ThingLink.__table__, ThingLink.to_id),
    (ThingLink.__table__, ThingLink.from_id),
    (MEETING, MEETING.c.id),
    (_THING, _THING.c.id),
)


@action("meetings.plan", event=MeetingPlanned)
def plan(
    person: Person,
    owner: Owner,
    *,
    title: str,
    kind: MeetingKind,
    starts: datetime | None = None,
    ends: datetime | None = None,
    days: Sequence[MeetingDay] = (),
    purpose: str = "",
    host: str = "",
    venue: str = "",
    route: str = "",
    accessibility: str = "",
    parking: str = "",
    video_url: str = "",
    capacity: int | None = None,
    communities: Sequence[str] | None = None,
    copied_from: int | None = None,
) -> Meeting:
    """Plan a meeting as a draft, for those of a community, programme or partnership; `days`: of one that lasts several.

    communities: the slugs of those of the programme for which it is, none for all of it. copied_from: the meeting of the
    same owner of which it is a copy. Raise Invalid for impossible times, Conflict for a meeting of which the person can
    make no copy.
    """
    if copied_from is not None and find_original(person, owner, copied_from) is None:
        raise Conflict(_("De bijeenkomst waarvan u een kopie maakt, is er niet meer."))
    planned = _planned(starts, ends, days)
    meeting = Meeting(
        audience_id=chosen_owner(person, owner, communities).audience_id,
        title=title,
        state="planned",
        meeting_kind=kind,
        starts=planned[0].starts,
        ends=planned[-1].ends,
        purpose=purpose,
        venue=venue,
        route=route,
        accessibility=accessibility,
        parking=parking,
        video_url=video_url,
        capacity=capacity,
        **_hosted(person, host),
    )
    sign(meeting, person, access.rights(person).role_for(owner) or "team")
    db.session.add(meeting)
    set_days(meeting, planned)
    db.session.flush()
    detail(meeting=meeting.id, kind=kind, **({"copied_from": copied_from} if copied_from else {}))
    return meeting


def find_original(person: Person, owner: Owner, id: int) -> Meeting | None:
    """Return the meeting of an owner of which a person can make a copy, None where they see no such meeting.

    Those of several communities of a programme are also the programme's.
    """
    audiences = [owner.audience_id]
    if isinstance(owner, Programme):
        audiences += db.session.scalars(
            select(CommunityGroup.audience_id).where(CommunityGroup.programme_id == owner.id)
        )
    seen = select(Meeting).where(
        Meeting.id == id, Meeting.audience_id.in_(audiences), access.visible_to(person, Meeting)
    )
    found: Meeting | None = db.session.scalar(seen)
    return found


@action("meetings.edit", event=SeatsChanged)
def edit(person: Person, meeting: Meeting, /, *, base_version: int | None = None, **given: Any) -> Meeting:
    """Change a meeting; its time, its place and for whom it is only while it is a draft.

    Raise Conflict when it was changed since `base_version` or is over, Invalid for impossible values.
    """
    lock(meeting)
    given = {name: value for name, value in given.items() if value is not None or name == "capacity"}
    if base_version is not None and base_version != meeting.version:
        raise Conflict(
            _("Een collega heeft deze bijeenkomst intussen gewijzigd. Uw tekst staat er nog; kijk wat er nu staat."),
            version=meeting.version,
        )
    if meeting.status not in ("draft", *OPEN):
        raise Conflict(_("Deze bijeenkomst is voorbij of afgezegd. U kunt haar niet meer wijzigen."))
    days = changed_days(meeting, *(given.pop(name, None) for name in ("starts", "ends", "days")))
    elsewhere = given.get("venue", meeting.venue) != meeting.venue
    if meeting.status != "draft" and (elsewhere or days != days_of(meeting)):
        raise Conflict(_("Deze bijeenkomst is aangekondigd. Verplaats haar, dan hoort iedereen het."))
    if (communities := given.pop("communities", None)) is not None:
        _choose_owner(person, meeting, communities)
    set_days(meeting, days)
    if "series" in given:
        choose_series(person, meeting, given.pop("series"))
    if "host" in given:
        given |= _hosted(person, given["host"])
    if "kind" in given:
        given["meeting_kind"] = given.pop("kind")
    for name, value in given.items():
        setattr(meeting, name, value)
    db.session.flush()
    if meeting.status in OPEN:
        detail(promoted=promote(meeting))
    return meeting


def _choose_owner(person: Person, meeting: Meeting, communities: Sequence[str]) -> None:
    """Plan a draft for other communities of its programme."""
    chosen = chosen_owner(person, owner_of(meeting), communities)
    if chosen.audience_id == meeting.audience_id:
        return
    if meeting.status != "draft":
        raise Conflict(_("Deze bijeenkomst is aangekondigd. Voor wie zij is, kunt u niet meer wijzigen."))
    meeting.audience_id = chosen.audience_id


@action("meetings.remove")
def remove(person: Person, meeting: Meeting) -> Meeting:
    """Delete a draft. Raise Conflict for a meeting that was announced."""
    lock(meeting)
    if meeting.status != "draft":
        raise Conflict(_("Deze bijeenkomst is aangekondigd. U kunt haar afzeggen, niet verwijderen."))
    connection = db.session.connection()
    for table, column in _OF_A_DRAFT:
        connection.execute(delete(table).where(column == meeting.id))
    remove_empty(meeting.series_id)
    return meeting


def _planned(starts: datetime | None, ends: datetime | None, days: Sequence[MeetingDay]) -> list[MeetingDay]:
    if days:
        planned = sorted(days)
    elif starts and ends:
        planned = [MeetingDay(starts, ends)]
    else:
        raise Invalid(
            errors={name: _("Vul dit in.") for name, value in (("starts", starts), ("ends", ends)) if not value}
        )
    check_days(planned)
    return planned


def changed_days(
    meeting: Meeting, starts: datetime | None, ends: datetime | None, days: Sequence[MeetingDay] | None
) -> list[MeetingDay]:
    """Return the days of a meeting as they are to be: those given, or its own day with another start or end.

    Raise Invalid for impossible times.
    """
    now = days_of(meeting)
    if days:
        now = sorted(days)
    elif (starts or ends) and len(now) > 1:
        raise Invalid(errors={"days": _("Deze bijeenkomst duurt meer dagen. Geef alle dagen met hun tijden.")})
    elif starts or ends:
        now = [MeetingDay(starts or meeting.starts, ends or meeting.ends)]
    check_days(now)
    return now


def check_times(starts: datetime, ends: datetime) -> None:
    """Raise Invalid unless a meeting of one day ends after its start, and within two weeks."""
    check_days([MeetingDay(starts, ends)])


def check_days(days: Sequence[MeetingDay]) -> None:
    """Raise Invalid unless the days, the first one first, are apart, end after they start, and last two weeks at most."""
    if any(day.ends <= day.starts for day in days):
        raise Invalid(errors={"ends" if len(days) == 1 else "days": _("Het einde ligt na het begin.")})
    first, last = clock.local(days[0].starts), clock.local(days[-1].ends)
    if (
        last.replace(tzinfo=None) - first.replace(tzinfo=None) > LONGEST
    ):  # on the clock, over changes of summer time too
        raise Invalid(errors={"ends" if len(days) == 1 else "days": _("Een bijeenkomst duurt hoogstens twee weken.")})
    if len(days) > MOST_DAYS:
        raise Invalid(errors={"days": _("Een bijeenkomst duurt hoogstens %(n)s dagen.", n=MOST_DAYS)})
    for before, after in pairwise(days):
        if after.starts < before.ends or after.date == before.date:
            raise Invalid(
                errors={
                    "days": _(
                        "Op %(day)s staan twee dagen. Kies voor elke dag een andere datum.", day=words.day(after.starts)
                    )
                }
            )


def check_future(starts: datetime) -> None:
    """Raise Invalid for a start that is over."""
    if starts <= clock.now():
        raise Invalid(errors={"starts": _("Dit moment is voorbij. Kies een tijd die nog komt.")})


def _hosted(person: Person, host: str) -> dict[str, Any]:
    """Return the host as it is stored: its name, and the organisation of that name that the person may see."""
    named = func.lower(Organisation.name) == host.lower()
    visible = select(Organisation.id).where(named, access.visible_to(person, Organisation)).order_by(Organisation.id)
    return {"host": host, "host_id": db.session.scalar(visible.limit(1)) if host else None}
