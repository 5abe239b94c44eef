"""Endpoints of flags: raising and following one's own, and the desk of the moderators."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Routes, Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.chat.models import Message
from cop.documents.models import File
from cop.flags import actions, forms
from cop.flags.actions import Subject
from cop.flags.models import (
    RULED,
    CaseRow,
    Flag,
    FlagCase,
    FlagInCase,
    case_row,
    desk,
    find_case,
    find_own,
    flags_of,
    mine,
    moderated,
    own_row,
    standing,
)
from cop.society.memberships import Membership, membership_of
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Thing, kinds
from cop.threads.models import Post, Thread, opening_post

routes = Routes("flags", __name__)
OF_CASE = 200  # flags that the page of a case shows
QUEUED = 25  # items of each queue that the desk shows, those that wait longest


def _viewer() -> Person:
    person: Person = current_user._get_current_object()
    return person


# Raising


def _thing(id: int) -> Post | Message | File:
    """Return a thing that the viewer may see and that can be flagged, of a thread its opening post; else raise NotFound."""
    found = access.find(_viewer(), Thing, id)
    if isinstance(found, Thread):
        return opening_post(found)
    if not isinstance(found, Post | Message | File):
        raise NotFound
    return found


def _member(slug: str, person: int) -> Membership:
    """Return a member of a community that the viewer sees, else raise NotFound."""
    found = membership_of(person, access.find(_viewer(), Community, slug=slug).id)
    if found is None:
        raise NotFound
    return found


@routes.get("/things/<int:id>/flag")
@endpoint("flags.form")
def form(id: int) -> Response:
    """Show the form to flag a thing, or the flag of the viewer on it."""
    return _form(_thing(id))


@routes.get("/communities/<slug>/members/<int:person>/flag")
@endpoint("flags.form_for_member")
def form_for_member(slug: str, person: int) -> Response:
    """Show the form to flag a member of a community, or the flag of the viewer on them."""
    return _form(_member(slug, person))


def _form(subject: Subject) -> Response:
    access.judge(_viewer(), "flags.raise", subject)
    if isinstance(subject, Membership):
        about, audience = f"{subject.community.url}/members/{subject.person_id}", subject.community.audience_id
        own, back = standing(_viewer(), member=subject.person_id, audience=audience), f"/people/{subject.person_id}"
    else:
        about, audience = f"/things/{subject.id}", subject.audience_id
        own, back = standing(_viewer(), thing=subject.id), kinds.url(subject.kind, subject.id)
    return respond(
        page="flags/new.html",
        about=about,
        back=back,
        what=_what(subject),
        own=own,
        audience=access.audience(_viewer(), audience),
    )


def _what(subject: Subject) -> str:
    """Return the kind of what is flagged, as templates/flags/_words.html names it."""
    return "member" if isinstance(subject, Membership) else subject.kind


@routes.post("/things/<int:id>/flag")
@endpoint("flags.raise", takes=forms.Raise, gives=forms.FlagOut, form=form, status=201)
def raise_flag(id: int, given: dict[str, Any]) -> Response:
    """Flag a thing for its moderators."""
    return _raised(_thing(id), given)


@routes.post("/communities/<slug>/members/<int:person>/flag")
@endpoint("flags.raise_for_member", takes=forms.Raise, gives=forms.FlagOut, form=form_for_member, status=201)
def raise_for_member(slug: str, person: int, given: dict[str, Any]) -> Response:
    """Flag a member of a community for its moderators."""
    return _raised(_member(slug, person), given)


def _raised(subject: Subject, given: dict[str, Any]) -> Response:
    flag = actions.raise_flag(_viewer(), subject, **given)
    flash(_("Dank u. De moderator bekijkt het; u hoort wat ermee gebeurt."), undo=f"{flag.url}/delete")
    return _shown(flag, status=201)


# One's own


def _shown(flag: Flag, status: int = 200) -> Response:
    return respond(lambda: own_row(_viewer(), flag.id), to=flag.url, status=status)


@routes.get("/flags")
@endpoint("flags.mine", asks=forms.Mine, gives=forms.FlagOut, many=True)
def mine_(asked: dict[str, Any]) -> Response:
    """List what the viewer flagged, the newest first."""
    return respond_list(
        mine(_viewer(), **asked), page="flags/mine.html", asked=asked, audiences=access.rights(_viewer()).audiences
    )


@routes.get("/flags/<int:id>")
@endpoint("flags.show", gives=forms.FlagOut)
def show(id: int) -> Response:
    """Show a flag to the person who raised it, and what came of it."""
    row = own_row(_viewer(), id)
    return respond(row, page="flags/show.html", row=row, audiences=access.rights(_viewer()).audiences)


@routes.patch("/flags/<int:id>")
@endpoint("flags.edit", takes=forms.Edit, gives=forms.FlagOut, form=show)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change why something was flagged, until a moderator has decided."""
    flag = actions.edit(_viewer(), find_own(_viewer(), id), **given)
    flash(_("De wijziging is opgeslagen."))
    return _shown(flag)


