"""Starting a thread and replying in it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from cop import access, things
from cop.base import clock, text
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Forbidden, Invalid
from cop.base.text import Text
from cop.base.words import _
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things.events import TextWritten
from cop.threads.models import Post, Thread, count_reply

# What a kind of thread asks of who starts it, beyond taking part.
STARTERS = {"guidance": ("expert", "moderator", "team"), "announcement": ("moderator", "team")}


@action("threads.start", event=TextWritten)
def start(
    person: Person,
    community: Community,
    *,
    kind: str = "question",
    title: str,
    text: Text,
    client_id: uuid.UUID | None = None,
    files: Sequence[int] = (),
    sources: Sequence[int] = (),
) -> Thread:
    """Opens a thread with its first post; `sources` are the messages it grew from."""
    if (before := things.find_by_client_id(person, Thread, client_id)) is not None:
        return before
    role = _role(person, community)
    if kind in STARTERS and role not in STARTERS[kind]:
        raise Invalid(
            errors={
                "kind": _(
                    "Alleen experts en moderatoren plaatsen een handreiking; alleen moderatoren een aankondiging."
                )
            }
        )
    thread = Thread(audience_id=community.audience_id, thread_kind=kind, title=title, client_id=_key(client_id))
    things.sign(thread, person, role)
    thread.last_author_id = person.id
    db.session.add(thread)
    db.session.flush()
    _add(person, thread, text, role, files=files)
    seen = [t.id for t in things.visible_sources(community.audience_id, sources)]
    for id in seen:
        db.session.add(things.ThingLink(from_id=thread.id, to_id=id, kind="source"))
    things.drop_draft(person, f"new:{community.id}")
    detail(thread=thread.id, kind=kind, sources=seen)
    return thread


@action("threads.reply", event=TextWritten)
def reply(
    person: Person,
    thread: Thread,
    *,
    text: Text,
    client_id: uuid.UUID | None = None,
    reply_to: int | None = None,
    files: Sequence[int] = (),
) -> Post:
    """Adds a post; the same client_id gives the same post again."""
    if (before := things.find_by_client_id(person, Post, client_id)) is not None:
        return before
    role = _role(person, thread)
    if thread.closed and role not in access.CURATORS:
        raise Forbidden(_("Dit gesprek is gesloten. Begin een nieuw gesprek of vraag de moderator het te heropenen."))
    post = _add(person, thread, text, role, client_id=client_id, reply_to=reply_to, files=files)
    count_reply(thread, post)
    things.drop_draft(person, thread.place)
    return post


def _add(
    person: Person,
    thread: Thread,
    written: Text,
    role: str,
    *,
    client_id: uuid.UUID | None = None,
    reply_to: int | None = None,
    files: Sequence[int] = (),
) -> Post:
    """The one place where a post is made."""
    if reply_to is not None:
        answered = db.session.get(Post, reply_to)
        if answered is None or answered.parent_id != thread.id:
            raise Invalid(errors={"reply_to": _("Het bericht waarop u reageert staat niet in dit gesprek.")})
    html, mentioned = text.mention(written.html, access.names_here(thread, written.source))
    seq = things.next_seq(thread)
    post = Post(
        audience_id=thread.audience_id,
        parent_id=thread.id,
        seq=seq,
        changed=seq,
        source=written.source,
        format=written.format,
        html=html,
        plain=written.plain,
        text_version=text.VERSION,
        reply_to_id=reply_to,
        client_id=_key(client_id),
        made=clock.now(),
    )
    things.sign(post, person, role)
    things.add(post)
    things.attach(post, person, [*files, *text.references(html)])
    things.mark(person, thread, seq)
    detail(post=post.id, thread=thread.id, mentions=mentioned)
    return post


def _role(person: Person, place: Community | Thread) -> str:
    return access.rights(person).role_for(place) or "member"


def _key(client_id: uuid.UUID | None) -> str | None:
    return str(client_id) if client_id else None
