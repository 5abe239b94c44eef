"""The line about an expert on the page of a question, and the queue of the moderators' desk."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup
from sqlalchemy import Integer, bindparam, select

from cop.access.desk import DeskItem, DeskQueue, desk_queue
from cop.base.fast.prepared import PreparedQuery
from cop.base.web import cached
from cop.base.web.pages import part
from cop.base.words import _, day
from cop.experts.models import PERSON, REQUEST, THING, WITH_EXPERT, newest_of
from cop.society.people import Person
from cop.things import belonging

SAID = ("queued", "asked", "accepted", "declined")  # an answer stands in the thread itself


@belonging("thread")
def asked_expert(person: Person, id: int, version: int | None) -> Markup:
    """Return the line that says which expert was asked, and when an answer is expected."""
    row = newest_of(id) if version is None else cached(("expert_request", id, version), lambda: newest_of(id))
    if row is None or row.state not in SAID:
        return Markup()
    return Markup(part("experts/_belongs.html", tuple(row), lambda: {"row": row}))


_LATE = PreparedQuery(
    select(REQUEST.c.id, REQUEST.c.audience_id, REQUEST.c.due, REQUEST.c.escalated, THING.c.title, PERSON.c.name)
    .select_from(
        REQUEST.join(THING, THING.c.id == REQUEST.c.thread_id).join(PERSON, PERSON.c.id == REQUEST.c.expert_id)
    )
    .where(
        REQUEST.c.audience_id.in_(bindparam("moderated", expanding=True)),
        REQUEST.c.state.in_(WITH_EXPERT),
        REQUEST.c.escalated.is_not(None),
        THING.c.state == "live",
    )
    .order_by(REQUEST.c.escalated, REQUEST.c.id)
    .limit(bindparam("most", type_=Integer))
)


def late(person: Person, audiences: Collection[int], most: int) -> list[DeskItem]:
    """Return the requests of which the term has come to its end, the one that waits longest above."""
    rows = _LATE.rows(moderated=list(audiences), most=most) if audiences else []
    return [
        DeskItem(
            row.audience_id,
            f"/expert/{row.id}",
            row.title,
            _(
                "%(name)s antwoordde nog niet. De termijn loopt tot en met %(day)s.",
                name=row.name or _("Een expert"),
                day=day(row.due),
            ),
            row.escalated,
        )
        for row in rows
    ]


desk_queue(DeskQueue("experts", 30, lambda: _("Vragen aan experts die te lang liggen"), late))
