"""Endpoints of the files of an application: checked by content and stored before the transaction begins."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, current_app, request
from sqlalchemy import select

from cop.access import SYSTEM
from cop.applications import actions, forms
from cop.applications.finding import contact_of, is_contact
from cop.applications.routes.applying import section
from cop.applications.routes.blueprint import routes
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Invalid, NotFound, Unavailable
from cop.base.files import (
    LARGEST,
    Blob,
    Refused,
    Store,
    check,
)
from cop.base.questionnaires import Attachment, newest_version
from cop.base.web import endpoint, respond
from cop.base.web.guards import app_view
from cop.base.words import _
from cop.intake.arrival import received
from cop.intake.attachments import send_attachment
from cop.intake.models import Application

log = logging.getLogger(__name__)


@routes.before_request
def allow_large_request() -> None:
    """Allow large requests for contacts of the application; a stranger gets 404 before the upload is read."""
    declared = getattr(app_view(), "endpoint", None)
    if declared is not None and declared.files:
        reference = (request.view_args or {}).get("reference", "")
        if not is_contact(reference):
            raise NotFound
        request.max_content_length = LARGEST + 1_000_000
        db.session.remove()  # no transaction stays open while the upload is read


def _page_of_file(reference: str) -> Response:
    """Show the page with the question again, whose key was sent along."""
    application, _contact = contact_of(reference)
    form = newest_version(application.call.questionnaire_id).parsed
    asked = request.form.get("block", "")
    key = next((one.key for one in form.sections if any(block.key == asked for block in one.blocks)), "")
    return section(reference, key)  # type: ignore[no-any-return]


@routes.post("/applications/<reference>/files")
@endpoint(
    "applications.attach",
    takes=forms.Attach,
    gives=forms.AttachmentOut,
    form=_page_of_file,
    files=("file",),
    open=True,
    own_transaction=True,
    status=201,
)
def attach(reference: str, given: dict[str, Any]) -> Response:
    """Attach a file to a question, as soon as it is chosen."""
    contact_of(reference)
    db.session.rollback()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid(errors={"file": _("Kies een bestand.")})
    blob = _stored(sent.stream, sent.filename)
    with transaction():
        application, contact = contact_of(reference)
        made = actions.attach(
            SYSTEM, application, **given, blob=blob, name=sent.filename, contact=contact, received=received()
        )
        to = f"{application.url}/sections/{_section_of(application, made.block)}"
    return respond(made, to=to, status=201)


def _stored(stream: Any, name: str) -> Blob:
    """Store an upload after its content was checked; raise Refused, TooLarge or Unavailable."""
    store: Store = current_app.extensions["files"]
    try:
        spooled = store.spool(stream, LARGEST, name)
        try:
            check(spooled, name)
            return store.keep(spooled)
        finally:
            store.discard(spooled)
    except Refused as refused:
        refused.errors = {"file": refused.words}
        raise
    except OSError as error:
        log.exception("upload")
        words = _("We kunnen dit bestand nu niet opslaan. Probeer het over een paar minuten opnieuw.")
        raise Unavailable(words) from error


def _section_of(application: Application, block: str) -> str:
    form = newest_version(application.call.questionnaire_id).parsed
    return next((one.key for one in form.sections if any(b.key == block for b in one.blocks)), "")


@routes.get("/applications/<reference>/files/<int:file>")
@endpoint("applications.file", open=True, binary=True)
def file(reference: str, file: int) -> Response:
    """Return an attached file to a contact."""
    application, _contact = contact_of(reference)
    return send_attachment(application, file)


@routes.delete("/applications/<reference>/files/<int:file>")
@endpoint("applications.detach", open=True)
def detach(reference: str, file: int) -> Response:
    """Take a file away."""
    application, contact = contact_of(reference)
    found = db.session.scalar(
        select(Attachment).where(
            Attachment.id == file, Attachment.answering_id == application.answering_id, Attachment.removed.is_(None)
        )
    )
    if found is None:
        raise NotFound
    actions.detach(SYSTEM, application, attachment=found, contact=contact, received=received())
    return respond(to=f"{application.url}/sections/{_section_of(application, found.block)}")
