"""Endpoints of drafts: the page with a person's drafts, and what keeps them."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from flask import Response, request
from flask_login import current_user

from cop import access, things
from cop.base import text
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.society.programmes import Community
from cop.things import kinds
from cop.things.drafts import DRAFT_PLACES
from cop.threads import actions
from cop.threads.asking import ANSWERS
from cop.threads.forms import DraftIn, DraftOut, DraftsAsked
from cop.threads.routes.blueprint import routes


class ShownDraft(NamedTuple):
    """A draft in a list: what it says, where it stands, and the address to go on with it (None: no access any more)."""

    draft: things.StoredDraft
    title: str
    excerpt: str
    place: str
    url: str | None


def choose_draft(place: str, newest: things.DraftFields | None) -> tuple[things.DraftFields, list[ShownDraft]]:
    """Return the draft that the page of a place shows, and the others.

    The address chooses one by `draft=<id>`, an empty form by `draft=new`; by default it is the newest.
    """
    if not newest:
        return {}, []
    chosen = request.args.get("draft", str(newest.get("client_id", "")))
    drafts = things.drafts_of(current_user, place)
    fields = next((draft.fields for draft in drafts if draft.id == chosen), {} if chosen == "new" else newest)
    return fields, [_shown(draft) for draft in drafts if draft.id != fields.get("client_id")]


def _shown(draft: things.StoredDraft) -> ShownDraft:
    place, url = _where(draft.place)
    fields = draft.fields
    body, title = str(fields.get("body", "")), str(fields.get("title", ""))
    if fields.get("format") == "html":
        body = text.to_plain(body)
    body = "\n".join(filter(None, [*(str(fields.get(name, "")) for name in ANSWERS), body]))
    return ShownDraft(
        draft, title or text.excerpt(body, 90), text.excerpt(body, 200) if title else "", place, url and _at(url, draft)
    )


def _at(url: str, draft: things.StoredDraft) -> str:
    return f"{url}?draft={draft.id}{'#reply' if draft.place.startswith('thread') else ''}"


def _where(place: str) -> tuple[str, str | None]:
    """Return the name and the address of the page of a place; no address where the person has no access any more."""
    kind, _colon, id = place.partition(":")
    try:
        if kind == "new":
            community = access.find(current_user, Community, int(id))
            return _("Nieuw gesprek in %(name)s", name=community.name), f"{community.url}/threads/new"
        if edited_at := DRAFT_PLACES.get(kind) or kinds.get(kind).edited_at:
            return edited_at(current_user, int(id))
        thing = access.find(current_user, kinds.get(kind).model, int(id))
        if kind == "post":
            thread = access.find(current_user, kinds.get("thread").model, thing.parent_id)
            return _("Wijziging van uw bericht in ‘%(title)s’", title=thread.title), f"/posts/{thing.id}/edit"
        return _("Reactie in ‘%(title)s’", title=thing.title), kinds.get(kind).url(thing.id)
    except NotFound:
        return _("Een plaats die u niet meer kunt lezen"), None


@routes.get("/drafts")
@endpoint("drafts.list", asks=DraftsAsked, gives=DraftOut, many=True)
def list_(asked: dict[str, Any]) -> Response:
    """List the person's drafts, newest first."""
    found = things.drafts_of(current_user, asked.get("place"))
    return respond_list(Slice(found), page="threads/drafts.html", drafts=[_shown(draft) for draft in found])


@routes.get("/drafts/<uuid:id>")
@endpoint("drafts.show", gives=DraftOut)
def draft(id: UUID) -> Response:
    """Return one of the person's drafts."""
    found = things.find_draft(current_user, id)
    if found is None:
        raise NotFound()
    return respond(found, to=_where(found.place)[1] or "/drafts")


@routes.put("/drafts/<uuid:id>")
@endpoint("drafts.save", takes=DraftIn)
def save_draft(id: UUID, given: dict[str, Any]) -> Response:
    """Store a revision of a draft: 409 with the stored one where it builds on another, 410 after posting."""
    actions.save_draft(current_user, current_user, id=id, **given)
    return respond(to="/drafts")


@routes.delete("/drafts/<uuid:id>")
@endpoint("drafts.drop")
def drop_draft(id: UUID) -> Response:
    """Throw away a draft."""
    found = things.find_draft(current_user, id)
    actions.drop_draft(current_user, current_user, id=id)
    if found:
        name = _shown(found).title
        flash(_("Uw concept ‘%(title)s’ is weggegooid.", title=name), undo=f"/drafts/{id}/restoring")
    return respond(to="/drafts")


@routes.post("/drafts/<uuid:id>/restoring")
@endpoint("drafts.restore")
def restore_draft(id: UUID) -> Response:
    """Restore a draft that was thrown away."""
    actions.restore_draft(current_user, current_user, id=id)
    flash(_("Uw concept staat er weer."))
    return respond(to="/drafts")
