"""Endpoints of asking an expert: about a question that is there, with a new one, and what became of it."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from cop import access
from cop.access import viewer
from cop.base.web import endpoint, flash, respond
from cop.base.words import _, n_
from cop.experts import actions, forms, routing
from cop.experts.models import ExpertRequest, newest_of, request_row
from cop.experts.routes.blueprint import about, find, routes, shown
from cop.society.memberships import audience_size
from cop.society.programmes import Community
from cop.threads import actions as threads
from cop.threads.models import Thread


def _choices(audience_id: int, thread: Thread | None = None) -> dict[str, Any]:
    """Return who and which themes can be chosen."""
    experts = routing.experts_for(audience_id, thread.id if thread else None)
    left_out = {viewer().id, thread.author_id if thread else viewer().id}
    there = [one for one in experts if one.id not in left_out]
    return {
        "experts": there,
        "themes": routing.themes_of(one for one in there if not one.guest),
        "proposed": request.args.get("expert", ""),
        "most": routing.MOST_OPEN,
        "term": routing.TERM,
    }


@routes.get("/threads/<int:id>/expert")
@endpoint("experts.form")
def form(id: int) -> Response:
    """Show the form to ask an expert about a question, or the request that is there."""
    thread = access.find(viewer(), Thread, id)
    access.judge(viewer(), "experts.ask", thread)
    newest = newest_of(thread.id)
    return respond(
        page="experts/new.html",
        thread=thread,
        request_row=newest if newest is not None and newest.open else None,
        audience=access.audience(viewer(), thread.audience_id),
        invites=access.may(viewer(), "experts.invite_guest", thread),
        **_choices(thread.audience_id, thread),
    )


@routes.post("/threads/<int:id>/expert")
@endpoint("experts.ask", takes=forms.Ask, gives=forms.RequestOut, form=form, status=201)
def ask(id: int, given: dict[str, Any]) -> Response:
    """Ask an expert about a question."""
    made = actions.ask(viewer(), access.find(viewer(), Thread, id), **given)
    _say(made)
    return shown(made, status=201)


@routes.get("/communities/<slug>/expert")
@endpoint("experts.new")
def new(slug: str) -> Response:
    """Show the form to ask an expert of a community a new question."""
    community = access.find(viewer(), Community, slug=slug)
    access.judge(viewer(), "threads.start", community)
    return respond(
        page="experts/new_question.html",
        community=community,
        audience_size=audience_size(community.audience_id),
        **_choices(community.audience_id),
    )


@routes.post("/communities/<slug>/expert")
@endpoint("experts.ask_new", takes=forms.AskNew, gives=forms.RequestOut, form=new, status=201)
def ask_new(slug: str, given: dict[str, Any]) -> Response:
    """Start a question and ask an expert to answer it."""
    community = access.find(viewer(), Community, slug=slug)
    whom = {name: given.pop(name) for name in ("theme", "expert") if name in given}
    thread = threads.start(viewer(), community, kind="question", **given)
    made = actions.ask(viewer(), thread, **whom)
    _say(made)
    return shown(made, status=201)


def _say(made: ExpertRequest) -> None:
    """Tell whoever asked where the question is now."""
    row = request_row(made.id)
    undo = f"{made.url}/delete"
    if row.state == "queued":
        words = n_(
            "Alle experts hebben nu genoeg vragen. In de wachtrij gaat %(n)s vraag voor.",
            "Alle experts hebben nu genoeg vragen. In de wachtrij gaan %(n)s vragen voor.",
            row.ahead,
        )
        flash(words, undo=undo)
    else:
        flash(_("Uw vraag ligt bij %(name)s.", name=row.expert_name or ""), undo=undo)


@routes.get("/expert/<int:id>")
@endpoint("experts.show", gives=forms.RequestOut)
def show(id: int) -> Response:
    """Show a request: who has it, until when, and to whoever it concerns what they can do."""
    found, person = find(id), viewer()
    return respond(lambda: request_row(found.id), page="experts/show.html", context=lambda: about(person, found))


@routes.delete("/expert/<int:id>")
@endpoint("experts.withdraw", gives=forms.RequestOut, form=show)
def withdraw(id: int) -> Response:
    """Withdraw a request; the question stays, and an expert can be asked again."""
    found = actions.withdraw(viewer(), find(id))
    flash(_("Ingetrokken. Uw vraag blijft staan."))
    return respond(lambda: request_row(found.id), to=f"/threads/{found.thread_id}")
