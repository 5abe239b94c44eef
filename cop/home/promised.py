"""What a person promised: their open actions on home, read together with their next meeting by one statement."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import Boolean, Date, Integer, String, bindparam, literal, null, select, union_all

from cop.access.rights import Rights
from cop.base import clock
from cop.base.db import UtcDateTime
from cop.base.fast.prepared import PreparedQuery
from cop.base.web.pages import part
from cop.home.meetings import NEXT, NextMeeting
from cop.outcomes.models import OUTCOME
from cop.society.people import Person
from cop.things import Thing

MOST = 20
THING = Thing.__table__


class OwnAction(NamedTuple):
    """An open action of a person."""

    id: int
    title: str
    audience_id: int
    due: date

    @property
    def url(self) -> str:
        return f"/outcomes/{self.id}"


_Ahead = namedtuple("_Ahead", (*NextMeeting._fields, "due"))  # type: ignore[misc]  # a meeting, or an action
_OWN = (
    select(
        OUTCOME.c.id,
        THING.c.title,
        THING.c.audience_id,
        null().cast(UtcDateTime).label("starts"),
        null().cast(UtcDateTime).label("ends"),
        literal("", String).label("venue"),
        literal(False, Boolean).label("online"),
        null().cast(String).label("answer"),
        null().cast(Integer).label("answered_sequence"),
        null().cast(Integer).label("time_sequence"),
        OUTCOME.c.due,
    )
    .select_from(OUTCOME.join(THING, THING.c.id == OUTCOME.c.id))
    .where(
        OUTCOME.c.owner_id == bindparam("person", type_=Integer),
        OUTCOME.c.status == "open",
        THING.c.audience_id.in_(bindparam("audiences", expanding=True)),
        THING.c.state == "live",
    )
    .order_by(OUTCOME.c.due, OUTCOME.c.id)
    .limit(MOST)
)
_BOTH = PreparedQuery(
    union_all(
        select(NEXT.add_columns(null().cast(Date).label("due")).subquery("next_meeting")),
        select(_OWN.subquery("own_actions")),
    ),
    row=_Ahead,
)


def ahead(person: Person, audiences: Collection[int]) -> tuple[NextMeeting | None, list[OwnAction]]:
    """Return the next meeting of these audiences and the person's open actions in them, the most urgent first."""
    if not audiences:
        return None, []
    rows: list[Any] = _BOTH.rows(person=person.id, now=clock.now(), audiences=list(audiences))
    meeting = next((NextMeeting(*row[:-1]) for row in rows if row.due is None), None)
    own = [OwnAction(row.id, row.title, row.audience_id, row.due) for row in rows if row.due is not None]
    return meeting, sorted(own, key=lambda one: (one.due, one.id))


def section(own: list[OwnAction], rights: Rights) -> Markup:
    """Return the section of a person's open actions; "" where there are none."""
    if not own:
        return Markup()
    today = clock.today()
    given = {"own": own, "audiences": rights.audiences, "today": today, "more": len(own) == MOST}
    return Markup(part("home/_promised.html", (today, *own), lambda: given))
