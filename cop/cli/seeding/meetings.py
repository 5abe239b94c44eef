"""The meetings of the demo: a kick-off and three thematic meetings that were held, and the symposium that comes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, insert, select

from cop import access
from cop.base.db import db
from cop.cli.demo import FILES
from cop.cli.seeding.stage import Event, Stage, utc
from cop.meetings.guests import MeetingGuest, new_person
from cop.meetings.models import Invitee, Meeting, MeetingDay, MeetingSeries, Status, identify, new_invitee, set_days
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.things import sign

Table = dict[str, Any]
STORY: list[Table] = tomllib.loads((FILES.parent / "meetings.toml").read_text())["meetings"]
SERIES = "Het leerjaar: van de start tot het symposium"
ABOUT = "De bijeenkomsten van dit jaar voor alle praktijkgemeenschappen van het programma."
TEXTS = ("title", "purpose", "host", "venue", "route", "accessibility", "parking")


def events(stage: Stage) -> Iterator[Event]:
    """Yield the announcements; they are rows, because the verbs would mail everybody.

    One from before people entered is added as soon as they are there.
    """
    begun = min(post.at for thread in stage.demo.threads for post in thread.posts)
    for number, told in enumerate(STORY):
        at = max(utc(told["announced"]), begun + timedelta(minutes=number))
        yield Event(at, 0, partial(_announce, stage, told))


def _announce(stage: Stage, told: Table) -> None:
    """Add a meeting with everybody's answer as they stand at the end of the story."""
    announced, starts, ends = (utc(told[name]) for name in ("announced", "starts", "ends"))
    if "community" in told:
        owner: Any = stage.communities[told["community"]]
    else:
        owner = db.session.scalars(select(Programme).where(Programme.slug == stage.demo.programme.slug)).one()
    host = db.session.scalar(
        select(Organisation.id).where(func.lower(Organisation.name) == told.get("host", "").lower())
    )
    status: Status = "held" if ends <= stage.demo.now else "announced"
    meeting = Meeting(
        audience_id=owner.audience_id,
        meeting_kind=told["kind"],
        status=status,
        starts=starts,
        ends=ends,
        capacity=told.get("capacity"),
        host_id=host,
        sequence=1,
        time_sequence=1,
        stamp=announced,
        made=announced,
        series_id=_series(stage),
        **{name: told.get(name, "") for name in TEXTS},
    )
    sign(meeting, stage.people["marijke"], "team")
    db.session.add(meeting)
    if "days" in told:
        set_days(meeting, [MeetingDay(*map(utc, hours)) for hours in told["days"]])
    db.session.flush()
    identify(meeting)
    db.session.execute(insert(Invitee), _answers(stage, told, meeting, announced))
    for number, guest in enumerate(told.get("guests", ()), 1):
        _invite_guest(stage, meeting, guest, announced + timedelta(days=number))


def _invite_guest(stage: Stage, meeting: Meeting, told: Table, at: datetime) -> None:
    """Add a guest who has not answered yet."""
    person = new_person(told["name"])
    invited_by, rest = stage.people["marijke"].id, {"mail": told["mail"], "organisation": told["organisation"]}
    db.session.add(MeetingGuest(person_id=person.id, meeting_id=meeting.id, invited_by_id=invited_by, made=at, **rest))
    invitee = new_invitee(meeting.id, person.id)
    invitee.has_item, invitee.sent_sequence = True, meeting.sequence
    db.session.flush()


def _series(stage: Stage) -> int:
    """Return the id of the series of the year, which is made with its first meeting."""
    found = db.session.scalar(select(MeetingSeries.id).where(MeetingSeries.title == SERIES))
    if found is None:
        programme = db.session.scalars(select(Programme).where(Programme.slug == stage.demo.programme.slug)).one()
        series = MeetingSeries(audience_id=programme.audience_id, title=SERIES, text=ABOUT)
        db.session.add(series)
        db.session.flush()
        found = series.id
    return found


def _answers(stage: Stage, told: Table, meeting: Meeting, announced: datetime) -> list[Table]:
    """Return the invitations of everybody in the audience, answered one after the other since the announcement."""
    here = select(Person.id).where(access.readers_of(meeting.audience_id), Person.state == "active").order_by(Person.id)
    people, silent = list(db.session.scalars(here)), {stage.people[key].id for key in told.get("open", ())}
    answering = [id for id in people if id not in silent]
    rest = ["no"] * told["declined"] + ["maybe"] * told.get("maybe", 0) + ["waiting"] * told.get("waiting", 0)
    coming = len(answering) - len(rest) if meeting.capacity is None else meeting.capacity
    given = (["yes"] * max(coming, 0) + rest)[: len(answering)]
    answers, remarks = dict(zip(answering, given, strict=False)), told.get("remarks", [])
    last = min(meeting.starts, stage.demo.now)
    step = (last - announced) / (len(people) + 1)
    rows: list[Table] = []
    for number, id in enumerate(people, 1):
        answer = answers.get(id, "")
        rows.append(
            {
                "meeting_id": meeting.id,
                "person_id": id,
                "answer": answer,
                "place": len([row for row in rows if row["answer"] == "waiting"]) + 1 if answer == "waiting" else None,
                "remark": remarks[number // 7]
                if number % 7 == 0 and number // 7 < len(remarks) and answer == "yes"
                else "",
                "diet": "",
                "access_needs": "",
                "answered": announced + number * step if answer else None,
                "answered_sequence": 1 if answer else 0,
                "has_item": answer in ("", "yes", "maybe"),
                "sent_sequence": 1,
            }
        )
    return rows
