"""Endpoints of those who flag something: raising flags, and following one's own."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.errors import NotFound
from cop.base.web import endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.chat.models import Message
from cop.documents.models import File
from cop.flags import actions, forms
from cop.flags.actions import Subject
from cop.flags.models import Flag, find_own, mine, own_row, standing
from cop.flags.routes.blueprint import routes
from cop.society.memberships import Membership, membership_of
from cop.society.programmes import Community
from cop.things import Thing, kinds
from cop.threads.models import Post, Thread, opening_post

# Raising


def _thing(id: int) -> Post | Message | File:
    """Return a thing that the viewer may see and that can be flagged, of a thread its opening post; else raise NotFound."""
    found = access.find(viewer(), Thing, id)
    if isinstance(found, Thread):
        return opening_post(found)
    if not isinstance(found, Post | Message | File):
        raise NotFound
    return found


def _member(slug: str, person: int) -> Membership:
    """Return a member of a community that the viewer sees, else raise NotFound."""
    found = membership_of(person, access.find(viewer(), Community, slug=slug).id)
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
    access.judge(viewer(), "flags.raise", subject)
    if isinstance(subject, Membership):
        about, audience = f"{subject.community.url}/members/{subject.person_id}", subject.community.audience_id
        own, back = standing(viewer(), member=subject.person_id, audience=audience), f"/people/{subject.person_id}"
    else:
        about, audience = f"/things/{subject.id}", subject.audience_id
        own, back = standing(viewer(), thing=subject.id), kinds.url(subject.kind, subject.id)
    return respond(
        page="flags/new.html",
        about=about,
        back=back,
        what=_what(subject),
        own=own,
        audience=access.audience(viewer(), audience),
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
    flag = actions.raise_flag(viewer(), subject, **given)
    flash(_("Dank u. De moderator bekijkt het; u hoort wat ermee gebeurt."), undo=f"{flag.url}/delete")
    return _shown(flag, status=201)


# One's own


def _shown(flag: Flag, status: int = 200) -> Response:
    return respond(lambda: own_row(viewer(), flag.id), to=flag.url, status=status)


@routes.get("/flags")
@endpoint("flags.mine", asks=forms.Mine, gives=forms.FlagOut, many=True)
def mine_(asked: dict[str, Any]) -> Response:
    """List what the viewer flagged, the newest first."""
    return respond_list(
        mine(viewer(), **asked), page="flags/mine.html", asked=asked, audiences=access.rights(viewer()).audiences
    )


@routes.get("/flags/<int:id>")
@endpoint("flags.show", gives=forms.FlagOut)
def show(id: int) -> Response:
    """Show a flag to the person who raised it, and what came of it."""
    row = own_row(viewer(), id)
    return respond(row, page="flags/show.html", row=row, audiences=access.rights(viewer()).audiences)


@routes.patch("/flags/<int:id>")
@endpoint("flags.edit", takes=forms.Edit, gives=forms.FlagOut, form=show)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change why something was flagged, until a moderator has decided."""
    flag = actions.edit(viewer(), find_own(viewer(), id), **given)
    flash(_("De wijziging is opgeslagen."))
    return _shown(flag)


@routes.delete("/flags/<int:id>")
@endpoint("flags.withdraw", gives=forms.FlagOut, form=show)
def withdraw(id: int) -> Response:
    """Withdraw a flag until a moderator has decided; the same can be flagged again."""
    flag = actions.withdraw(viewer(), find_own(viewer(), id))
    flash(_("Uw melding is ingetrokken."))
    return _shown(flag)
