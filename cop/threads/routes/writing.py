"""Endpoints that write: a new thread, a reply, and drafts."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_login import current_user

from cop import access, things
from cop.base.errors import BadRequest
from cop.base.web import endpoint, respond
from cop.base.words import _
from cop.society.memberships import audience_size
from cop.society.programmes import Community
from cop.threads import actions
from cop.threads.forms import DraftIn, DraftOut, PostOut, Reply, Start, ThreadOut
from cop.threads.models import Post, Thread, address, post_rows
from cop.threads.routes.blueprint import routes
from cop.threads.routes.reading import show

KINDS = ("question", "experience", "guidance", "announcement")


@routes.get("/communities/<slug>/threads/new")
@endpoint("threads.new")
def new(slug: str) -> Response:
    """Show the form to start a thread."""
    community = access.find(current_user, Community, slug=slug)
    access.judge(current_user, "threads.start", community)
    draft = things.draft_of(current_user, f"new:{community.id}")
    sources = things.visible_sources(
        community.audience_id, [int(s) for s in draft.get("sources", []) if str(s).isdecimal()]
    )
    return respond(
        page="threads/new.html",
        community=community,
        audience_size=audience_size(community.audience_id),
        draft=draft,
        files=things.unposted(current_user, draft.get("files", [])),
        sources=sources,
        kinds=[
            kind
            for kind in KINDS
            if kind not in actions.RESTRICTED or access.may(current_user, f"threads.start_{kind}", community)
        ],
        chosen=request.args.get("kind", "question"),
    )


@routes.post("/communities/<slug>/threads")
@endpoint("threads.start", takes=Start, gives=ThreadOut, form=new, status=201)
def start(slug: str, given: dict[str, Any]) -> Response:
    """Start a thread."""
    community = access.find(current_user, Community, slug=slug)
    thread = actions.start(current_user, community, **given)
    return respond(thread, to=thread.url, status=201)


@routes.post("/threads/<int:id>/posts")
@endpoint("threads.reply", takes=Reply, gives=PostOut, form=show, status=201)
def reply(id: int, given: dict[str, Any]) -> Response:
    """Add a post to a thread."""
    thread = access.find(current_user, Thread, id)
    post: Post = actions.reply(current_user, thread, **given)
    return respond(
        lambda: post_rows([post.id])[0],
        stream="threads/reply.stream.html",
        to=address(post),
        status=201,
        context=lambda: {
            "thread": thread,
            "posts": post_rows([post.id]),
            "attachments": things.attachments([post.id]),
            "reactions": {},
        },
    )


def _place(name: str) -> str:
    """Return the name of a place that can have a draft: a thread, a room, a new thread, or a post being edited.

    Raise BadRequest for another name.
    """
    kind, _colon, id = name.partition(":")
    if kind not in ("thread", "room", "new", "post") or not id.isdecimal() or len(id) > 10:
        raise BadRequest(_("Op deze plaats kunt u geen concept bewaren."))
    return name


@routes.get("/drafts/<place>")
@endpoint("drafts.show", gives=DraftOut)
def draft(place: str) -> Response:
    """Return the person's draft in a place."""
    fields = things.draft_of(current_user, _place(place))
    return respond(DraftOut(place=place, fields=fields), to="/")


@routes.put("/drafts/<place>")
@endpoint("drafts.save", takes=DraftIn)
def save_draft(place: str, given: dict[str, Any]) -> Response:
    """Store the person's draft in a place."""
    actions.save_draft(current_user, current_user, place=_place(place), fields=given["fields"])
    return respond(to="/")


@routes.delete("/drafts/<place>")
@endpoint("drafts.drop")
def drop_draft(place: str) -> Response:
    """Delete the person's draft in a place."""
    actions.drop_draft(current_user, current_user, place=_place(place))
    return respond(to="/")
