"""Endpoints for moderators, and for accepting an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.things.forms import Reason
from cop.threads import actions
from cop.threads.forms import Chosen, Move, ThreadOut
from cop.threads.models import Thread
from cop.threads.routes.blueprint import routes


@routes.get("/threads/<int:id>/curation")
@endpoint("threads.desk")
def desk(id: int) -> Response:
    """Show the actions that the person can take on a thread."""
    thread = access.find(current_user, Thread, id)
    may = {
        verb: access.may(current_user, f"threads.{verb}", thread)
        for verb in ("pin", "close", "feature", "move", "retitle", "hide", "retract")
    }
    elsewhere = [
        c
        for c in access.rights(current_user).communities
        if c.audience_id != thread.audience_id and access.rights(current_user).curates(c.audience_id)
    ]
    return respond(page="threads/desk.html", thread=thread, may=may, elsewhere=elsewhere)


def _state(noun: str, on: tuple[str, Callable[..., Any]], off: tuple[str, Callable[..., Any]]) -> None:
    """Add two endpoints for a state of a thread: PUT sets it, DELETE clears it."""
    for register, (verb, act) in ((routes.put, on), (routes.delete, off)):

        def view(id: int, act: Callable[..., Any] = act) -> Response:
            thread = access.find(current_user, Thread, id)
            act(current_user, thread)
            flash(_("Opgeslagen."))
            return respond(thread, to=thread.url)

        view.__doc__ = act.__doc__
        register(f"/threads/<int:id>/{noun}")(endpoint(verb, gives=ThreadOut)(view))


_state("pin", ("threads.pin", actions.pin), ("threads.unpin", actions.unpin))
_state("closure", ("threads.close", actions.close), ("threads.reopen", actions.reopen))
_state("feature", ("threads.feature", actions.feature), ("threads.unfeature", actions.unfeature))


@routes.put("/threads/<int:id>/answer")
@endpoint("threads.answer", takes=Chosen, gives=ThreadOut)
def accept(id: int, given: dict[str, Any]) -> Response:
    """Accept a post as the answer."""
    thread = access.find(current_user, Thread, id)
    actions.answer(current_user, thread, **given)
    flash(_("Dit is nu het antwoord op de vraag."))
    return respond(thread, to=thread.url)


@routes.delete("/threads/<int:id>/answer")
@endpoint("threads.unanswer", gives=ThreadOut)
def unaccept(id: int) -> Response:
    """Clear the accepted answer."""
    thread = access.find(current_user, Thread, id)
    actions.unanswer(current_user, thread)
    return respond(thread, to=thread.url)


@routes.post("/threads/<int:id>/move")
@endpoint("threads.move", takes=Move, gives=ThreadOut, form=desk)
def move(id: int, given: dict[str, Any]) -> Response:
    """Move a thread to another community."""
    thread = access.find(current_user, Thread, id)
    actions.move(current_user, thread, **given)
    flash(_("Het gesprek is verplaatst. Oude adressen blijven werken."))
    return respond(thread, to=thread.url)


@routes.put("/threads/<int:id>/hiding")
@endpoint("threads.hide", takes=Reason, gives=ThreadOut, form=desk)
def hide(id: int, given: dict[str, Any]) -> Response:
    """Hide a thread, with a reason."""
    thread = access.find(current_user, Thread, id)
    actions.hide_thread(current_user, thread, **given)
    flash(_("Het gesprek is verborgen."))
    return respond(thread, to=thread.url)


@routes.delete("/threads/<int:id>/hiding")
@endpoint("threads.unhide", gives=ThreadOut)
def unhide(id: int) -> Response:
    """Show a hidden thread again."""
    thread = access.find(current_user, Thread, id)
    actions.unhide_thread(current_user, thread)
    return respond(thread, to=thread.url)
