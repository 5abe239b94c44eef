"""Meetings of the first community, planned by its moderator."""

from __future__ import annotations

import email
from datetime import UTC, datetime, timedelta
from email.policy import default
from types import SimpleNamespace
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from cop.base import jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email, to_message
from cop.meetings import actions
from cop.meetings.models import Meeting
from cop.society.people import Person
from cop.society.programmes import Community
from tests.conftest import go_to

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
START = datetime(2027, 3, 26, 8, 30, tzinfo=UTC)  # 9.30 in Amsterdam, in winter time
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_the_desk() -> None:
    """Begin every test on the same day, so that no term has passed."""
    go_to(NOW)


@pytest.fixture
def plan(app: Any, cast: Any) -> Any:
    """`plan(capacity=2)`: plan a meeting of the first community as Eva; return its id and addresses."""

    def planned(who: str = "eva", owner: Any = Community, id: int | None = None, **given: Any) -> SimpleNamespace:
        given = {"title": "Plaats maken", "kind": "thematic", "starts": START, "ends": START + 6 * HOUR} | given
        with app.app_context(), transaction():
            person, whose = db.session.get_one(Person, getattr(cast, who)), db.session.get_one(owner, id or cast.one)
            meeting = actions.plan(person, whose, **given).id
        return SimpleNamespace(id=meeting, url=f"/meetings/{meeting}", api=f"/api/v1/meetings/{meeting}")

    return planned


@pytest.fixture
def draft(plan: Any) -> SimpleNamespace:
    """A draft with a place, a video link and two seats."""
    return plan(venue="Raadhuis, Proefdam", video_url="https://video.example/geheim", capacity=2)


@pytest.fixture
def meeting(draft: SimpleNamespace, run_as: Any) -> SimpleNamespace:
    """The draft, announced."""
    run_as("eva", actions.announce, Meeting, draft.id)
    return draft


@pytest.fixture
def mails(app: Any) -> Any:
    """`mails('anna')`: the mails about meetings to somebody, oldest first, with `subject`, `text` and `item`, the item of
    their calendar part."""

    def sent(who: str, host: str = "proef.example") -> list[SimpleNamespace]:
        with app.app_context():
            found = db.session.scalars(
                select(Email)
                .where(Email.address == f"{who}@{host}", Email.kind.startswith("meetings/"))
                .order_by(Email.id)
            ).all()
            return [
                SimpleNamespace(kind=one.kind, subject=one.subject, text=one.text, item=_item(one), id=one.id)
                for one in found
            ]

    return sent


def _item(mail: Email) -> Any:
    part = parts_of(mail)[-1]
    if part.get_content_type() != "text/calendar":
        return None
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    (event,) = calendar.walk("VEVENT")
    attendee = event["ATTENDEE"]
    assert not isinstance(attendee, list)
    return SimpleNamespace(
        method=str(calendar["METHOD"]),
        uid=str(event["UID"]),
        sequence=int(event["SEQUENCE"]),
        stamp=event.decoded("DTSTAMP"),
        starts=event.decoded("DTSTART"),
        status=str(event["STATUS"]),
        attendee=str(attendee),
        partstat=str(attendee.params["PARTSTAT"]),
        organizer=str(event["ORGANIZER"]),
        raw=part.get_payload(decode=True),
    )


def parts_of(mail: Email) -> list[Any]:
    """Return the parts of a mail, as a mail program finds them."""
    message = email.message_from_bytes(to_message(mail).as_bytes(), policy=default)
    return [part for part in message.walk() if not part.is_multipart()]


@pytest.fixture
def run_jobs(app: Any) -> Any:
    """Send the waiting mail."""

    def run() -> None:
        with app.app_context():
            jobs.run_due()

    return run
