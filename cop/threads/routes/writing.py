"""Endpoints that write: a new thread and a reply."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_login import current_user

from cop import access, things
from cop.base.db import db
from cop.base.web import endpoint, respond
from cop.society.memberships import audience_size
from cop.society.programmes import Community
from cop.things.spine import Merged
from cop.threads import actions, asking
from cop.threads.forms import PostOut, Reply, Start, ThreadOut
from cop.threads.models import Post, address, post_rows
from cop.threads.redirects import find_thread
from cop.threads.routes.blueprint import routes
from cop.threads.routes.drafts import choose_draft
from cop.threads.routes.reading import show

KINDS = ("question", "experience", "guidance", "announcement")


@routes.get("/communities/<slug>/threads/new")
@endpoint("threads.new")
def new(slug: str) -> Response:
    """Show the form to start a thread."""
    community = access.find(current_user, Community, slug=slug)
    access.judge(current_user, "threads.start", community)
    newest, *_others = [*things.drafts_of(current_user, f"new:{community.id}"), None]
    draft, others = choose_draft(f"new:{community.id}", newest.fields if newest else {})
    sources = things.visible_sources(
        community.audience_id, [int(s) for s in draft.get("sources", []) if str(s).isdecimal()]
    )
    return respond(
        page="threads/new.html",
        community=community,
        audience_size=audience_size(community.audience_id),
        draft=draft,
        drafts=others,
        files=things.unposted(current_user, draft.get("files", [])),
        sources=sources,
        kinds=[
            kind
            for kind in KINDS
            if kind not in actions.RESTRICTED or access.may(current_user, f"threads.start_{kind}", community)
        ],
        chosen=request.args.get("kind", "question"),
        asked={kind: labels for kind in KINDS if (labels := asking.labels(community, kind))},
        usual=asking.usual_labels(),
        may_set_form=access.may(current_user, "communities.set_form", community),
    )


@routes.post("/communities/<slug>/threads")
@endpoint("threads.start", takes=Start, gives=ThreadOut, form=new, status=201)
def start(slug: str, given: dict[str, Any]) -> Response:
    """Start a thread."""
    community = access.find(current_user, Community, slug=slug)
    things.keep_other_draft(current_user, given)
    thread = actions.start(current_user, community, **given)
    return respond(thread, to=thread.url, status=201)


@routes.post("/threads/<int:id>/posts")
@endpoint("threads.reply", takes=Reply, gives=PostOut, form=show, status=201)
def reply(id: int, given: dict[str, Any]) -> Response:
    """Add a post to a thread."""
    # The page may be of a thread that was merged meanwhile: nothing typed is lost.
    thread = find_thread(current_user, id)
    things.keep_other_draft(current_user, given)
    try:
        post: Post = actions.reply(current_user, thread, **given)
    except Merged:  # at this very moment
        db.session.expire_all()
        thread = find_thread(current_user, id)
        post = actions.reply(current_user, thread, **given)
    return respond(
        lambda: post_rows([post.id])[0],
        stream="threads/reply.stream.html" if thread.id == id else None,  # else the page is that of another thread
        to=address(post),
        status=201,
        context=lambda: {
            "thread": thread,
            "posts": post_rows([post.id]),
            "attachments": things.attachments([post.id]),
            "reactions": {},
        },
    )
