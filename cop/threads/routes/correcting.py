"""Endpoints that correct posts and threads, and react to posts."""

from __future__ import annotations

from typing import Any

from flask import Response, g
from flask_login import current_user

from cop import access, things
from cop.access.correcting import add_correction_endpoints, add_correction_rules, require_base_version
from cop.base import text
from cop.base.db import db
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.society.memberships import audience_size
from cop.threads import actions
from cop.threads.forms import Edit, PostOut, ThreadOut, Title
from cop.threads.models import Post, Thread, address, post_rows
from cop.threads.routes.blueprint import routes
from cop.threads.routes.curating import desk
from cop.threads.routes.drafts import choose_draft
from cop.threads.routes.reading import acts, shown_posts


def _shown(post: Post) -> Response:
    """Respond with the current post: as JSON, as a stream, or with a redirect to it."""
    return respond(
        lambda: post_rows([post.id])[0],
        stream="threads/reply.stream.html",
        to=address(post),
        context=lambda: shown_posts(db.session.get_one(Thread, post.parent_id), [post.id]),
    )


def _author(post: Post) -> str:
    """Return the name of the author of a post."""
    return post_rows([post.id])[0].author_name or _("Oud-deelnemer")


@routes.get("/posts/<int:id>/edit")
@endpoint("posts.form")
def form(id: int) -> Response:
    """Show the form to edit a post."""
    post = access.find(current_user, Post, id)
    access.judge(current_user, "posts.edit", post)
    problem, body = g.get("problem"), things.body_of(post)
    newest, *_older = [*things.drafts_of(current_user, post.place), None]
    draft, others = choose_draft(post.place, newest.fields if newest else {})
    return respond(
        page="threads/edit.html",
        post=post,
        body=body,
        thread=db.session.get(Thread, post.parent_id),
        markdown=text.to_markdown(body.html) if body.format == "html" else body.source,
        loses=body.format == "html" and text.loses(body.html),
        theirs=problem.extra if problem and "version" in problem.extra else None,
        draft=draft,
        drafts=others,
        community=access.audience(current_user, post.audience_id),
        audience_size=audience_size(post.audience_id),
    )


add_correction_rules("posts")
add_correction_endpoints(
    routes,
    "/posts",
    actions.POSTS,
    takes=Edit,
    gives=PostOut,
    respond=_shown,
    edit_form=form,
    acts=acts,
    messages={
        "edit": lambda post: _("Uw bericht is gewijzigd."),
        "retract": lambda post: _("Uw bericht is ingetrokken."),
        "restore": lambda post: _("Uw bericht staat er weer."),
        "hide": lambda post: _("Het bericht van %(name)s is verborgen.", name=_author(post)),
        "unhide": lambda post: _("Het bericht van %(name)s is weer te zien.", name=_author(post)),
    },
)


@routes.patch("/threads/<int:id>")
@endpoint("threads.retitle", takes=Title, gives=ThreadOut, form=desk)
def retitle(id: int, given: dict[str, Any]) -> Response:
    """Change the title of a thread."""
    thread = access.find(current_user, Thread, id)
    require_base_version("threads.retitle", thread, given)
    actions.retitle(current_user, thread, **given)
    return respond(thread, to=thread.url)


@routes.delete("/threads/<int:id>")
@endpoint("threads.retract", gives=ThreadOut)
def retract_thread(id: int) -> Response:
    """Retract a thread without replies."""
    thread = access.find(current_user, Thread, id)
    community = access.audience(current_user, thread.audience_id)
    actions.retract_thread(current_user, thread)
    flash(_("Uw gesprek “%(title)s” is ingetrokken.", title=thread.title))
    return respond(thread, to=f"{community.url}/threads" if community.is_community else "/")