@routes.delete("/flags/<int:id>")
@endpoint("flags.withdraw", gives=forms.FlagOut, form=show)
def withdraw(id: int) -> Response:
    """Withdraw a flag until a moderator has decided; the same can be flagged again."""
    flag = actions.withdraw(_viewer(), find_own(_viewer(), id))
    flash(_("Uw melding is ingetrokken."))
    return _shown(flag)


# The desk


@routes.get("/desk")
@endpoint("flags.desk", asks=forms.Desk, gives=forms.CaseOut, many=True)
def desk_(asked: dict[str, Any]) -> Response:
    """List what was flagged and waits for the viewer, in everything that they moderate, the oldest first.

    A browser also gets what waits of other kinds.
    """
    person = _viewer()
    audiences, chosen = moderated(person), asked["audience"]
    if chosen is not None and chosen not in audiences:
        raise NotFound
    found, flags = desk(person, audiences if chosen is None else [chosen], after=asked["after"], limit=asked["limit"])
    known = access.rights(person).audiences

    def queues() -> list[tuple[str, str, list[access.DeskItem]]]:
        if asked["after"]:
            return []
        here = audiences if chosen is None else [chosen]
        found = [(one.name, one.title(), one.items(person, here, QUEUED)) for one in access.desk_queues()]
        return [queue for queue in found if queue[2]]

    return respond_list(
        Slice([(row, flags[row.id]) for row in found.items], next=found.next),
        page="flags/desk.html",
        asked=asked,
        audiences=known,
        choices=[known[id] for id in audiences],
        queues=queues,
    )


def _row(case: FlagCase) -> tuple[CaseRow, list[FlagInCase]]:
    return case_row(case), flags_of([case.id], OF_CASE)[case.id]


@routes.get("/desk/<int:id>")
@endpoint("flags.case", gives=forms.CaseOut)
def case(id: int) -> Response:
    """Show what was flagged, by whom and why, and what was decided or can be."""
    found = find_case(_viewer(), id)
    row, flags = _row(found)
    return respond(
        (row, flags),
        page="flags/case.html",
        row=row,
        flags=flags,
        audiences=access.rights(_viewer()).audiences,
        reopens=row.state in RULED,
    )


@routes.put("/desk/<int:id>/ruling")
@endpoint("rulings.make", takes=forms.Rule, gives=forms.CaseOut, form=case)
def make_ruling(id: int, given: dict[str, Any]) -> Response:
    """Decide on what was flagged; those who flagged it hear it."""
    found = actions.make_ruling(_viewer(), find_case(_viewer(), id), **given)
    words = _("Afgehandeld. Wie dit meldde, krijgt bericht.") if found.flaggers else _("Afgehandeld.")
    flash(words, undo=f"{found.url}/ruling/delete")
    return respond(lambda: _row(found), to="/desk")


@routes.delete("/desk/<int:id>/ruling")
@endpoint("flags.reopen", gives=forms.CaseOut, form=case)
def reopen(id: int) -> Response:
    """Take a decision back: what was flagged waits again."""
    found = actions.reopen(_viewer(), find_case(_viewer(), id))
    thing = db.session.get(Thing, found.thing_id) if found.thing_id else None
    if thing is not None and thing.state == "live":
        flash(_("De melding staat weer op uw lijst."))
    else:
        flash(_("De melding staat weer op uw lijst. Wat u verborg, blijft verborgen tot u het weer toont."))
    return respond(lambda: _row(found), to=found.url)
