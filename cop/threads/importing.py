"""What an import brings into threads, and what became of each part of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import exists, select

from cop.base.db import db
from cop.base.text import Text
from cop.society.people import Person
from cop.things import Body, ImportOrigin, ImportRun, Thing, ThingLink
from cop.threads.models import Post, Thread

# new: it was not here · changed: it says something else at the source, or a link in it can be followed now · claimed: its
# author is known by now · restored: its import was undone before · kept: it changed at the source, and here too · same
Fate = Literal["new", "changed", "claimed", "restored", "kept", "same"]
Lookup = Mapping[str, int]  # ids of things by their keys at the source


class Resolved(NamedTuple):
    """A text whose links lead to things here; `pending`: some of those are not here yet."""

    text: Text
    pending: bool


@dataclass(frozen=True)
class ImportedPost:
    """A post from another system. `key` and `targets`, what it links to, are keys there; `sha` is of what it says.

    text: returns its text with the links to those targets that are known.
    """

    key: str
    sha: str
    made: datetime
    author: Person | None
    text: Callable[[Lookup], Resolved]
    targets: Sequence[str] = ()
    reply_to: str | None = None
    files: Sequence[int] = ()


@dataclass(frozen=True)
class ImportedThread:
    """A thread from another system, without its posts."""

    key: str
    title: str
    made: datetime
    author: Person | None
    kind: str = "experience"
    closed: datetime | None = None
    answer: str | None = None  # key of the accepted answer


@dataclass
class Outcome:
    """The thread of an import, and what became of each post."""

    thread: Thread
    fates: dict[str, Fate] = field(default_factory=dict)
    pending: bool = False


def digest(said: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(said.encode(errors="replace")).hexdigest()


def keys_of(thread: ImportedThread, posts: Iterable[ImportedPost]) -> set[str]:
    """Return the keys of a thread, its posts, and what those link and reply to."""
    keys = {thread.key}
    for post in posts:
        keys |= {post.key, *post.targets, *([post.reply_to] if post.reply_to else [])}
    return keys


def fates(posts: Sequence[ImportedPost], origins: Mapping[str, ImportOrigin]) -> dict[str, Fate]:
    """Return what becomes of each post, by what is here; nothing is written."""
    ids = [origins[post.key].thing_id for post in posts if post.key in origins]
    found = select(Thing.id, Thing.state, Thing.author_id, Body.source).join(Body, Body.thing_id == Thing.id)
    found = found.where(Thing.id.in_(ids))
    here = {row.id: row for row in db.session.execute(found)}

    def fate(post: ImportedPost) -> Fate:
        origin = origins.get(post.key)
        if origin is None:
            return "new"
        if origin.undone is not None:
            return "restored"
        row = here[origin.thing_id]
        if origin.sha != post.sha or (origin.pending and all(key in origins for key in post.targets)):
            return "changed" if row.state == "live" and digest(row.source) == origin.written else "kept"
        return "claimed" if row.author_id is None and post.author is not None else "same"

    return {post.key: fate(post) for post in posts}


def is_untouched(thing: Thread | Post, run: ImportRun) -> bool:
    """Return whether a thread or post is as the import brought it: nobody here replied, edited it or made something of it."""
    posts = Post.parent_id == thing.id if isinstance(thing, Thread) else Post.id == thing.id
    rows = db.session.execute(
        select(Post.id, Post.state, Body.source, ImportOrigin.written, ImportOrigin.run_id, ImportOrigin.undone)
        .join(Body, Body.thing_id == Post.id)
        .outerjoin(ImportOrigin, ImportOrigin.thing_id == Post.id)
        .where(posts)
    ).all()
    standing = [row for row in rows if row.undone is None]
    if thing.state != "live" or any(
        row.run_id != run.id or row.state != "live" or row.written != digest(row.source) for row in standing
    ):
        return False
    used = ThingLink.to_id.in_([thing.id, *(row.id for row in rows)]) & (ThingLink.kind != "attachment")
    if db.session.scalar(select(exists().where(used))):
        return False
    if isinstance(thing, Thread):
        origin = db.session.scalar(select(ImportOrigin).where(ImportOrigin.thing_id == thing.id))
        return origin is not None and origin.written == digest(thing.title)
    own = select(ImportOrigin.thing_id).where(ImportOrigin.thing_id == Post.id)
    later = (Post.parent_id == thing.parent_id) & (Post.seq > thing.seq) & ~own.exists()
    return not db.session.scalar(select(exists().where(later)))
