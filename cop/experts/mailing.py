"""Mail to experts: a question that is put to them, a reminder, everything once a week, and the invitation of a guest."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

from cop import access
from cop.base import clock, email
from cop.base.db import db
from cop.base.email import Email
from cop.experts.models import (
    WITH_EXPERT,
    ExpertRequest,
    ExpertTurn,
    RequestRow,
    answer_token,
    decide_token,
    open_of,
    request_row,
    turn_of,
)
from cop.society.credentials import LINK_LASTS, new_link
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.threads.models import Thread

# With links by which the addressee decides and answers, or signs in.
email.holds_secret("experts/asked", "experts/reminder", "experts/weekly", "experts/guest")
THURSDAY = 3  # of a week that begins with 0


def write_to_expert(kind: Literal["asked", "reminder"], request: ExpertRequest) -> None:
    """Enqueue a mail about one request to the expert who has it, in the running transaction."""
    turn = turn_of(request)
    expert = db.session.get(Person, turn.person_id) if turn else None
    if turn is None or expert is None or not expert.is_active:
        return
    row = request_row(request.id)
    audience = access.audience(access.SYSTEM, request.audience_id)
    thread = email.thread_id("expert", turn.id)
    email.enqueue(
        f"experts/{kind}",
        to=expert.mail,
        name=expert.name,
        language=expert.language,
        person_id=expert.id,
        headers={"In-Reply-To": thread, "References": thread, "Auto-Submitted": "auto-generated"},
        secret=decide_token(turn) if turn.state == "asked" else "",
        answering=answer_token(turn),
        row=row,
        lines=_lines(row),
        audience=audience,
        programme=db.session.get(Programme, audience.programme_id),
    )


def _lines(row: RequestRow) -> list[str]:
    """Return the beginning of the question in paragraphs, as mails quote it."""
    return [line for line in re.split(r"\n\s*\n|\n", row.excerpt) if line.strip()]


def write_week(expert: Person) -> bool:
    """Enqueue one mail with every request that waits for an expert; return False where none does."""
    access.drop_cached_rights(expert)
    rows = open_of(expert)
    if not rows:
        return False
    turns = {row.id: turn_of(db.session.get_one(ExpertRequest, row.id)) for row in rows}
    items = [
        {
            "row": row,
            "lines": _lines(row),
            "place": access.audience(access.SYSTEM, row.audience_id).name,
            "deciding": decide_token(turn) if turn.state == "asked" else "",
            "answering": answer_token(turn),
        }
        for row in rows
        if (turn := turns[row.id]) is not None
    ]
    programmes = {access.audience(access.SYSTEM, row.audience_id).programme_id for row in rows}
    email.enqueue(
        "experts/weekly",
        to=expert.mail,
        name=expert.name,
        language=expert.language,
        person_id=expert.id,
        headers={"Auto-Submitted": "auto-generated"},
        items=items,
        programme=db.session.get(Programme, programmes.pop()) if len(programmes) == 1 else None,
    )
    return True


def write_to_guest(inviter: Person, invited: Person, thread: Thread, until: date) -> None:
    """Enqueue the invitation of a guest; with a link to sign in for somebody who has not entered yet."""
    secret, code = ("", "") if invited.entered else new_link(invited, "invitation", next=thread.url)
    audience = access.audience(access.SYSTEM, thread.audience_id)
    email.enqueue(
        "experts/guest",
        to=invited.mail,
        name=invited.name,
        language=invited.language,
        person_id=invited.id,
        secret=secret,
        code=code,
        inviter=inviter.name,
        thread=thread,
        until=until,
        audience=audience,
        programme=db.session.get(Programme, audience.programme_id),
        days=LINK_LASTS["invitation"].days,
    )


@email.only_if("experts/")
def still_true(mail: Email) -> bool:
    """Return whether a request still waits for the addressee when a mail about it is sent."""
    person = db.session.get(Person, mail.person_id)
    if person is None or not person.is_active:
        return False
    access.drop_cached_rights(person)
    if mail.kind == "experts/weekly":
        return bool(open_of(person))
    id = email.thing_of(mail, "expert")
    if id is None:
        return True
    turn = db.session.get(ExpertTurn, id)
    return turn is not None and turn.state in WITH_EXPERT and any(row.id == turn.request_id for row in open_of(person))


def next_thursday(now: datetime) -> datetime:
    """Return the next Thursday at seven o'clock in Amsterdam, when experts get the mail of the week."""
    return clock.next_hour(now, 7, (THURSDAY,))
