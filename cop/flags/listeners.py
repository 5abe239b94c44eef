"""What follows from other verbs: a flagged thing that is hidden, removed, shown again or moved; an audience that goes."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import delete, or_, select, update

from cop import access
from cop.base.db import db
from cop.base.events import Event, on
from cop.base.forms import explanation
from cop.base.words import _
from cop.flags import actions
from cop.flags.models import CASE, THING, Flag, FlagCase, Ruling, appeals, newest_about
from cop.society.people import Person
from cop.things.events import Moved, TextEdited, TextHidden, TextRetracted, TextShown, ThreadWritten
from cop.things.removal import before_removal
from cop.threads.models import Post, Thread


@on(TextHidden, "threads.hide")
def hidden(event: Event) -> None:
    """Resolve the open cases of a text that a moderator hid, or of the posts of a thread; its author can appeal."""
    _tell_author(event)
    _resolve(event, "hidden")


@on(TextRetracted, "threads.retract", "files.trash")
def removed(event: Event) -> None:
    """Resolve the open cases of a text that its author retracted, and of a document in the trash; against what somebody
    else did, its author can appeal."""
    _tell_author(event)
    _resolve(event, "removed")


def _tell_author(event: Event) -> None:
    """Record what a moderator took away of somebody else."""
    thing, case = event.thing, next(iter(_cases(event, "open")), None)
    author = db.session.get(Person, thing.author_id) if thing.author_id else None
    if author is None or author.id == event.person.id or event.person is access.SYSTEM:
        return
    given = {"audience": thing.audience_id, "by": event.person.id, "thing": thing.id, "case": case.id if case else None}
    actions.tell(access.SYSTEM, author, kind="hide", reason=thing.reason, **given)


@on(TextShown, "threads.unhide", "files.untrash")
def shown(event: Event) -> None:
    """Let the ruling about what is shown again lapse."""
    ruling = newest_about(event.thing.id, "hide")
    if ruling is not None:
        actions.lapse(access.SYSTEM, ruling)


@on(TextEdited)
def changed(event: Event) -> None:
    """Put the case of a text on the desk again that its author was asked to change."""
    asked = newest_about(event.thing.id, "ask")
    if asked is not None and asked.changed is None and event.person.id == asked.person_id:
        actions.answer(access.SYSTEM, asked)


@on("breaches.report")
def removed_as_breach(event: Event) -> None:
    """Resolve the open cases of a text or document that was removed as a data breach, and remove what was said about it.

    What stands in it stays.
    """
    _resolve(event, "removed", whole=False)
    about = select(CASE.c.id).where(CASE.c.thing_id == event.thing.id)
    still = {"synchronize_session": False}
    db.session.execute(update(FlagCase).where(FlagCase.id.in_(about)).values(explanation=""), execution_options=still)
    db.session.execute(update(Flag).where(Flag.case_id.in_(about)).values(text=""), execution_options=still)
    told = update(Ruling).where(Ruling.thing_id == event.thing.id)
    db.session.execute(told.values(reason="", appeal="", word=""), execution_options=still)


@on(ThreadWritten, TextEdited)
def explained(event: Event) -> None:
    """Lay a text before its moderators whose author explained what may point at one person in it."""
    if text := explanation():
        written = event.result
        if isinstance(written, Thread):
            written = db.session.scalars(select(Post).where(Post.parent_id == written.id, Post.seq == 1)).one()
        actions.explain(access.SYSTEM, written, text=text)


def _resolve(event: Event, ruling: Literal["hidden", "removed"], whole: bool = True) -> None:
    for case in _cases(event, "open"):
        if whole or case.thing_id == event.thing.id:
            actions.resolve(access.SYSTEM, case, ruling=ruling, by=event.person.id)


@on(TextShown, "files.untrash")
def back(event: Event) -> None:
    """Open the newest case again of a thing that was removed and is back: nobody had decided on it."""
    for case in _cases(event, "removed")[-1:]:
        actions.recall(access.SYSTEM, case)


def _cases(event: Event, state: str) -> list[FlagCase]:
    """Return the cases in a state of a thing and of what stands in it, in the order of their ids."""
    here = select(THING.c.id).where(or_(THING.c.id == event.thing.id, THING.c.parent_id == event.thing.id))
    found = select(FlagCase).where(FlagCase.thing_id.in_(here), FlagCase.state == state)
    return list(db.session.scalars(found.order_by(FlagCase.id)))


@on(Moved)
def moved(event: Moved) -> None:
    """Give the cases and rulings of the posts and documents of a thread that moved to the moderators of the other community."""
    audience = event.thing.audience_id
    db.session.flush()
    here = select(THING.c.id).where(THING.c.audience_id == audience)
    db.session.execute(
        update(FlagCase)
        .where(FlagCase.audience_id != audience, FlagCase.thing_id.in_(here))
        .values(audience_id=audience)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Ruling)
        .where(Ruling.audience_id != audience, Ruling.thing_id.in_(here))
        .values(audience_id=audience)
        .execution_options(synchronize_session=False)
    )


@before_removal
def remove_cases(audience_id: int) -> None:
    """Delete the cases of an audience that is removed, with their flags, and its rulings."""
    here = select(CASE.c.id).where(CASE.c.audience_id == audience_id)
    db.session.execute(delete(Ruling).where(Ruling.audience_id == audience_id))
    db.session.execute(delete(Flag).where(Flag.case_id.in_(here)))
    db.session.execute(delete(FlagCase).where(FlagCase.audience_id == audience_id))


access.desk_queue(access.DeskQueue("appeals", 10, lambda: _("Bezwaren"), appeals))
