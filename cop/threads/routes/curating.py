"""Endpoints for moderators, and for accepting an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.db import db
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.things.forms import Reason
from cop.threads import actions
from cop.threads.forms import Chosen, Move, ThreadOut
from cop.threads.models import Post, Thread, address, post_rows
from cop.threads.routes.blueprint import routes
from cop.threads.routes.reading import shown_posts


@routes.get("/threads/<int:id>/curation")
@endpoint("threads.desk")
def desk(id: int) -> Response:
    """Show the actions that the person can take on a thread."""
    thread = access.find(current_user, Thread, id)
    may = {
        verb: access.may(current_user, f"threads.{verb}", thread)
        for verb in ("pin", "close", "feature", "move", "merge", "retitle", "hide", "retract")
    }
    may["breach"] = access.may(current_user, "breaches.report", thread)
    elsewhere = [
        c
        for c in access.rights(current_user).communities
        if c.audience_id != thread.audience_id and access.rights(current_user).curates(c.audience_id)
    ]
    return respond(page="threads/desk.html", thread=thread, may=may, elsewhere=elsewhere)


class State(NamedTuple):
    """Setting or clearing a state of a thread: the verb, and the message when it is done."""

    verb: str
    run: Callable[..., Any]
    words: Callable[[str], str]


def _state(noun: str, on: State, off: State) -> None:
    """Add two endpoints for a state of a thread: PUT sets it, DELETE clears it; each undoes the other."""
    for register, (verb, act, words), undo in ((routes.put, on, f"{noun}/delete"), (routes.delete, off, noun)):

        def view(
            id: int, act: Callable[..., Any] = act, words: Callable[[str], str] = words, undo: str = undo
        ) -> Response:
            thread = access.find(current_user, Thread, id)
            act(current_user, thread)
            flash(words(thread.title), undo=f"{thread.url}/{undo}")
            return respond(thread, to=thread.url)

        view.__doc__ = act.__doc__
        register(f"/threads/<int:id>/{noun}")(endpoint(verb, gives=ThreadOut)(view))


_state(
    "pin",
    State("threads.pin", actions.pin, lambda title: _("Het gesprek “%(title)s” is vastgezet.", title=title)),
    State("threads.unpin", actions.unpin, lambda title: _("Het gesprek “%(title)s” is losgemaakt.", title=title)),
)
_state(
    "closure",
    State("threads.close", actions.close, lambda title: _("Het gesprek “%(title)s” is gesloten.", title=title)),
    State("threads.reopen", actions.reopen, lambda title: _("Het gesprek “%(title)s” is heropend.", title=title)),
)
_state(
    "feature",
    State("threads.feature", actions.feature, lambda title: _("Het gesprek “%(title)s” is uitgelicht.", title=title)),
    State(
        "threads.unfeature",
        actions.unfeature,
        lambda title: _("Het gesprek “%(title)s” is niet meer uitgelicht.", title=title),
    ),
)


def _answered(thread: Thread, *posts: int | None) -> Response:
    """Respond with the thread, or a stream of the posts that are or were its answer."""
    ids = [id for id in posts if id]
    to = address(db.session.get_one(Post, ids[-1])) if ids else thread.url
    return respond(thread, stream="threads/reply.stream.html", to=to, context=lambda: shown_posts(thread, ids))


@routes.put("/threads/<int:id>/answer")
@endpoint("threads.answer", takes=Chosen, gives=ThreadOut)
def accept(id: int, given: dict[str, Any]) -> Response:
    """Accept a post as the answer."""
    thread = access.find(current_user, Thread, id)
    before = thread.answer_id
    actions.answer(current_user, thread, **given)
    undo = {"undo": f"{thread.url}/answer", "post": before} if before else {"undo": f"{thread.url}/answer/delete"}
    flash(_("Het bericht van %(name)s is nu het antwoord op de vraag.", name=_author(thread.answer_id)), **undo)
    return _answered(thread, before, thread.answer_id)


@routes.delete("/threads/<int:id>/answer")
@endpoint("threads.unanswer", gives=ThreadOut)
def unaccept(id: int) -> Response:
    """Clear the accepted answer."""
    thread = access.find(current_user, Thread, id)
    before = thread.answer_id
    actions.unanswer(current_user, thread)
    if before:
        words = _("Het bericht van %(name)s is niet meer het antwoord op de vraag.", name=_author(before))
        flash(words, undo=f"{thread.url}/answer", post=before)
    return _answered(thread, before)


def _author(id: int | None) -> str:
    """Return the name of the author of a post."""
    (row,) = post_rows([id or 0])
    return row.author_name or _("Oud-deelnemer")


@routes.post("/threads/<int:id>/move")
@endpoint("threads.move", takes=Move, gives=ThreadOut, form=desk)
def move(id: int, given: dict[str, Any]) -> Response:
    """Move a thread to another community."""
    thread = access.find(current_user, Thread, id)
    before = access.audience(current_user, thread.audience_id)
    actions.move(current_user, thread, **given)
    to = access.audience(current_user, thread.audience_id)
    words = _(
        "Het gesprek “%(title)s” staat nu in %(name)s. Oude adressen blijven werken.", title=thread.title, name=to.name
    )
    back = access.rights(current_user).curates(before.audience_id) and before.slug
    flash(words, **({"undo": f"{thread.url}/move", "community": before.slug} if back else {}))
    return respond(thread, to=thread.url)


@routes.put("/threads/<int:id>/hiding")
@endpoint("threads.hide", takes=Reason, gives=ThreadOut, form=desk)
def hide(id: int, given: dict[str, Any]) -> Response:
    """Hide a thread, with a reason."""
    thread = access.find(current_user, Thread, id)
    actions.hide_thread(current_user, thread, **given)
    flash(_("Het gesprek “%(title)s” is verborgen.", title=thread.title), undo=f"{thread.url}/hiding/delete")
    return respond(thread, to=thread.url)


@routes.delete("/threads/<int:id>/hiding")
@endpoint("threads.unhide", gives=ThreadOut)
def unhide(id: int) -> Response:
    """Show a hidden thread again."""
    thread = access.find(current_user, Thread, id)
    actions.unhide_thread(current_user, thread)
    flash(_("Het gesprek “%(title)s” is weer te zien.", title=thread.title))
    return respond(thread, to=thread.url)
