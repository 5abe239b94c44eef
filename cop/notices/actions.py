"""Verbs of notices: follow, mute, read, and the choices about mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from cop.base.action import action, detail
from cop.base.db import db, upsert
from cop.notices.models import NoticeChoice
from cop.notices.notifying import mark_read, mark_unread
from cop.society.people import Person
from cop.things import Follow, Thing


@action("notices.follow", quiet=True)
def follow(person: Person, thing: Thing) -> None:
    """Follow a thing: its news comes as notices and in the daily mail."""
    upsert(Follow, {"person_id": person.id, "thing_id": thing.id}, {"muted": False})


@action("notices.mute", quiet=True)
def mute(person: Person, thing: Thing) -> None:
    """Mute a thing: no more notices or mail about it."""
    upsert(Follow, {"person_id": person.id, "thing_id": thing.id}, {"muted": True})


@action("notices.unfollow", quiet=True)
def unfollow(person: Person, thing: Thing) -> None:
    """Neither follow nor mute a thing."""
    db.session.execute(delete(Follow).where(Follow.person_id == person.id, Follow.thing_id == thing.id))


@action("notices.read", quiet=True)
def read(person: Person, thing: Person, *, notice: int | None = None) -> tuple[datetime, int]:
    """Mark one notice as read, or all; return when, and how many."""
    return mark_read(person.id, notice=notice)


@action("notices.reopen", quiet=True)
def reopen(person: Person, thing: Person, *, at: datetime) -> None:
    """Mark the notices as unread that were marked as read at this moment."""
    mark_unread(person.id, at)


@action("notices.choose")
def choose(
    person: Person,
    thing: Person,
    *,
    mention: str | None = None,
    answer: str | None = None,
    bulletin: str | None = None,
    flag: str | None = None,
    digest: str | None = None,
    weekday: int | None = None,
) -> None:
    """Choose per kind whether mail is sent at once, daily, weekly or never; what is not given stays."""
    given = {"mention": mention, "answer": answer, "bulletin": bulletin, "flag": flag, "digest": digest}
    chosen = {kind: how for kind, how in given.items() if how}
    for kind, how in chosen.items():
        upsert(NoticeChoice, {"person_id": person.id, "kind": kind}, {"how": how})
    if weekday is not None:
        day = {"weekday": weekday}
        upsert(NoticeChoice, {"person_id": person.id, "kind": "digest"}, {"how": digest or "weekly", **day})
    detail(**chosen, **({} if weekday is None else {"weekday": weekday}))


@action("notices.unsubscribe")
def unsubscribe(system: Any, person: Person, *, kind: str) -> None:
    """Stop mail of one kind for the person the link was made for, who need not be signed in."""
    upsert(NoticeChoice, {"person_id": person.id, "kind": kind}, {"how": "never"})
    detail(person=person.id, kind=kind)
