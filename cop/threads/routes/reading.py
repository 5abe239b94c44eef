"""Endpoints that read threads and posts, and mark them as read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Response, g, jsonify, redirect, request
from flask_login import current_user

from cop import access, things
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.forms import Typed
from cop.base.web import Slice, cached, endpoint, flash, render, requested_format, respond, respond_list
from cop.base.web.pages import fragment, part
from cop.base.words import _, n_
from cop.society.memberships import audience_size, people_named
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things.forms import PAGE, Paging, Seq
from cop.threads import actions
from cop.threads.forms import Listing, NameOut, NamesAsked, PostOut, ThreadOut
from cop.threads.jumps import jumps
from cop.threads.models import (
    Post,
    PostRow,
    Thread,
    ThreadRow,
    address,
    contributions,
    files_in,
    post_rows,
    posts,
    shown,
    threads,
)
from cop.threads.redirects import moved_post
from cop.threads.routes.blueprint import routes
from cop.threads.routes.drafts import choose_draft
from cop.threads.routes.rows import rows_html

START = re.compile(rb'<(?:article|div) class="post[^>]* data-seq="(\d+)"')  # of a post


@routes.get("/communities/<slug>/threads")
@endpoint("threads.list", asks=Listing, gives=ThreadOut, many=True)
def list_(slug: str, asked: dict[str, Any]) -> Response:
    """List the threads of a community, newest activity first, below the pinned ones."""
    community = access.find(current_user, Community, slug=slug)
    viewer = current_user._get_current_object()
    narrowed = {key: asked[key] for key in ("kind", "show") if asked[key]}
    apart = not asked["after"] and asked["sort"] == "activity"
    listed = threads(viewer, community.audience_id, **asked)

    def page() -> dict[str, Any]:
        pinned = threads(viewer, community.audience_id, pinned=True, **narrowed).items if apart else []
        rows = [*pinned, *(row for row in listed.items if not (pinned and row.pinned))]
        url, chosen = f"{community.url}/threads", dict(narrowed)
        if asked["sort"] == "newest":
            chosen["sort"] = "newest"
        paging = {"url": url, "chosen": chosen, "later": bool(asked["after"]), "next": listed.next}
        may_start = access.may(current_user, "threads.start", community)
        return {
            "shell": ("threads.list", community.id, may_start, bool(rows), *chosen.items()),
            "slots": {
                "rows": rows_html(rows),
                "pager": part(
                    "threads/_pager.html", (url, *chosen.items(), *list(paging.values())[2:]), lambda: paging
                ),
            },
            "community": community,
            "chosen": chosen,
            "some": bool(rows),
            "may_start": may_start,
        }

    return respond_list(listed, page="threads/list.html", context=page)


@routes.get("/threads/<int:id>")
@endpoint("threads.show", asks=Paging, gives=ThreadOut)
def show(id: int, asked: dict[str, Any] | None = None) -> Response:
    """Show a thread with a slice of its posts."""
    asked = asked or Paging().model_dump()
    viewer = current_user._get_current_object()
    try:
        thread = shown(viewer, id)
    except NotFound:
        return _moved(viewer, id)
    if requested_format() == "json":
        return respond(thread)
    paging = {k: asked[k] for k in ("after", "before", "limit")}
    if _is_short(thread):  # a link to the middle of a thread that fits on one page opens it whole
        paging |= {"after": None, "before": None}
    version = (thread.id, thread.version, *paging.values())
    community = access.audience(viewer, thread.audience_id)
    body, ends, starts = cached(("thread", *version), lambda: _body(thread, paging))
    return respond(
        page="threads/show.html",
        shell=("thread", *version, community.url),
        slots={"body": _divided(body, starts, thread), **_reader_slots(viewer, thread, community)},
        thread=thread,
        ends=ends,
        community=community,
        facts=lambda: _facts(thread, community),
    )


def _moved(person: Person, id: int) -> Response:
    """Redirect from a thread that was merged into another to its opening there, for good; programs get `moved_to` too."""
    post = moved_post(person, id)
    if requested_format() != "json":
        return redirect(address(post), 301)  # type: ignore[return-value]  # Werkzeug's class
    to = f"/threads/{post.parent_id}"
    response = jsonify({"moved_to": to, "post": post.id})
    response.status_code = 308
    response.headers["Location"] = request.path.replace(f"/threads/{id}", to)
    return response


def _facts(thread: ThreadRow, community: access.AudienceRow) -> dict[str, Any]:
    """Return what stands beside a thread: who wrote in it, its files, and who can read it."""
    written = contributions(thread.id)
    people = {one.author_id: one for one in reversed(written)}
    return {
        "people": list(people.values()),
        "experts": [one for one in written if one.author_role == "expert"][:3],
        "files": files_in(thread.id),
        "jumps": [] if _is_short(thread) else jumps(thread.id, thread.last_post),
        "size": audience_size(thread.audience_id),
        "members": f"{community.url}/members" if community.is_community and community.url else "",
    }


def _reader_slots(person: Person, thread: ThreadRow, community: access.AudienceRow) -> dict[str, Any]:
    """Return the slots of a thread's page that differ by reader."""
    state = things.state_from_row(thread)
    here = {"thread": thread, "url": f"/threads/{thread.id}"}
    version = (thread.id, thread.version)
    may = {verb: access.may(person, f"threads.{verb}", thread) for verb in ("reply", "close", "retitle", "retract")}
    replies = may["reply"] and (not thread.closed or may["close"])
    reacts, hides = (access.may(person, f"posts.{verb}", thread) for verb in ("react", "hide"))
    acts = {
        "desk": may["close"] or may["retitle"] or may["retract"],
        "asks_expert": thread.thread_kind == "question"
        and not (thread.closed or thread.answer_id)
        and access.may(person, "experts.ask", thread),
        "following": state.following,
        "replies": replies,
        "unread": _first_unread(thread, state.mark) if 0 < state.mark < thread.last_post else "",
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

    follow = {"following": state.following}
    return {
        "viewer": str(person.id),
        "belongs": things.places_of(person, "thread", thread.id, thread.version),
        "follow": part("threads/_follow.html", (*version, *follow.values()), lambda: {**follow, **here}),
        "mark": str(state.mark),
        "may": " ".join(verb for verb, on in (("reply", replies), ("react", reacts), ("hide", hides)) if on),
        "jumps": part("threads/_jumps.html", (*version, *acts.values()), lambda: {**acts, **here}),
        "acts": part("threads/_acts.html", (*version, *acts.values()), lambda: {**acts, **here}),
        "catch_up": part("threads/_catch_up.html", version, lambda: here) if state.mark < thread.last_post else "",
        "reply": part(
            "threads/_reply.html",
            (*version, may["reply"], may["close"], community.url, community.archived) if plain else None,
            reply,
        ),
    }


def _answered(thread: ThreadRow, draft: things.DraftFields) -> PostRow | None:
    """Return the post that the reply is to: by the typed form, else by the address, else by the draft."""
    saved = request.args.get("reply_to", draft.get("reply_to", ""))
    id = str(g.typed.value("reply_to") if "typed" in g else saved)
    rows = post_rows([int(id)]) if id.isdecimal() and len(id) < 10 else []
    return next((row for row in rows if row.thread_id == thread.id and row.state == "live"), None)


def _first_unread(thread: ThreadRow, mark: int) -> str:
    """Return the address of the first unread post: of a long thread on a page that opens a little before it."""
    page = "" if _is_short(thread) else f"/threads/{thread.id}?after={max(mark - 3, 0)}"
    return f"{page}#first-unread"


def _is_short(thread: ThreadRow) -> bool:
    """Return whether all posts fit on one page."""
    return thread.replies < PAGE


def _divided(body: bytes, starts: list[tuple[int, int]], thread: ThreadRow) -> bytes:
    """Return the posts with a line above the first that the reader has not read; starts: position → index in `body`."""
    if not thread.mark or thread.mark >= thread.last_post:
        return body
    at = next((index for seq, index in starts if seq > thread.mark), None)
    if at is None or at == starts[0][1]:
        return body
    return b"".join((body[:at], render("threads/_first_unread.html").encode(), body[at:]))


def _body(thread: ThreadRow, paging: dict[str, Any]) -> tuple[bytes, Slice[PostRow], list[tuple[int, int]]]:
    """Return a slice of posts as HTML, the same for every reader, its cursors, and where each post starts."""
    listed = posts(thread.id, **paging)
    ids = [row.id for row in listed.items]
    repeats = thread.answer_id and listed.items and listed.items[0].seq == 1 and thread.answer_id != _second(listed)
    answer = post_rows([thread.answer_id]) if repeats and thread.answer_id else []
    html = fragment(
        "threads/_posts.html",
        posts=listed.items,
        attachments=things.attachments(ids),
        reactions=things.reactions(ids),
        thread=thread,
        answer=answer[0] if answer else None,
    )
    body = html.encode()
    return body, Slice([], listed.next, listed.prev), [(int(one[1]), one.start()) for one in START.finditer(body)]


def _second(listed: Slice[PostRow]) -> int | None:
    """Return the first live reply: where it is the answer, it is not repeated above itself."""
    return next((row.id for row in listed.items[1:] if row.state == "live"), None)


def shown_posts(thread: Thread, ids: Sequence[int]) -> dict[str, Any]:
    """Return the context of a stream with these posts."""
    return {
        "thread": thread,
        "posts": post_rows(ids),
        "attachments": things.attachments(ids),
        "reactions": things.reactions(ids),
    }


@routes.get("/threads/<int:id>/posts")
@endpoint("threads.posts", asks=Paging, gives=PostOut, many=True)
def posts_(id: int, asked: dict[str, Any]) -> Response:
    """List the posts of a thread by position, or those that changed after a seq."""
    try:
        thread = access.find(current_user, Thread, id)
    except NotFound:
        return _moved(current_user, id)
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
    return respond(post_rows([found.id])[0], to=address(found))


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
    may["reply"] = access.may(current_user, "threads.reply", thread) and (
        not thread.closed or access.may(current_user, "threads.reply_closed", thread)
    )
    may["mark"] = access.may(current_user, "outcomes.mark", found)
    may["use"] = (found.seq > 1 or thread.thread_kind != "question") and access.may(current_user, "uses.report", found)
    may["take"] = access.may(current_user, "guidance.take", found)
    may["flag"] = access.may(current_user, "flags.raise", found)
    may["unread"] = access.may(current_user, "threads.unread_from", found)
    may["breach"] = access.may(current_user, "breaches.report", found)
    reads = found.state == "live" or found.author_id == current_user.id or may["hide"]
    return respond(
        page="threads/acts.html",
        stream="threads/acts.stream.html",
        post=found,
        row=post_rows([found.id])[0],
        thread=thread,
        may=may,
        reads=reads,
        reactors=things.reactors(found.id),
        body=things.body_of(found),
        typed=g.get("typed") or Typed(),
        history=things.history(found) if reads else [],
    )


@routes.put("/threads/<int:id>/mark")
@endpoint("threads.mark", takes=Seq)
def mark(id: int, given: dict[str, Any]) -> Response:
    """Mark a thread as read up to a position."""
    thread = access.find(current_user, Thread, id)
    actions.mark(current_user, thread, **given)
    return respond(to=thread.url)


@routes.put("/posts/<int:id>/unread")
@endpoint("threads.unread_from")
def unread_from(id: int) -> Response:
    """Mark a post and what follows it as unread."""
    post = access.find(current_user, Post, id)
    before = actions.unread_from(current_user, post)
    community = access.audience(current_user, post.audience_id)
    undo = f"/threads/{post.parent_id}/mark" if before is not None else None
    flash(_("Het gesprek is vanaf dit bericht weer ongelezen."), undo=undo, seq=before or 0)
    # Not to the thread: there it would be read at once. With a fragment the menu of the post goes there, message and all.
    return respond(to=f"{community.url}/threads#main" if community.is_community and community.url else "/#main")


@routes.put("/communities/<slug>/reading")
@endpoint("threads.read_all")
def read_all(slug: str) -> Response:
    """Mark everything in the threads of a community as read."""
    community = access.find(current_user, Community, slug=slug)
    number = actions.read_all(current_user, community).number
    if number:
        words = n_("%(n)s gesprek is als gelezen gemarkeerd.", "%(n)s gesprekken zijn als gelezen gemarkeerd.", number)
        flash(words, undo=f"{community.url}/reading/delete")
    else:
        flash(_("U had hier alles al gelezen."))
    return respond(to=f"{community.url}/threads")


@routes.delete("/communities/<slug>/reading")
@endpoint("threads.unread_all")
def unread_all(slug: str) -> Response:
    """Take back that everything in a community was marked as read."""
    community = access.find(current_user, Community, slug=slug)
    if actions.unread_all(current_user, community).number:
        flash(_("Wat u nog niet had gelezen, is weer ongelezen."))
    else:
        flash(_("Er is niets meer om terug te zetten."))
    return respond(to=f"{community.url}/threads")


@routes.get("/communities/<slug>/names")
@endpoint("members.names", asks=NamesAsked, gives=NameOut, many=True)
def names(slug: str, asked: dict[str, Any]) -> Response:
    """List the people who can be mentioned here, by the letters typed after the @."""
    community = access.find(current_user, Community, slug=slug)
    items = people_named(community.audience_id, asked["q"])
    return respond_list(Slice(items), to=f"{community.url}/members")
