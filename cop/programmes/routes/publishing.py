"""Endpoints of the public page of a programme, of its logo, and of its phase."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request
from flask_login import current_user
from sqlalchemy import func, select

from cop import access
from cop.base import files
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import NotFound, SignInNeeded
from cop.base.forms import parse, raw
from cop.base.hooks import hooks
from cop.base.web import endpoint, flash, requested_format, respond
from cop.base.web.responses import json
from cop.base.web.uploaded_pictures import store_picture
from cop.base.words import _
from cop.programmes import actions, forms
from cop.programmes.models import PublicPage, public_page, published
from cop.programmes.public import TEXTS, PublicFace, face, rendered
from cop.programmes.routes.blueprint import routes
from cop.society.programmes import PHASES, Partnership, Programme

LARGEST_LOGO = 8 * 1024 * 1024  # bytes
BLANK = 3  # lines of the calendar to fill in


def show_public(programme: Programme, page: PublicPage) -> Response:
    """Show the public face of a published programme."""
    shown = face(programme, page.page or {})
    if requested_format() == "json":
        return json(forms.PublicOut, public_out(shown))
    return respond(page="programmes/public.html", face=shown, preview=False)


def public_out(shown: PublicFace) -> forms.PublicOut:
    """Return the public face for the API."""
    return forms.PublicOut(
        slug=shown.slug,
        name=shown.name,
        url=shown.url,
        texts={one.name: one.html for one in shown.texts},
        dates=[forms.PublicDateOut(**one._asdict()) for one in shown.dates],
        contact_name=shown.contact_name,
        contact_mail=shown.contact_mail,
        contact_phone=shown.contact_phone,
        partners=[one.name for one in shown.partners],
        documents=[
            forms.PublicDocumentOut(title=one.title, url=one.url, file_name=one.file_name, size=one.size)
            for one in shown.documents
        ],
    )


@routes.get("/programmes/<slug>/public")
@endpoint("programmes.public", gives=forms.DraftOut)
def public(slug: str) -> Response:
    """Show the page to write the public page on: its draft, its documents, and whether it is published."""
    programme = access.find(current_user, Programme, slug=slug)
    if not access.may(current_user, "programmes.unpublish", programme):
        access.judge(current_user, "programmes.edit_public", programme)
    page = public_page(programme.id)
    draft = page.draft if page else {}
    partnerships = select(Partnership).where(Partnership.programme_id == programme.id)
    return respond(
        lambda: _draft(page),
        page="programmes/public_edit.html",
        programme=programme,
        draft=draft,
        texts=TEXTS,
        dates=[*draft.get("dates", ()), *[{}] * BLANK][: forms.DATES],
        partnerships=list(db.session.scalars(partnerships.order_by(func.lower(Partnership.name)))),
        documents=hooks().public_documents(programme.id),
        changed=page is not None and programme.published is not None and page.changed > programme.published,
        may_edit=access.may(current_user, "programmes.edit_public", programme),
    )


def _draft(page: PublicPage | None) -> forms.DraftOut:
    if page is None:
        raise NotFound
    return forms.DraftOut(draft=page.draft, changed=page.changed)


@routes.get("/programmes/<slug>/public/preview")
@endpoint("programmes.preview")
def preview(slug: str) -> Response:
    """Show the draft as everybody will see it."""
    programme = access.find(current_user, Programme, slug=slug)
    access.judge(current_user, "programmes.edit_public", programme)
    page = public_page(programme.id)
    content = rendered(programme, page.draft if page else {})
    return respond(page="programmes/public.html", face=face(programme, content), preview=True)


@routes.patch("/programmes/<slug>/public")
@endpoint("programmes.edit_public", takes=forms.PublicEdit, gives=forms.DraftOut, form=public)
def edit_public(slug: str, given: dict[str, Any]) -> Response:
    """Change the draft of the public page."""
    programme = access.find(current_user, Programme, slug=slug)
    page = actions.edit_public(current_user, programme, **given)
    flash(_("Het concept is opgeslagen. Bekijk het voorbeeld en maak het daarna openbaar."))
    return respond(lambda: _draft(page), to=f"{programme.url}/public")


@routes.put("/programmes/<slug>/publication")
@endpoint("programmes.publish", takes=forms.PublicEdit, gives=forms.ProgrammeOut, form=public)
def publish(slug: str, given: dict[str, Any]) -> Response:
    """Make the draft public, with the changes that are sent along."""
    programme = access.find(current_user, Programme, slug=slug)
    if given:
        actions.edit_public(current_user, programme, **given)
    actions.publish(current_user, programme)
    flash(_("De pagina is openbaar. Iedereen kan haar lezen."), undo=f"{programme.url}/publication/delete")
    return respond(programme, to=f"{programme.url}/public")


@routes.delete("/programmes/<slug>/publication")
@endpoint("programmes.unpublish", gives=forms.ProgrammeOut, form=public)
def unpublish(slug: str) -> Response:
    """Take the public page away."""
    programme = access.find(current_user, Programme, slug=slug)
    actions.unpublish(current_user, programme)
    flash(_("De pagina is niet meer openbaar. Het concept blijft staan."))
    return respond(programme, to=f"{programme.url}/public")


@routes.put("/programmes/<slug>/logo")
@endpoint("programmes.set_logo", files=("logo",), gives=forms.ProgrammeOut, form=public, own_transaction=True)
def set_logo(slug: str) -> Response:
    """Set the logo from the file `logo`, or remove it (`remove`)."""
    access.judge(current_user, "programmes.set_logo", access.find(current_user, Programme, slug=slug))
    db.session.rollback()
    request.max_content_length = LARGEST_LOGO
    remove = parse(forms.Logo, raw()).get("remove")
    logo = None if remove else store_picture("logo", files.logo, name="logo.png", missing=_("Kies een afbeelding."))
    with transaction():
        programme = access.find(current_user, Programme, slug=slug)
        actions.set_logo(current_user, programme, logo=logo)
    flash(_("Het logo is verwijderd.") if logo is None else _("Het logo is opgeslagen."))
    return respond(programme, to=f"{programme.url}/public")


@routes.get("/programmes/<slug>/logo")
@endpoint("programmes.logo", binary=True, open=True)
def logo(slug: str) -> Response:
    """Return the logo of a programme that the viewer sees or that is published."""
    try:
        programme = access.find(current_user, Programme, slug=slug)
    except (NotFound, SignInNeeded):
        if (found := published(slug)) is None:
            raise
        programme = found[0]
    if programme.logo is None:
        raise NotFound
    with current_app.extensions["files"].open(programme.logo) as stored:
        response = Response(stored.read(), headers=files.headers("logo.png", "image/png", inline=True))
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(programme.logo)
    return response.make_conditional(request)  # type: ignore[return-value]


@routes.get("/programmes/<slug>/phase")
@endpoint("programmes.phase")
def phase(slug: str) -> Response:
    """Show the page to start a phase on, with what it changes and who is told."""
    programme = access.find(current_user, Programme, slug=slug)
    access.judge(current_user, "programmes.enter_phase", programme)
    return respond(
        page="programmes/phase.html",
        programme=programme,
        phases=[kind for kind in PHASES if kind != programme.phase],
        next=_next_phase(programme),
        dates={one.kind: one for one in programme.phases},
        may_leave=not programme.archived or access.may(current_user, "programmes.reopen", programme),
    )


def _next_phase(programme: Programme) -> str:
    """Return the phase to propose: the next one, and that before the archive for a programme in it."""
    at = PHASES.index(programme.phase) + 1
    return PHASES[at] if at < len(PHASES) else PHASES[-2]


@routes.put("/programmes/<slug>/phase")
@endpoint("programmes.enter_phase", takes=forms.EnterPhase, gives=forms.ProgrammeOut, form=phase)
def enter_phase(slug: str, given: dict[str, Any]) -> Response:
    """Start a phase."""
    programme = access.find(current_user, Programme, slug=slug)
    before = programme.phase
    actions.enter_phase(current_user, programme, **given)
    flash_phase(programme, before)
    return respond(programme, to=programme.url)


def flash_phase(programme: Programme, before: str) -> None:
    """Say that a phase began; one who may undo it gets the button for that."""
    undo = programme.url if not programme.archived or access.may(current_user, "programmes.reopen", programme) else None
    words = (
        _(
            "%(name)s staat nu in het archief. Iedereen kan nog lezen, niemand kan nog iets plaatsen.",
            name=programme.name,
        )
        if programme.archived
        else _("De nieuwe fase van %(name)s is begonnen. De deelnemers krijgen bericht.", name=programme.name)
    )
    # What was the archive is not entered again by a button that says no more than that.
    flash(words, undo=None if before == "archive" else undo, phase=before)
