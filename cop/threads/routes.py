"""The doors of threads."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access, things
from cop.base.web import Page, Routes, answer, answer_list, cached, door
from cop.base.web.pages import fragment
from cop.programmes.models import Community, circle
from cop.threads import actions
from cop.threads.forms import Listing, Paging, PostOut, Reply, Start, ThreadOut
from cop.threads.models import THING, Post, Thread, post_rows, posts, threads

routes = Routes("threads", __name__)


@routes.get("/communities/<slug>/threads")
@door("threads.list", asks=Listing, gives=ThreadOut, many=True)
def list_(slug: str, asked: dict[str, Any]) -> Response:
    """The threads of a community, newest activity first."""
    community = access.find(current_user, Community, slug=slug)
    condition = access.seen_by(current_user, Thread) & (THING.c.community_id == community.id)
    return answer_list(threads(condition, current_user.id, **asked), page="threads/list.html", community=community, asked=asked)


@routes.get("/communities/<slug>/threads/new")
@door("threads.new")
def new(slug: str) -> Response:
    """The page on which a thread is written."""
    community = access.find(current_user, Community, slug=slug)
    return answer(page="threads/new.html", community=community, circle=circle(community),
                  draft=things.draft_of(current_user, f"new:{community.id}"),
                  kinds=[k for k in ("question", "experience", "guidance", "announcement")
                         if access.rights(current_user).role(community.id) in actions.STARTERS.get(k, access.WRITERS)])


@routes.post("/communities/<slug>/threads")
@door("threads.start", takes=Start, gives=ThreadOut, form=new, status=201)
def start(slug: str, given: dict[str, Any]) -> Response:
    """Opens a thread."""
    community = access.find(current_user, Community, slug=slug)
    thread = actions.start(current_user, community, **given)
    return answer(thread, to=thread.url, status=201)


@routes.get("/threads/<int:id>")
@door("threads.show", asks=Paging, gives=ThreadOut)
def show(id: int, asked: dict[str, Any] | None = None) -> Response:
    """A thread with a stretch of its posts."""
    asked = asked or Paging().model_dump()
    thread = access.find(current_user, Thread, id)
    stretch = {k: asked[k] for k in ("after", "before", "limit")}
    key = ("thread", thread.id, thread.version, *stretch.values())
    body, ends = cached(key, lambda: _body(thread, stretch))
    return answer(thread, page="threads/show.html", thread=thread, body=body, ends=ends)


def _body(thread: Thread, stretch: dict[str, Any]) -> tuple[Any, Page]:
    """The posts of a stretch as HTML, equal for all who may see them, and where the stretch ends."""
    listed = posts(thread.id, **stretch)
    ids = [row.id for row in listed.items]
    html = fragment("threads/_posts.html", posts=listed.items, attachments=things.attachments(ids),
                    reactions=things.reactions(ids), thread=thread)
    return html, Page([], listed.next, listed.prev)


@routes.get("/threads/<int:id>/posts")
@door("threads.posts", asks=Paging, gives=PostOut, many=True)
def posts_(id: int, asked: dict[str, Any]) -> Response:
    """The posts of a thread: a stretch by position, or what changed after a seq."""
    thread = access.find(current_user, Thread, id)
    return answer_list(posts(thread.id, **asked), page="threads/show.html", thread=thread)


@routes.post("/threads/<int:id>/posts")
@door("threads.reply", takes=Reply, gives=PostOut, form=show, status=201)
def reply(id: int, given: dict[str, Any]) -> Response:
    """Adds a post to a thread."""
    thread = access.find(current_user, Thread, id)
    post = actions.reply(current_user, thread, **given)
    return answer(post, stream="threads/reply.stream.html", to=f"{thread.url}?after={post.seq - 1}#post-{post.id}",
                  status=201, thread=thread, posts=post_rows([post.id]), attachments=things.attachments([post.id]), reactions={})


@routes.get("/posts/<int:id>")
@door("posts.show", gives=PostOut)
def post(id: int) -> Response:
    """The permanent address of a post: its place in its thread."""
    post = access.find(current_user, Post, id)
    return answer(post, to=f"/threads/{post.parent_id}?after={max(0, post.seq - 10)}#post-{post.id}")
