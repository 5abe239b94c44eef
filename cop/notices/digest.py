"""The overview by mail, daily or weekly: when it is sent, to whom, and what it covers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from cop.base import clock, email, jobs
from cop.base.action import transaction
from cop.base.db import db, upsert
from cop.notices.emails import list_headers, stop_address
from cop.notices.models import Digest, NoticeChoice, NoticeMailed
from cop.notices.overview import LONGEST, addressed, documents, news, rooms
from cop.society.people import Person
from cop.things import Thing
from cop.things.reminders import take_reminders

HOUR = 7  # hour in Amsterdam, before the working day
FIRST = timedelta(days=1)  # how far back the first daily mail looks


def next_morning(now: datetime) -> datetime:
    """Return the next weekday at seven o'clock in Amsterdam."""
    return clock.next_hour(now, HOUR, range(5))


@jobs.job("notices.digest")
def digest() -> None:
    """Enqueue one job per person, so that one failing mail does not delay the others.

    Does nothing at the weekend, when a worker that was down may run it late.
    """
    now = clock.now()
    if clock.local(now).weekday() > 4:
        return
    choice = select(NoticeChoice.person_id).where(NoticeChoice.kind == "digest")
    other_day = (NoticeChoice.how == "weekly") & (func.coalesce(NoticeChoice.weekday, 0) != clock.local(now).weekday())
    not_today = choice.where((NoticeChoice.how == "never") | other_day)
    with transaction():
        db.session.execute(delete(NoticeMailed).where(NoticeMailed.at < now - 2 * LONGEST))
        for person in db.session.scalars(
            select(Person.id).where(Person.state == "active", Person.entered.is_not(None), Person.id.not_in(not_today))
        ).all():
            jobs.later("notices.digest_one", person)


@jobs.job("notices.digest_one")
def digest_one(person_id: int) -> None:
    """Enqueue a person's daily or weekly mail, once.

    What it covers is recorded in the same transaction.
    """
    with transaction():
        person = db.session.get(Person, person_id)
        if person is None or not person.is_active:
            return
        previous = db.session.get(Digest, person_id)
        last = db.session.scalar(select(func.max(Thing.id))) or 0
        choice = db.session.get(NoticeChoice, (person_id, "digest"))
        weekday = (choice.weekday or 0) if choice and choice.how == "weekly" else None
        first = _last_before(FIRST if weekday is None else LONGEST)
        since = max(previous.upto, _last_before(LONGEST)) if previous else first
        moment = db.session.scalar(select(Thing.made).where(Thing.id == since)) or clock.now() - LONGEST
        items = addressed(person)
        if items:
            db.session.execute(
                insert(NoticeMailed), [{"person_id": person_id, "thing_id": id, "at": clock.now()} for id in items]
            )
        threads, more = news(person, since)
        files, chat = documents(person, since, moment), rooms(person, since)
        reminders = take_reminders(person)
        anything = bool(items or threads or files or chat or reminders)
        if anything:
            email.enqueue(
                "notices/digest",
                to=person.mail,
                name=person.name,
                language=person.language,
                person_id=person.id,
                headers=list_headers(person.id, "digest", "digest"),
                reminders=reminders,
                addressed=list(items.values()),
                guidance=[item for item in threads if item.kind == "guidance"],
                news=[item for item in threads if item.kind != "guidance"],
                documents=files,
                rooms=chat,
                more=more,
                weekday=weekday,
                stop=stop_address(person.id, "digest"),
            )
        sent = clock.now() if anything else (previous.sent if previous else None)
        upsert(Digest, {"person_id": person_id}, {"upto": last, "sent": sent})


def _last_before(ago: timedelta) -> int:
    """Return the id of the last thing made longer ago than `ago`."""
    return db.session.scalar(select(func.max(Thing.id)).where(Thing.made < clock.now() - ago)) or 0
