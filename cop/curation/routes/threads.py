"""Endpoints on threads: the pages for moderators, merging, splitting, duplicates, closing on a day and pace."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Response

from cop import access
from cop.access import viewer
from cop.base import clock
from cop.base.forms import ask
from cop.base.text import to_plain
from cop.base.web import endpoint, flash, respond
from cop.base.words import _, n_
from cop.curation import actions, forms
from cop.curation.models import merges_into, relations_of
from cop.curation.routes.blueprint import find, find_other, routes
from cop.threads.actions import RESTRICTED
from cop.threads.forms import ThreadOut
from cop.threads.models import PostRow, Thread, posts
from cop.threads.routes.writing import KINDS

SHOWN = 50  # posts to choose from on a page
PACES = (1, 5, 15, 60, 240, 1440)  # minutes


def _find_to_curate(id: int) -> Thread:
    """Return a thread that the viewer curates; raise NotFound or Forbidden for any other."""
    thread = find(id)
    access.judge(viewer(), "threads.merge", thread)
    return thread


@routes.get("/threads/<int:id>/arranging")
@endpoint("threads.arranging")
def arranging(id: int) -> Response:
    """Show a moderator how a thread can be merged, closed as a duplicate or on a day, or slowed down."""
    thread = _find_to_curate(id)
    duplicates = [row for row in relations_of(id) if (row.kind, row.source_id) == ("duplicate", id)]
    return respond(
        page="curation/arranging.html",
        thread=thread,
        community=access.audience(viewer(), thread.audience_id),
        duplicate=duplicates[0] if duplicates else None,
        merges=merges_into(id),
        last_day=clock.last_date(thread.closes) if thread.closes else None,
        paces=sorted({*PACES, *([thread.pace] if thread.pace else [])}),
    )


# Merging


@routes.post("/threads/<int:thread>/merge")
@endpoint("threads.merge", takes=forms.Into, gives=ThreadOut, form=lambda thread: arranging(id=thread))
def merge(thread: int, given: dict[str, Any]) -> Response:
    """Put the posts of a thread at the end of another; respond with the other."""
    source = find(thread)
    access.judge(viewer(), "threads.merge", source)
    into = find_other(given["into"])
    actions.merge(viewer(), into, thread=source)
    words = _("Samengevoegd. Het adres van “%(title)s” brengt iedereen voortaan hierheen.", title=source.title)
    flash(words, undo=f"{into.url}/merges/{source.id}/delete")
    return respond(into, to=into.url)


@routes.delete("/threads/<int:id>/merges/<int:merged>")
@endpoint("threads.unmerge", gives=ThreadOut, form=lambda id, merged: arranging(id=id))
def unmerge(id: int, merged: int) -> Response:
    """Give a thread that was merged into this one its posts back; respond with that thread."""
    found = actions.unmerge(viewer(), find(id), merged=merged)
    flash(_("“%(title)s” is weer een eigen gesprek.", title=found.title))
    return respond(found, to=found.url)


# Splitting


class Choice(NamedTuple):
    """A post to choose, with the beginning of its text."""

    row: PostRow
    text: str


@routes.get("/threads/<int:id>/splitting")
@endpoint("threads.splitting", asks=forms.Splitting)
def splitting(id: int, asked: dict[str, Any] | None = None) -> Response:
    """Show the posts of a thread to a moderator, to choose those that go to a new or to another thread."""
    thread = _find_to_curate(id)
    asked = asked or ask(forms.Splitting)
    listed = posts(id, after=max(asked["after"], 1), limit=SHOWN)
    return respond(
        page="curation/splitting.html",
        thread=thread,
        choices=[Choice(row, to_plain(row.html) if row.state == "live" else "") for row in listed.items],
        listed=listed,
        asked=asked,
        kinds=[
            kind for kind in KINDS if kind not in RESTRICTED or access.may(viewer(), f"threads.start_{kind}", thread)
        ],
    )


@routes.post("/threads/<int:id>/split")
@endpoint("threads.split", takes=forms.Split, gives=ThreadOut, form=splitting, status=201)
def split(id: int, given: dict[str, Any]) -> Response:
    """Begin a new thread with posts of this one; respond with the new thread."""
    thread = find(id)
    new = actions.split(viewer(), thread, **given)
    words = _("Afgesplitst. In beide gesprekken staat waar het andere is.")
    flash(words, undo=f"{new.url}/merge", into=thread.url)
    return respond(new, to=new.url, status=201)


@routes.post("/threads/<int:id>/moved-posts")
@endpoint("threads.move_posts", takes=forms.MovePosts, gives=ThreadOut, form=splitting)
def move_posts(id: int, given: dict[str, Any]) -> Response:
    """Put posts of a thread at the end of another; respond with the other."""
    thread = find(id)
    access.judge(viewer(), "threads.move_posts", thread)
    into = find_other(given.pop("into"))
    end = into.last_seq
    actions.move_posts(viewer(), thread, into=into, **given)
    moved = posts(into.id, after=end, limit=1).items
    flash(
        _("Verplaatst. Oude adressen van de berichten blijven werken."),
        undo=f"{into.url}/moved-posts",
        into=thread.url,
        since=moved[0].id,
    )
    return respond(into, to=into.url)


# Duplicates, closing on a day, pace


@routes.put("/threads/<int:id>/duplicate")
@endpoint("threads.mark_duplicate", takes=forms.Into, gives=ThreadOut, form=arranging)
def mark_duplicate(id: int, given: dict[str, Any]) -> Response:
    """Close a thread because the same goes on in another."""
    thread = find(id)
    access.judge(viewer(), "threads.mark_duplicate", thread)
    into = find_other(given["into"])
    actions.mark_duplicate(viewer(), thread, into=into)
    flash(_("Gesloten, met een verwijzing naar “%(title)s”.", title=into.title), undo=f"{thread.url}/duplicate/delete")
    return respond(thread, to=thread.url)


@routes.delete("/threads/<int:id>/duplicate")
@endpoint("threads.unmark_duplicate", gives=ThreadOut, form=arranging)
def unmark_duplicate(id: int) -> Response:
    """Take back that a thread repeats another."""
    thread = actions.unmark_duplicate(viewer(), find(id))
    flash(_("De verwijzing is weggehaald."))
    return respond(thread, to=thread.url)


@routes.put("/threads/<int:id>/closing")
@endpoint("threads.close_at", takes=forms.CloseAt, gives=ThreadOut, form=arranging)
def close_at(id: int, given: dict[str, Any]) -> Response:
    """Let a thread close by itself at the end of a day."""
    thread = actions.close_at(viewer(), find(id), **given)
    flash(_("Het gesprek sluit vanzelf. Op de pagina staat wanneer."), undo=f"{thread.url}/closing/delete")
    return respond(thread, to=thread.url)


@routes.delete("/threads/<int:id>/closing")
@endpoint("threads.keep_open", gives=ThreadOut)
def keep_open(id: int) -> Response:
    """Take back that a thread closes by itself."""
    thread = actions.keep_open(viewer(), find(id))
    flash(_("Het gesprek blijft open tot u het sluit."))
    return respond(thread, to=thread.url)


@routes.put("/threads/<int:id>/pace")
@endpoint("threads.slow", takes=forms.Slow, gives=ThreadOut, form=arranging)
def slow(id: int, given: dict[str, Any]) -> Response:
    """Ask for time between two replies of one person in a thread."""
    thread = actions.slow(viewer(), find(id), **given)
    words = n_(
        "Tussen twee reacties zit nu %(n)s minuut.", "Tussen twee reacties zitten nu %(n)s minuten.", thread.pace
    )
    flash(words, undo=f"{thread.url}/pace/delete")
    return respond(thread, to=thread.url)


@routes.delete("/threads/<int:id>/pace")
@endpoint("threads.unslow", gives=ThreadOut)
def unslow(id: int) -> Response:
    """Let everybody reply at once again."""
    thread = actions.unslow(viewer(), find(id))
    flash(_("Iedereen kan weer meteen reageren."))
    return respond(thread, to=thread.url)
