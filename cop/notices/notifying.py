"""Adding notices, marking them as read and removing them; every change rings the bell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Date,
    Integer,
    String,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from cop.access import readers_of
from cop.base import clock
from cop.base.db import UtcDateTime, db
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.notices.bell import ring
from cop.notices.models import (
    FLAG,
    PHASE,
    RULING,
    AudienceFollow,
    FlagReason,
    Notice,
    NoticeMailed,
    NoticeReason,
    RoleReason,
    RulingReason,
)
from cop.society.people import Person
from cop.things import Follow, Thing

_PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)
_READ_HERE = PreparedQuery(
    select(Person.id).where(
        Person.id.in_(_PEOPLE),
        readers_of(
            bindparam("audience", type_=Integer),
            bindparam("place", type_=Integer),
            bindparam("today", type_=Date),
            among=_PEOPLE,
        ),
    )
)


_REPEAT = PreparedWrite(
    update(Notice)
    .where(
        Notice.person_id.in_(bindparam("people", expanding=True)),
        Notice.place_id == bindparam("place"),
        Notice.reason == bindparam("why", type_=String),
        Notice.read.is_(None),
    )
    .values(
        times=Notice.times + 1,
        at=bindparam("now", type_=UtcDateTime),
        thing_id=bindparam("thing"),
        actor_id=bindparam("actor", type_=Integer),
    )
    .returning(Notice.person_id)
)


_NAMES = ("person_id", "reason", "place_id", "thing_id", "actor_id", "audience_id", "times", "at")


_INSERT = PreparedWrite(
    insert(Notice).values({name: bindparam(name, type_=Notice.__table__.c[name].type) for name in _NAMES})
)


def notify(
    people: Iterable[int | None], reason: NoticeReason, *, place: int, thing: int, actor: int | None, audience: int
) -> set[int]:
    """Add a notice for each of `people` who may read in `place`, which stands for `audience`, or count up their unread
    one; return who got one."""
    candidates = [person for person in set(people) if person is not None]
    if not candidates:
        return set()
    readers = [
        row.id for row in _READ_HERE.rows(people=candidates, audience=audience, place=place, today=clock.today())
    ]
    now, columns = clock.now(), {"place_id": place, "thing_id": thing, "actor_id": actor, "audience_id": audience}
    counted_up = {
        row.person_id
        for row in _REPEAT.rows(people=readers, place=place, why=reason, now=now, thing=thing, actor=actor)
    }
    new = sorted(set(readers) - counted_up)
    _INSERT.each([{"person_id": id, "reason": reason, "times": 1, "at": now, **columns} for id in new])
    ring(readers)
    return set(readers)


def notify_of_flag(
    people: Iterable[int], reason: FlagReason | RulingReason, *, audience: int, thing: int | None
) -> set[int]:
    """Add a notice for each of these people who may read in the audience; return who got one.

    It has no place, so that it is shown to whoever flagged a thing that is hidden now.
    """
    readers = select(Person.id).where(Person.id.in_(set(people)), readers_of(audience))
    told = sorted(db.session.scalars(readers))
    same = {"reason": reason, "place_id": None, "thing_id": thing, "actor_id": None, "audience_id": audience}
    _INSERT.each([{"person_id": id, "times": 1, "at": clock.now(), **same} for id in told])
    ring(told)
    return set(told)


def remove_flags(audience: int, thing: int | None, *, ruled: bool) -> None:
    """Remove the unread notices about a thing that was flagged: those of its moderators, or of whoever flagged it.

    Those about a member do not say who it is, and stay until they are read.
    """
    if thing is not None:
        reasons = Notice.reason.startswith(f"{FLAG}:") if ruled else Notice.reason == FLAG
        about = (Notice.audience_id == audience) & (Notice.thing_id == thing)
        ring(_changed(delete(Notice).where(about, reasons, Notice.read.is_(None))))


def remove_flags_for(person: int, audience: int) -> None:
    """Remove what waits in an audience from the notices of somebody who does not moderate it any more."""
    waits = (Notice.person_id == person) & (Notice.audience_id == audience) & (Notice.reason == FLAG)
    ring(_changed(delete(Notice).where(waits)))


def remove_rulings(person: int, thing: int | None) -> None:
    """Remove the unread notices of a person about rulings on a thing, or on themselves."""
    about = (Notice.person_id == person) & Notice.reason.startswith(RULING)
    about &= Notice.thing_id.is_(None) if thing is None else Notice.thing_id == thing
    ring(_changed(delete(Notice).where(about, Notice.read.is_(None))))


def notify_of_role(person: int, reason: RoleReason, *, actor: int | None, audience: int | None = None) -> None:
    """Add a notice about a role that a person got, in the running transaction; an earlier one is replaced."""
    remove_role(person, reason, audience)
    db.session.add(
        Notice(person_id=person, reason=reason, actor_id=actor, audience_id=audience, times=1, at=clock.now())
    )
    ring([person])


def notify_of_meetings(person: int, number: int) -> None:
    """Add one notice of how many meetings wait for a person who joined, in the running transaction; it replaces an earlier one."""
    remove_role(person, "meetings", None)
    if number:
        db.session.add(Notice(person_id=person, reason="meetings", times=number, at=clock.now()))
        ring([person])


def recount_meetings(person: int, number: int) -> None:
    """Change the number in the notice of the meetings that wait for a person, and remove it when none does."""
    if not number:
        remove_role(person, "meetings", None)
    mine = update(Notice).where(Notice.person_id == person, Notice.reason == "meetings")
    db.session.execute(mine.values(times=number).execution_options(synchronize_session=False))


def remove_role(person: int, reason: RoleReason, audience: int | None) -> None:
    """Remove the notice about a role of a person."""
    same = (Notice.person_id == person) & (Notice.reason == reason) & Notice.audience_id.is_not_distinct_from(audience)
    ring(_changed(delete(Notice).where(same)))


def notify_of_phase(people: Iterable[int], phase: str, *, actor: int | None, audience: int) -> None:
    """Add a notice about a phase of a programme for each of these people; it replaces those about earlier phases."""
    earlier = (Notice.audience_id == audience) & Notice.reason.startswith(PHASE)
    changed = _changed(delete(Notice).where(earlier))
    now = clock.now()
    told = {"reason": PHASE + phase, "place_id": None, "thing_id": None, "actor_id": actor, "audience_id": audience}
    _INSERT.each([{"person_id": id, "times": 1, "at": now, **told} for id in sorted(people)])
    ring({*changed, *people})


def mark_read(
    person_id: int,
    *,
    place: int | None = None,
    notice: int | None = None,
    threads_of: int | None = None,
    at: datetime | None = None,
) -> tuple[datetime, int]:
    """Mark the unread notices of a person as read: all, those about a place or about the threads of an audience, or one.

    Returns when, which is `at` if given, and how many.
    """
    now = at or clock.now()
    unread = update(Notice).where(Notice.person_id == person_id, Notice.read.is_(None))
    if (
        place is not None
    ):  # what somebody wanted to be reminded of is read when they go to it, not whatever they read there
        unread = unread.where(Notice.place_id == place, Notice.reason != "bookmark")
    if threads_of is not None:
        threads = select(Thing.id).where(Thing.audience_id == threads_of, Thing.kind == "thread")
        unread = unread.where(Notice.place_id.in_(threads), Notice.reason != "bookmark")
    if notice is not None:
        unread = unread.where(Notice.id == notice)
    changed = _changed(unread.values(read=now))
    ring(changed)
    return now, len(changed)


def mark_unread(person_id: int, at: datetime) -> None:
    """Mark the notices as unread that a person marked as read at this moment.

    One stays read when there is a newer unread one about the same.
    """
    newer = Notice.__table__.alias("newer")
    repeated = select(newer.c.id).where(
        newer.c.person_id == Notice.person_id,
        newer.c.place_id == Notice.place_id,
        newer.c.reason == Notice.reason,
        newer.c.read.is_(None),
    )
    those = update(Notice).where(Notice.person_id == person_id, Notice.read == at, ~repeated.exists())
    ring(_changed(those.values(read=None)))


def remove_for_person(person_id: int) -> None:
    """Remove every notice of a person."""
    ring(_changed(delete(Notice).where(Notice.person_id == person_id)))


def remove_for_audience(person_id: int, audience_id: int) -> None:
    """Remove what a person was notified of and follows in an audience in which they no longer take part."""
    here = select(Thing.id).where(Thing.audience_id == audience_id)
    ring(_changed(delete(Notice).where(Notice.person_id == person_id, Notice.audience_id == audience_id)))
    for table in (Follow, NoticeMailed):
        db.session.execute(delete(table).where(table.person_id == person_id, table.thing_id.in_(here)))
    mine = (AudienceFollow.person_id == person_id) & (AudienceFollow.audience_id == audience_id)
    db.session.execute(delete(AudienceFollow).where(mine))


def remove_for_guest(person_id: int, thing: Thing) -> None:
    """Remove what somebody was notified of and follows in a single thing that they no longer read."""
    ring(_changed(delete(Notice).where(Notice.person_id == person_id, Notice.place_id == thing.id)))
    for table in (Follow, NoticeMailed):
        db.session.execute(delete(table).where(table.person_id == person_id, table.thing_id == thing.id))


def remove_for_place(thing: Thing, *, keep: int | None = None) -> None:
    """Remove the notices about a place, except those of `keep`."""
    about = delete(Notice).where(Notice.place_id == thing.id)
    ring(_changed(about if keep is None else about.where(Notice.person_id != keep)))


def move_to_audience(thing: Thing) -> set[int]:
    """Move the notices and follows of a place to its audience; remove those of people who may not read there.

    Returns the ids of the people whose notices were removed.
    """
    readers = select(Person.id).where(readers_of(thing.audience_id, thing.id))
    lost = set(_changed(delete(Notice).where(Notice.place_id == thing.id, Notice.person_id.not_in(readers))))
    ring(lost)
    db.session.execute(delete(Follow).where(Follow.thing_id == thing.id, Follow.person_id.not_in(readers)))
    db.session.execute(update(Notice).where(Notice.place_id == thing.id).values(audience_id=thing.audience_id))
    return lost


def move_to_place(before: int, after: int) -> None:
    """Let the notices about posts that went from one thread to another name the thread in which these stand now.

    Of two unread ones of a person for the same reason, the one that names the other thread already stays.
    """
    moved = (Notice.place_id == before, Notice.thing_id.in_(select(Thing.id).where(Thing.parent_id == after)))
    there = Notice.__table__.alias("there")
    twice = (
        select(there.c.id)
        .where(
            there.c.person_id == Notice.person_id,
            there.c.place_id == after,
            there.c.reason == Notice.reason,
            there.c.read.is_(None),
        )
        .correlate(Notice)
        .exists()
    )
    ring(_changed(delete(Notice).where(*moved, Notice.read.is_(None), twice)))
    db.session.execute(
        update(Notice).where(*moved).values(place_id=after), execution_options={"synchronize_session": False}
    )


def _changed(statement: Any) -> list[int]:
    """Run an update or delete of notices; return the id of the person of each notice that changed."""
    changed = statement.returning(Notice.person_id).execution_options(synchronize_session=False)
    return list(db.session.scalars(changed))
