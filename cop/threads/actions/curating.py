"""Verbs for moderators on threads, and for accepting an answer."""

from __future__ import annotations

from sqlalchemy import select, update

from cop import access, things
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.journal import JournalEntry
from cop.base.words import _
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things.events import AnswerChanged, Moved
from cop.threads.models import Post, Thread


@action("threads.answer", event=AnswerChanged)
def answer(person: Person, thread: Thread, *, post: int) -> Thread:
    """Accept a post as the answer to a question, in place of an earlier one."""
    found = db.session.get(Post, post)
    if thread.thread_kind != "question":
        raise Invalid(errors={"post": _("Alleen bij een vraag kunt u een antwoord kiezen.")})
    if found is None or found.parent_id != thread.id or found.state != "live" or found.seq == 1:
        raise Invalid(errors={"post": _("Kies een reactie uit dit gesprek.")})
    thread.answer_id = found.id
    detail(post=found.id)
    return thread


@action("threads.unanswer", event=AnswerChanged)
def unanswer(person: Person, thread: Thread) -> Thread:
    """Clear the accepted answer."""
    if thread.answer_id is not None:
        detail(post=thread.answer_id)
        thread.answer_id = None
    return thread


@action("threads.pin")
def pin(person: Person, thread: Thread) -> Thread:
    """Pin a thread to the top of its community's list."""
    return _set(thread, "pinned", True)


@action("threads.unpin")
def unpin(person: Person, thread: Thread) -> Thread:
    """Unpin a thread."""
    return _set(thread, "pinned", False)


@action("threads.close")
def close(person: Person, thread: Thread) -> Thread:
    """Close a thread: nobody but moderators can reply."""
    thread.closes = None
    return _set(thread, "closed", True)


@action("threads.reopen")
def reopen(person: Person, thread: Thread) -> Thread:
    """Reopen a closed thread."""
    return _set(thread, "closed", False)


@action("threads.feature")
def feature(person: Person, thread: Thread) -> Thread:
    """Feature a thread on the community's page."""
    return _set(thread, "featured", True)


@action("threads.unfeature")
def unfeature(person: Person, thread: Thread) -> Thread:
    """Remove a thread from the community's page."""
    return _set(thread, "featured", False)


def _set(thread: Thread, name: str, on: bool) -> Thread:
    if bool(getattr(thread, name)) != on:
        setattr(thread, name, clock.now() if on else None)
    return thread


@action("threads.retitle")
def retitle(person: Person, thread: Thread, *, title: str, base_version: int | None = None) -> Thread:
    """Change the title of a thread.

    Raise Conflict when somebody else changed it after `base_version`.
    """
    if base_version is not None and base_version < _titled(thread) and title != thread.title:
        words = _("De titel is intussen gewijzigd: %(title)s. Er is niets overschreven.", title=thread.title)
        raise Conflict(words, errors={"title": words}, version=thread.version, title=thread.title)
    thread.title = title
    detail(version=thread.version + 1)
    return thread


def _titled(thread: Thread) -> int:
    """Return the version of the thread in which it got its title: every reply raises the version too."""
    entry = select(JournalEntry.details).where(
        JournalEntry.verb == "threads.retitle",
        JournalEntry.object_kind == "thread",
        JournalEntry.object_id == thread.id,
    )
    details = db.session.scalar(entry.order_by(JournalEntry.id.desc()).limit(1))
    return int(details.get("version", 1)) if details else 1


@action("threads.move", event=Moved)
def move(person: Person, thread: Thread, *, community: str) -> Thread:
    """Move a thread with its posts and files to another community that the person curates."""
    to = db.session.scalar(select(Community).where(Community.slug == community, access.visible_to(person, Community)))
    if to is None or to.audience_id == thread.audience_id:
        raise Invalid(errors={"community": _("Kies een andere praktijkgemeenschap.")})
    access.judge(
        person,
        "threads.move_here",
        to,
        _("U bent geen moderator van die praktijkgemeenschap. Vraag haar moderator het gesprek over te nemen."),
    )
    before = thread.community_id
    posts = select(Post.id).where(Post.parent_id == thread.id)
    files = select(things.ThingLink.to_id).where(
        things.ThingLink.from_id.in_(posts), things.ThingLink.kind == "attachment"
    )
    elsewhere = select(things.ThingLink.to_id).where(
        things.ThingLink.kind == "attachment", things.ThingLink.from_id.not_in(posts)
    )
    for moved in (posts, files.where(things.ThingLink.to_id.not_in(elsewhere))):
        db.session.execute(
            update(things.Thing)
            .where(things.Thing.id.in_(moved))
            .values(audience_id=to.audience_id)
            .execution_options(synchronize_session=False, changes=[thread.id])
        )
    thread.audience_id, thread.pinned, thread.featured = to.audience_id, None, None
    detail(before=before, after=to.id)
    return thread


@action("threads.hide")
def hide_thread(person: Person, thread: Thread, *, reason: str) -> Thread:
    """Hide a thread from everybody but moderators and its author."""
    thread.state, thread.reason = "hidden", reason
    return thread


@action("threads.unhide")
def unhide_thread(person: Person, thread: Thread) -> Thread:
    """Show a hidden thread again."""
    thread.state, thread.reason = "live", ""
    return thread


@action("threads.retract")
def retract_thread(person: Person, thread: Thread) -> Thread:
    """Retract a thread to which nobody has replied."""
    if thread.replies:
        raise Invalid(
            errors={"thread": _("Anderen hebben al gereageerd. Trek uw eigen bericht in, of vraag de moderator.")}
        )
    thread.state = "retracted"
    return thread
