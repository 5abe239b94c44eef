"""Verbs of planning: a draft is made, changed and removed; after the announcement only what calendars need not follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.meetings.actions.seating import promote
from cop.meetings.events import SeatsChanged
from cop.meetings.models import MEETING, OPEN, Meeting, MeetingKind, Owner, lock
from cop.society.organisations import Organisation
from cop.society.people import Person
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
TIMED = ("starts", "ends", "venue")  # what `move` changes once it is announced


@action("meetings.plan")
def plan(
    person: Person,
    owner: Owner,
    *,
    title: str,
    kind: MeetingKind,
    starts: datetime,
    ends: datetime,
    purpose: str = "",
    host: str = "",
    venue: str = "",
    route: str = "",
    accessibility: str = "",
    parking: str = "",
    video_url: str = "",
    capacity: int | None = None,
) -> Meeting:
    """Plan a meeting as a draft, for those of a community, programme or partnership. Raise Invalid for impossible times."""
    check_times(starts, ends)
    meeting = Meeting(
        audience_id=owner.audience_id,
        title=title,
        state="planned",
        meeting_kind=kind,
        starts=starts,
        ends=ends,
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
    db.session.flush()
    detail(meeting=meeting.id, kind=kind)
    return meeting


@action("meetings.edit", event=SeatsChanged)
def edit(person: Person, meeting: Meeting, /, *, base_version: int | None = None, **given: Any) -> Meeting:
    """Change a meeting; its time and place only while it is a draft.

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
    if meeting.status != "draft" and any(name in given and given[name] != getattr(meeting, name) for name in TIMED):
        raise Conflict(_("Deze bijeenkomst is aangekondigd. Verplaats haar, dan hoort iedereen het."))
    check_times(given.get("starts", meeting.starts), given.get("ends", meeting.ends))
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


@action("meetings.remove")
def remove(person: Person, meeting: Meeting) -> Meeting:
    """Delete a draft. Raise Conflict for a meeting that was announced."""
    lock(meeting)
    if meeting.status != "draft":
        raise Conflict(_("Deze bijeenkomst is aangekondigd. U kunt haar afzeggen, niet verwijderen."))
    connection = db.session.connection()
    for table, column in _OF_A_DRAFT:
        connection.execute(delete(table).where(column == meeting.id))
    return meeting


def check_times(starts: datetime, ends: datetime) -> None:
    """Raise Invalid unless a meeting ends after its start, and within two weeks."""
    if ends <= starts:
        raise Invalid(errors={"ends": _("Het einde ligt na het begin.")})
    if ends - starts > LONGEST:
        raise Invalid(errors={"ends": _("Een bijeenkomst duurt hoogstens twee weken.")})


def check_future(starts: datetime) -> None:
    """Raise Invalid for a start that is over."""
    if starts <= clock.now():
        raise Invalid(errors={"starts": _("Dit moment is voorbij. Kies een tijd die nog komt.")})


def _hosted(person: Person, host: str) -> dict[str, Any]:
    """Return the host as it is stored: its name, and the organisation of that name that the person may see."""
    named = func.lower(Organisation.name) == host.lower()
    visible = select(Organisation.id).where(named, access.visible_to(person, Organisation)).order_by(Organisation.id)
    return {"host": host, "host_id": db.session.scalar(visible.limit(1)) if host else None}
