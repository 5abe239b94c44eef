"""Correcting and reacting."""

from __future__ import annotations

from typing import Any

from flask import Response, g
from flask_login import current_user

from cop import access, things
from cop.base import text
from cop.base.db import db
from cop.base.forms import parse
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.society.memberships import circle
from cop.threads import actions
from cop.threads.forms import Edit, PostOut, React, ThreadOut, Title
from cop.threads.models import Post, Thread, post_rows
from cop.threads.routes.blueprint import routes
from cop.threads.routes.curating import desk


def _shown(post: Post) -> Response:
    """The post as it stands now: JSON, its fragment, or back to its place."""
    rows = post_rows([post.id])
    return respond(
        rows[0],
        stream="threads/reply.stream.html",
        to=post.url,
        context=lambda: {
            "thread": db.session.get(Thread, post.parent_id),
            "posts": rows,
            "attachments": things.attachments([post.id]),
            "reactions": things.reactions([post.id]),
        },
    )


@routes.get("/posts/<int:id>/edit")
@endpoint("posts.form")
def form(id: int) -> Response:
    """The page on which a post is edited."""
    post = access.find(current_user, Post, id)
    access.judge(current_user, "posts.edit", post)
    problem = g.get("problem")
    return respond(
        page="threads/edit.html",
        post=post,
        thread=db.session.get(Thread, post.parent_id),
        markdown=text.to_markdown(post.html) if post.format == "html" else post.source,
        loses=post.format == "html" and text.loses(post.html),
        theirs=problem.extra if problem and "version" in problem.extra else None,
        community=access.audience(current_user, post.audience_id),
        circle=circle(post.audience_id),
    )


@routes.patch("/posts/<int:id>")
@endpoint("posts.edit", takes=Edit, gives=PostOut, form=form)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Replaces the text of a post."""
    post = access.find(current_user, Post, id)
    actions.edit(current_user, post, **given)
    return _shown(post)


@routes.delete("/posts/<int:id>")
@endpoint("posts.retract", gives=PostOut)
def retract(id: int) -> Response:
    """Takes a post back."""
    post = access.find(current_user, Post, id)
    actions.retract(current_user, post)
    flash(_("Uw bericht is ingetrokken. U kunt het terugzetten op dezelfde plaats."))
    return _shown(post)


@routes.post("/posts/<int:id>/restoring")
@endpoint("posts.restore", gives=PostOut)
def restore(id: int) -> Response:
    """Puts a retracted post back."""
    post = access.find(current_user, Post, id)
    actions.restore(current_user, post)
    return _shown(post)


@routes.put("/posts/<int:id>/reactions/<kind>")
@endpoint("posts.react", gives=PostOut)
def react(id: int, kind: str) -> Response:
    """Reacts to a post."""
    post = access.find(current_user, Post, id)
    actions.react(current_user, post, kind=_kind(kind))
    return _shown(post)


@routes.delete("/posts/<int:id>/reactions/<kind>")
@endpoint("posts.unreact", gives=PostOut)
def unreact(id: int, kind: str) -> Response:
    """Takes a reaction back."""
    post = access.find(current_user, Post, id)
    actions.unreact(current_user, post, kind=_kind(kind))
    return _shown(post)


def _kind(kind: str) -> str:
    return parse(React, {"kind": kind})["kind"]


@routes.patch("/threads/<int:id>")
@endpoint("threads.retitle", takes=Title, gives=ThreadOut, form=desk)
def retitle(id: int, given: dict[str, Any]) -> Response:
    """Gives a thread another title."""
    thread = access.find(current_user, Thread, id)
    actions.retitle(current_user, thread, **given)
    return respond(thread, to=thread.url)


@routes.delete("/threads/<int:id>")
@endpoint("threads.retract", gives=ThreadOut)
def retract_thread(id: int) -> Response:
    """Takes back a thread to which nobody has replied."""
    thread = access.find(current_user, Thread, id)
    community = access.audience(current_user, thread.audience_id)
    actions.retract_thread(current_user, thread)
    flash(_("Uw gesprek is ingetrokken."))
    return respond(thread, to=f"{community.url}/threads" if community.is_community else "/")
