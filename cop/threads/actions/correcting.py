"""Correcting one's own posts: edit with history, retract, and put back."""

from __future__ import annotations

from cop import access, things
from cop.base import clock
from cop.base import text as texts
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.text import Text
from cop.base.words import _
from cop.society.people import Person
from cop.things.events import TextWritten
from cop.threads.models import Post, Revision, Thread


def thread_of(post: Post) -> Thread:
    """The thread a post stands in."""
    thread = db.session.get(Thread, post.parent_id)
    assert thread is not None
    return thread


def touch(post: Post) -> None:
    """Takes the next seq of the thread for a change to `post`, so that every reader catches up with it."""
    post.changed = things.next_seq(thread_of(post))


@action("posts.edit", event=TextWritten)
def edit(person: Person, post: Post, *, text: Text, base_version: int | None = None) -> Post:
    """Replaces the text of a post and keeps the former one; refuses when somebody saved in between."""
    if base_version is not None and base_version != post.version:
        raise Conflict(
            _("Dit bericht is intussen gewijzigd. Uw tekst staat hieronder; vergelijk en bewaar opnieuw."),
            version=post.version,
            html=post.html,
            source=post.source,
        )
    if post.state != "live":
        raise Invalid(errors={"body": _("Dit bericht is ingetrokken of verborgen. Zet het eerst terug.")})
    db.session.add(
        Revision(
            post_id=post.id,
            version=post.version,
            source=post.source,
            format=post.format,
            html=post.html,
            person_id=person.id,
            made=post.edited or post.made,
        )
    )
    names, before = access.names_here(post, text.source), post.html
    post.html, _mentioned = texts.mention(text.html, names)
    post.source, post.format, post.plain = text.source, text.format, text.plain
    post.text_version = texts.VERSION
    post.version += 1
    post.edited = clock.now()
    touch(post)
    things.attach(post, person, texts.references(post.html))
    mentions = texts.newly_mentioned(post.html, before)
    detail(post=post.id, thread=post.parent_id, version=post.version, mentions=mentions)
    return post


@action("posts.retract")
def retract(person: Person, post: Post) -> Post:
    """Takes a post back: its place stays, its text is gone for all but its author."""
    if post.state == "live":
        post.state = "retracted"
        _no_longer_answer(post)
        touch(post)
    detail(post=post.id, thread=post.parent_id)
    return post


@action("posts.restore")
def restore(person: Person, post: Post) -> Post:
    """Puts a retracted post back."""
    if post.state == "retracted":
        post.state = "live"
        touch(post)
    detail(post=post.id, thread=post.parent_id)
    return post


def _no_longer_answer(post: Post) -> None:
    thread = thread_of(post)
    if thread.answer_id == post.id:
        thread.answer_id = None


@action("posts.react", quiet=True)
def react(person: Person, post: Post, *, kind: str) -> Post:
    """Reacts to a post."""
    things.react(post, person, kind)
    touch(post)
    return post


@action("posts.unreact", quiet=True)
def unreact(person: Person, post: Post, *, kind: str) -> Post:
    """Takes a reaction back."""
    things.react(post, person, kind, on=False)
    touch(post)
    return post
