"""Endpoints that read threads and posts, and mark them as read."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request
from flask_login import current_user

from cop import access, things
from cop.base.db import db
from cop.base.forms import Typed
from cop.base.web import Slice, cached, endpoint, requested_format, respond, respond_list
from cop.base.web.pages import fragment, part
from cop.society.memberships import audience_size, people_named
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things.forms import Paging, Seq
from cop.threads import actions
from cop.threads.forms import Listing, NameOut, NamesAsked, PostOut, ThreadOut
from cop.threads.models import Post, PostRow, Thread, ThreadRow, post_rows, posts, shown, threads
from cop.threads.routes.blueprint import routes
from cop.threads.routes.drafts import choose_draft


@routes.get("/communities/<slug>/threads")
@endpoint("threads.list", asks=Listing, gives=ThreadOut, many=True)
def list_(slug: str, asked: dict[str, Any]) -> Response:
    """List the threads of a community, newest activity first, below the pinned ones."""
    community = access.find(current_user, Community, slug=slug)
    viewer = current_user._get_current_object()
    pinned = [] if asked["after"] else threads(viewer, community.audience_id, pinned=True, kind=asked["kind"]).items
    return respond_list(
        threads(viewer, community.audience_id, **asked),
        page="threads/list.html",
        community=community,
        asked=asked,
        pinned=pinned,
        may_start=access.may(current_user, "threads.start", community),
    )


@routes.get("/threads/<int:id>")
@endpoint("threads.show", asks=Paging, gives=ThreadOut)
def show(id: int, asked: dict[str, Any] | None = None) -> Response:
    """Show a thread with a slice of its posts."""
    asked = asked or Paging().model_dump()
    viewer = current_user._get_current_object()
    thread = shown(viewer, id)
    if requested_format() == "json":
        return respond(thread)
    paging = {k: asked[k] for k in ("after", "before", "limit")}
    version = (thread.id, thread.version, *paging.values())
    community = access.audience(viewer, thread.audience_id)
    body, ends = cached(("thread", *version), lambda: _body(thread, paging))
    return respond(
        page="threads/show.html",
        shell=("thread", *version, community.url),
        slots={"body": body, **_reader_slots(viewer, thread, community)},
        thread=thread,
        ends=ends,
        community=community,
    )


def _reader_slots(person: Person, thread: ThreadRow, community: access.AudienceRow) -> dict[str, Any]:
    """Return the slots of a thread's page that differ by reader."""
    state = things.state_from_row(thread)
    here = {"thread": thread, "url": f"/threads/{thread.id}"}
    version = (thread.id, thread.version)
    may = {verb: access.may(person, f"threads.{verb}", thread) for verb in ("reply", "close", "retitle", "retract")}
    acts = {
        "desk": may["close"] or may["retitle"] or may["retract"],
        "following": state.following,
        "unread": max(state.mark - 3, 0) if 0 < state.mark < thread.last_post else None,
    }
    draft, others = choose_draft(f"thread:{thread.id}", state.draft)
    plain = not state.draft and "typed" not in g and b"reply_to" not in request.query_string

    def reply() -> dict[str, Any]:
        return {
            "may": may,
            "draft": draft,
            "drafts": others,
            "answered": _answered(thread, draft),
            "typed": g.get("typed") or Typed(),
            "files": things.unposted(person, draft.get("files", [])),
            "community": community,
            "audience_size": audience_size(thread.audience_id),
            **here,
        }

    return {
        "viewer": str(person.id),
        "mark": str(state.mark),
        "acts": part("threads/_acts.html", (*version, *acts.values()), lambda: {**acts, **here}),
        "catch_up": part("threads/_catch_up.html", version, lambda: here) if state.mark < thread.last_post else "",
        "reply": part(
            "threads/_reply.html", (*version, may["reply"], may["close"], community.url) if plain else None, reply
        ),
    }


def _answered(thread: ThreadRow, draft: things.DraftFields) -> PostRow | None:
    """Return the post that the reply is to: by the typed form, else by the address, else by the draft."""
    saved = request.args.get("reply_to", draft.get("reply_to", ""))
    id = str(g.typed.value("reply_to") if "typed" in g else saved)
    rows = post_rows([int(id)]) if id.isdecimal() and len(id) < 10 else []
    return next((row for row in rows if row.thread_id == thread.id and row.state == "live"), None)


def _body(thread: ThreadRow, paging: dict[str, Any]) -> tuple[bytes, Slice[PostRow]]:
    """Return a slice of posts as HTML, the same for every reader, and its cursors."""
    listed = posts(thread.id, **paging)
    answer = post_rows([thread.answer_id]) if thread.answer_id and listed.items and listed.items[0].seq == 1 else []
    ids = [row.id for row in listed.items]
    html = fragment(
        "threads/_posts.html",
        posts=listed.items,
        attachments=things.attachments(ids),
        reactions=things.reactions(ids),
        thread=thread,
        answer=answer[0] if answer else None,
    )
    return html.encode(), Slice([], listed.next, listed.prev)


@routes.get("/threads/<int:id>/posts")
@endpoint("threads.posts", asks=Paging, gives=PostOut, many=True)
def posts_(id: int, asked: dict[str, Any]) -> Response:
    """List the posts of a thread by position, or those that changed after a seq."""
    thread = access.find(current_user, Thread, id)
    listed = posts(thread.id, **asked)
    ids = [row.id for row in listed.items]
    return respond_list(
        listed,
        stream="threads/posts.stream.html",
        to=thread.url,
        thread=thread,
        attachments=things.attachments(ids),
        reactions=things.reactions(ids),
        answer=None,
    )


@routes.get("/posts/<int:id>")
@endpoint("posts.show", gives=PostOut)
def post(id: int) -> Response:
    """Show a post; a browser is redirected to its position in its thread."""
    found = access.find(current_user, Post, id)
    return respond(
        post_rows([found.id])[0], to=f"/threads/{found.parent_id}?after={max(0, found.seq - 10)}#post-{found.id}"
    )


@routes.get("/posts/<int:id>/acts")
@endpoint("posts.acts")
def acts(id: int) -> Response:
    """Show the actions that the person can take on a post."""
    found = access.find(current_user, Post, id)
    thread = db.session.get_one(Thread, found.parent_id)
    may = access.allowed(current_user, actions.POSTS, found)
    may["answer"] = (
        access.may(current_user, "threads.answer", thread)
        and thread.thread_kind == "question"
        and found.seq > 1
        and found.state == "live"
    )
    reads = found.state == "live" or found.author_id == current_user.id or may["hide"]
    return respond(
        page="threads/acts.html",
        post=found,
        row=post_rows([found.id])[0],
        thread=thread,
        may=may,
        reads=reads,
        reactors=things.reactors(found.id),
        body=things.body_of(found),
        history=things.revisions(found.id) if reads else [],
    )


@routes.put("/threads/<int:id>/mark")
@endpoint("threads.mark", takes=Seq)
def mark(id: int, given: dict[str, Any]) -> Response:
    """Mark a thread as read up to a position."""
    thread = access.find(current_user, Thread, id)
    actions.mark(current_user, thread, **given)
    return respond(to=thread.url)


@routes.get("/communities/<slug>/names")
@endpoint("members.names", asks=NamesAsked, gives=NameOut, many=True)
def names(slug: str, asked: dict[str, Any]) -> Response:
    """List the people who can be mentioned here, by the letters typed after the @."""
    community = access.find(current_user, Community, slug=slug)
    items = people_named(community.audience_id, asked["q"])
    return respond_list(Slice(items), to=f"{community.url}/members")
