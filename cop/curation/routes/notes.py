"""Endpoints of the notes of moderators."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.errors import Forbidden, NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.curation import forms
from cop.curation.actions import notes as actions
from cop.curation.models import StaffNote, find_note, note_row, notes
from cop.curation.routes.blueprint import find, routes
from cop.society.memberships import Membership, membership_of
from cop.society.programmes import Community
from cop.threads.models import Thread


def _member(slug: str, person: int) -> Membership:
    """Return a member of a community that the viewer sees, else raise NotFound."""
    found = membership_of(person, access.find(viewer(), Community, slug=slug).id)
    if found is None:
        raise NotFound
    return found


def _where(about: Thread | Membership | StaffNote) -> tuple[str, str, str]:
    """Return the address of the notes on the same, and the name and the address of what they are about."""
    if isinstance(about, StaffNote):
        if about.thing_id is not None:
            about = find(about.thing_id)
        else:
            own = access.rights(viewer()).audiences[about.audience_id]
            about = _member(own.slug, about.member_id or 0)
    if isinstance(about, Thread):
        return f"{about.url}/notes", about.title, about.url
    return (
        f"{about.community.url}/members/{about.person_id}/notes",
        about.person.shown_name,
        f"/people/{about.person_id}",
    )


def _list(about: Thread | Membership) -> Response:
    person = viewer()
    access.judge(person, "notes.write", about)
    if isinstance(about, Membership):
        if about.person_id == person.id:
            raise Forbidden(_("Notities over uzelf ziet u niet."))
        found = notes(member=about.person_id, audience=about.community.audience_id)
    else:
        found = notes(thing=about.id)
    url, name, back = _where(about)
    return respond_list(Slice(found), page="curation/notes.html", url=url, name=name, back=back, viewer=person)


@routes.get("/threads/<int:id>/notes")
@endpoint("notes.list", gives=forms.NoteOut, many=True)
def list_(id: int) -> Response:
    """List the notes of moderators on a thread."""
    return _list(find(id))


@routes.get("/communities/<slug>/members/<int:person>/notes")
@endpoint("notes.list_on_member", gives=forms.NoteOut, many=True)
def list_on_member(slug: str, person: int) -> Response:
    """List the notes of moderators on a member of a community."""
    return _list(_member(slug, person))


@routes.post("/threads/<int:id>/notes")
@endpoint("notes.write", takes=forms.Write, gives=forms.NoteOut, form=list_, status=201)
def write(id: int, given: dict[str, Any]) -> Response:
    """Write a note on a thread, for its moderators alone."""
    return _written(actions.write(viewer(), find(id), **given))


@routes.post("/communities/<slug>/members/<int:person>/notes")
@endpoint("notes.write_on_member", takes=forms.Write, gives=forms.NoteOut, form=list_on_member, status=201)
def write_on_member(slug: str, person: int, given: dict[str, Any]) -> Response:
    """Write a note on a member of a community, for its moderators alone."""
    return _written(actions.write(viewer(), _member(slug, person), **given))


def _written(note: StaffNote) -> Response:
    flash(_("De notitie is opgeslagen."), undo=f"{note.url}/delete")
    return respond(lambda: note_row(note.id), to=_where(note)[0], status=201)


@routes.get("/notes/<int:id>")
@endpoint("notes.show", gives=forms.NoteOut)
def show(id: int) -> Response:
    """Show a note, to change it for who wrote it."""
    note = find_note(viewer(), id)
    url, name, _back = _where(note)
    may = {verb: access.may(viewer(), f"notes.{verb}", note) for verb in ("edit", "remove")}
    return respond(note_row(id), page="curation/note.html", row=note_row(id), url=url, name=name, may=may)


@routes.patch("/notes/<int:id>")
@endpoint("notes.edit", takes=forms.Write, gives=forms.NoteOut, form=show)
def edit(id: int, given: dict[str, Any]) -> Response:
    """Change a note of one's own."""
    note = actions.edit(viewer(), find_note(viewer(), id), **given)
    flash(_("De notitie is opgeslagen."))
    return respond(lambda: note_row(id), to=_where(note)[0])


@routes.delete("/notes/<int:id>")
@endpoint("notes.remove")
def remove(id: int) -> Response:
    """Remove a note for good."""
    note = find_note(viewer(), id)
    to = _where(note)[0]
    actions.remove(viewer(), note)
    flash(_("De notitie is weggegooid."))
    return respond(to=to)
