"""Starting a thread and replying in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from cop import access, things
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Invalid
from cop.base.text import Text
from cop.base.words import _, moment
from cop.society.people import Person
from cop.society.programmes import AudienceOwner
from cop.things.events import ThreadWritten
from cop.threads.asking import with_sections
from cop.threads.models import Post, Thread, count_reply, opening_post, post_rows

# Kinds of threads with a rule of their own, threads.start_<kind>.
RESTRICTED = ("guidance", "announcement", "minutes")


@action("threads.start", event=ThreadWritten)
def start(
    person: Person,
    community: AudienceOwner,
    *,
    kind: str = "question",
    title: str,
    text: Text | None = None,
    situation: str = "",
    tried: str = "",
    wanted: str = "",
    client_id: uuid.UUID | None = None,
    files: Sequence[int] = (),
    sources: Sequence[int] = (),
) -> Thread:
    """Start a thread with its first post; `sources` are the messages it was made from.

    situation, tried, wanted: the answers to what its form asked, clean HTML; they come before the text.
    """
    text = with_sections(community, kind, {"situation": situation, "tried": tried, "wanted": wanted}, text)
    before = things.find_repeated(
        person,
        Thread,
        community,
        client_id,
        text,
        read=lambda thread: thread,
        opening=opening_post,
        same=lambda thread: (thread.title, thread.thread_kind) == (title, kind),
        files=files,
    )
    if before is not None:
        return before
    if kind in RESTRICTED:
        access.judge(person, f"threads.start_{kind}", community)
    role = access.rights(person).role_for(community) or "member"
    thread = Thread(
        audience_id=community.audience_id, thread_kind=kind, title=title, client_id=client_id and str(client_id)
    )
    things.sign(thread, person, role)
    thread.last_author_id = person.id
    db.session.add(thread)
    db.session.flush()
    things.write(person, Post(), thread, text, role, files=files)
    seen = [source.id for source in things.visible_sources(community.audience_id, sources)]
    for id in seen:
        db.session.add(things.ThingLink(from_id=thread.id, to_id=id, kind="source"))
    things.end_draft(person, client_id)
    detail(kind=kind, sources=seen)
    return thread


@action("threads.reply", event=ThreadWritten)
def reply(
    person: Person,
    thread: Thread,
    *,
    text: Text,
    client_id: uuid.UUID | None = None,
    reply_to: int | None = None,
    files: Sequence[int] = (),
) -> Post:
    """Add a post; the same client_id returns the same post again."""
    before = things.find_repeated(
        person, Post, thread, client_id, text, read=lambda post: post_rows([post.id])[0], reply_to=reply_to, files=files
    )
    if before is not None:
        return before
    if thread.closed:
        access.judge(
            person,
            "threads.reply_closed",
            thread,
            _("Dit gesprek is gesloten. Begin een nieuw gesprek of vraag de moderator het te heropenen."),
        )
    if thread.pace:
        _keep_pace(person, thread)
    if reply_to is not None:
        _require_post(reply_to, thread)
    role = access.rights(person).role_for(thread) or "member"
    post = things.write(person, Post(), thread, text, role, reply_to=reply_to, client_id=client_id, files=files)
    count_reply(thread, post)
    return post


def _keep_pace(person: Person, thread: Thread) -> None:
    """Raise Invalid where the person replied less than `pace` minutes ago, unless they moderate the thread."""
    if access.may(person, "threads.reply_at_once", thread):
        return
    advisory_lock(f"pace:{thread.id}:{person.id}")
    # Everything counts that they wrote here, also what they retracted or a moderator hid.
    last = db.session.scalar(
        select(func.max(Post.made)).where(Post.parent_id == thread.id, Post.author_id == person.id)
    )
    again = last + timedelta(minutes=thread.pace) if last else None
    if again and again > clock.now():
        words = _(
            "In dit gesprek zit er tijd tussen twee reacties van dezelfde persoon. U kunt weer reageren op %(when)s. "
            "Uw tekst blijft hier staan.",
            when=moment(again + timedelta(seconds=59)),
        )
        raise Invalid(errors={"body": words})


def _require_post(id: int, thread: Thread) -> None:
    answered = db.session.get(Post, id)
    if answered is None or answered.parent_id != thread.id:
        raise Invalid(errors={"reply_to": _("Het bericht waarop u reageert staat niet in dit gesprek.")})
