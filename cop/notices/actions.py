"""Verbs of notices: follow, mute, choose a level, read, and the choices about mail."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cop.base.action import action, detail
from cop.base.db import upsert
from cop.notices import levels
from cop.notices.models import NoticeChoice
from cop.notices.notifying import mark_read, mark_unread
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Level, Thing


@action("notices.follow", quiet=True)
def follow(person: Person, thing: Thing) -> None:
    """Follow a thing: its news comes as notices and in the daily mail."""
    levels.choose(person, thing, "all")


@action("notices.mute", quiet=True)
def mute(person: Person, thing: Thing) -> None:
    """Mute a thing: no more notices or mail about it."""
    levels.choose(person, thing, "silent")


@action("notices.unfollow", quiet=True)
def unfollow(person: Person, thing: Thing) -> None:
    """Neither follow nor mute a thing: what was chosen for its community holds."""
    levels.choose(person, thing, None)


@action("notices.choose_level", quiet=True)
def choose_level(person: Person, thing: Thing, *, level: Level | None, until: date | None = None) -> None:
    """Choose what to hear of a thing, for good or up to a day."""
    levels.choose(person, thing, level, until)


@action("notices.choose_level_in", quiet=True)
def choose_level_in(person: Person, community: Community, *, level: Level | None, until: date | None = None) -> None:
    """Choose what to hear of a community, for good or up to a day."""
    levels.choose(person, community.audience_id, level, until)


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
