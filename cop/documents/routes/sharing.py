"""Endpoints for uploads: files are spooled, checked by content and stored before a transaction begins."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request
from flask_login import current_user
from werkzeug.datastructures import FileStorage

from cop import access
from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Invalid, Problem
from cop.base.files import (
    ALLOWED,
    LARGEST,
    LIMITS,
    Blob,
    Reason,
    Refused,
    Spooled,
    Store,
    TooLarge,
    inline_picture,
    pictures,
    refusal,
)
from cop.base.hooks import hooks
from cop.base.web import endpoint, flash, requested_format, respond
from cop.base.web.guards import app_view
from cop.base.words import _, n_
from cop.documents import actions, forms
from cop.documents.models import File, file_row, shelf_url, versions
from cop.documents.routes.blueprint import MOST, routes
from cop.documents.routes.reading import shelf, show
from cop.society.programmes import Community

log = logging.getLogger(__name__)
LARGEST_REQUEST = LARGEST + 1_000_000  # bytes: the largest file, and the form fields around it


class Unavailable(Problem):
    """The disk is full or the file store is unreachable."""

    status = 503


@dataclass(frozen=True)
class StoredUpload:
    """A stored upload, under the name people will see."""

    blob: Blob
    name: str


@routes.before_request
def allow_large_request() -> None:
    """Allow large requests for people who may upload here; a stranger gets 404 before the upload is read.

    The endpoint checks again in its transaction, since the upload may take minutes.
    """
    declared = getattr(app_view(), "endpoint", None)
    if declared is None or not declared.files or (authenticated := hooks().authenticate()) is None:
        return
    slug, id = request.view_args.get("slug"), request.view_args.get("id")  # type: ignore[union-attr]
    thing = access.find(authenticated[0], Community, slug=slug) if slug else access.find(authenticated[0], File, id)
    if access.may(authenticated[0], declared.name, thing):
        request.max_content_length = LARGEST_REQUEST
    db.session.remove()  # no transaction stays open, and no rights stay cached, while the upload is read


@routes.post("/communities/<slug>/files")
@endpoint(
    "files.upload",
    takes=forms.Upload,
    gives=forms.FileWhole,
    form=shelf,
    files=("file",),
    own_transaction=True,
    status=201,
)
def upload(slug: str, given: dict[str, Any]) -> Response:
    """Share files; those that are accepted are stored, the others are reported with what to do about them."""
    sent = _uploaded_files()
    if len(sent) > 1 and requested_format() == "json":
        raise Invalid(errors={"file": _("Stuur één bestand per verzoek.")})
    if len(sent) > 1:
        given.pop("client_id", None)  # a client_id identifies one file
    inline, original = given.pop("inline", False), given.pop("original", False)
    shared: list[tuple[File, str]] = []
    refused: list[Refused] = []
    for sent_file in sent:
        try:
            stored = _store(sent_file, inline, original)
        except Refused as problem:
            refused.append(problem)
            continue
        with transaction():
            community = access.find(current_user, Community, slug=slug)
            file = actions.upload(current_user, community, blob=stored.blob, name=stored.name, **given)
            shared.append((file, stored.name))
    if shared and requested_format() != "json":
        flash(_shared_message(shared))
    if refused:
        raise _merge(refused)
    return _respond_with_file(shared[0][0], shelf_url(community, given.get("folder")))


def _respond_with_file(file: File, page: str) -> Response:
    """Respond with the file and its versions; redirect a browser to `page`."""
    to = file.url if requested_format() == "json" else page
    return respond(lambda: forms.whole(file_row(file.id), versions(file.id)), to=to, status=201)


@routes.post("/files/<int:id>/versions")
@endpoint(
    "files.replace",
    takes=forms.Replace,
    gives=forms.FileWhole,
    form=show,
    files=("file",),
    own_transaction=True,
    status=201,
)
def replace(id: int, given: dict[str, Any]) -> Response:
    """Add a new version of a file."""
    sent = _uploaded_files()
    if len(sent) > 1:
        raise Invalid(errors={"file": _("Kies één bestand: het wordt de nieuwe versie van dit document.")})
    stored = _store(sent[0], original=given.pop("original", False))
    with transaction():
        file = access.find(current_user, File, id)
        actions.replace(current_user, file, blob=stored.blob, name=stored.name, **given)
    if requested_format() != "json":
        flash(_("Dit is nu versie %(n)s.", n=file.number))
    return _respond_with_file(file, file.url)


def _uploaded_files() -> list[FileStorage]:
    """Return the uploaded files; raise Invalid unless there are 1 to `MOST`."""
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        raise Invalid(errors={"file": _("Kies eerst een bestand.")})
    if len(sent) > MOST:
        raise Invalid(
            errors={"file": _("U kunt hoogstens %(n)s bestanden tegelijk delen. Deel de rest daarna.", n=MOST)}
        )
    return sent


def _store(sent: FileStorage, inline: bool = False, original: bool = False) -> StoredUpload:
    """Store an uploaded file; raise Refused with its name and what to do, Unavailable when it cannot be stored."""
    name = text.clean_filename(sent.filename or "")
    store: Store = current_app.extensions["files"]
    try:
        spooled = store.spool(sent.stream, LARGEST, name, original=original)  # type: ignore[arg-type]
        try:
            _check(spooled, name)
            if inline and spooled.media_type in pictures.READABLE:
                return _store_redrawn(store, spooled, name)
            return StoredUpload(store.keep(spooled), name)
        finally:
            store.discard(spooled)
    except Refused as refused:
        refused.words = _("“%(name)s”: %(why)s", name=name, why=refused.words)
        refused.errors = {"file": refused.words}
        raise
    except OSError as error:
        log.exception("upload")
        message = _("We kunnen dit bestand nu niet bewaren. Probeer het over een paar minuten opnieuw.")
        raise Unavailable(message) from error


def _check(spooled: Spooled, name: str) -> None:
    """Raise Refused or TooLarge when the type or size is not allowed."""
    reason = refusal(spooled.media_type, name, spooled.size)
    if reason is Reason.TOO_LARGE:
        raise TooLarge(LIMITS[ALLOWED[spooled.media_type].kind])
    if reason:
        raise Refused(reason)


def _store_redrawn(store: Store, spooled: Spooled, name: str) -> StoredUpload:
    """Store a picture redrawn for a text: no wider than its column needs."""
    with spooled.path.open("rb") as picture:
        drawn = inline_picture(picture)
    if drawn is None:
        raise Refused(Reason.PIXELS)
    name = f"{name.rpartition('.')[0] or name}.webp"
    return StoredUpload(store.keep(store.spool(io.BytesIO(drawn), LARGEST, name)), name)


def _shared_message(shared: list[tuple[File, str]]) -> str:
    """Return a message about the files shared."""
    new = [name for file, name in shared if file.number == 1]
    first = [n_("“%(name)s” is gedeeld.", "%(n)s bestanden zijn gedeeld.", len(new), name=new[0])] if new else []
    return " ".join(
        first
        + [
            _("“%(name)s” stond er al: dit is nu versie %(n)s.", name=name, n=file.number)
            for file, name in shared
            if file.number > 1
        ]
    )


def _merge(refused: list[Refused]) -> Refused:
    """Merge refusals into one that names each file."""
    problem = refused[0]
    problem.words = "\n".join(one.words for one in refused)
    problem.errors = {"file": problem.words}
    return problem
