"""Endpoints for uploads: files are spooled, checked by content and stored before a transaction begins."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from cop import access
from cop.base import signing, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Conflict, Invalid, Problem
from cop.base.files import (
    LARGEST,
    Blob,
    Reason,
    Refused,
    Spooled,
    Store,
    check,
    inline_picture,
    pictures,
)
from cop.base.hooks import hooks
from cop.base.web import endpoint, flash, requested_format, respond
from cop.base.web.guards import app_view
from cop.base.words import _, n_
from cop.documents import actions, forms
from cop.documents.models import File, file_row, shelf_url, versions
from cop.documents.routes.blueprint import MOST, routes
from cop.documents.routes.reading import find_partnership, shelf, shelf_of_partnership, show
from cop.society.programmes import Community, Partnership

log = logging.getLogger(__name__)
KEPT_FOR = 24 * 3600  # seconds that a file waits for a choice; unused files are removed after two days
IN_PARTNERSHIP = "files.upload_to_partnership"  # the endpoint; its verb is files.upload
LARGEST_REQUEST = LARGEST + 1_000_000  # bytes: the largest file, and the form fields around it


class Unavailable(Problem):
    """The disk is full or the file store is unreachable."""

    status = 503


@dataclass(frozen=True)
class StoredUpload:
    """A stored upload, under the name people will see; `removed` is what was taken out of a photograph."""

    blob: Blob
    name: str
    removed: tuple[str, ...] = ()


@routes.before_request
def allow_large_request() -> None:
    """Allow large requests for people who may upload here; a stranger gets 404 before the upload is read.

    The endpoint checks again in its transaction, since the upload may take minutes.
    """
    declared = getattr(app_view(), "endpoint", None)
    if declared is None or not declared.files or (authenticated := hooks().authenticate()) is None:
        return
    person, keys = authenticated[0], dict(request.view_args or {})
    verb, kind = ("files.upload", Partnership) if declared.name == IN_PARTNERSHIP else (declared.name, File)
    thing = access.find(person, Community if "slug" in keys else kind, **keys)
    if access.may(person, verb, thing):
        request.max_content_length = LARGEST_REQUEST
    db.session.remove()  # no transaction stays open, and no rights stay cached, while the upload is read


@routes.post("/communities/<slug>/files")
@endpoint(
    "files.upload",
    takes=forms.Upload,
    gives=forms.Shared,
    form=shelf,
    files=("file",),
    own_transaction=True,
    status=201,
)
def upload(slug: str, given: dict[str, Any]) -> Response:
    """Share files in a community."""
    return _upload(lambda: access.find(current_user, Community, slug=slug), given)


@routes.post("/partnerships/<int:id>/files")
@endpoint(
    IN_PARTNERSHIP,
    takes=forms.Upload,
    gives=forms.Shared,
    form=shelf_of_partnership,
    files=("file",),
    own_transaction=True,
    status=201,
)
def upload_to_partnership(id: int, given: dict[str, Any]) -> Response:
    """Share files in a partnership."""
    return _upload(lambda: find_partnership(id), given)


def _upload(find: Callable[[], Community | Partnership], given: dict[str, Any]) -> Response:
    """Share files: those that are accepted are stored, of the others the response says what to do about them.

    A file whose name is taken waits in the store while the person chooses; the choice sent along is for the first file.
    """
    inline, original = given.pop("inline", False), given.pop("original", False)
    waiting = [_stored_before(key) for key in given.pop("stored", [])]
    sent = waiting or _uploaded_files()
    if len(sent) > 1 and requested_format() == "json":
        raise Invalid(errors={"file": _("Stuur één bestand per verzoek.")})
    if len(sent) > 1:
        given.pop("client_id", None)  # a client_id identifies one file
    shared: list[tuple[File, StoredUpload]] = []
    refused: list[Refused] = []
    taken: list[Conflict] = []
    for sent_file in sent:
        try:
            stored = sent_file if isinstance(sent_file, StoredUpload) else _store(sent_file, inline, original)
        except Refused as problem:
            refused.append(problem)
            continue
        try:
            with transaction():
                owner = find()
                file = actions.upload(current_user, owner, blob=stored.blob, name=stored.name, **given)
                shared.append((file, stored))
        except Conflict as conflict:
            if "version" not in conflict.extra:  # a key that was used before leaves nothing to choose
                raise
            conflict.extra |= {"stored": _key(stored), "name": stored.name, "question": conflict.words}
            taken.append(conflict)
        given = {name: value for name, value in given.items() if name not in ("same_name", "base_version")}
    if shared and requested_format() != "json":
        flash(_shared_message(shared))
    if taken:
        raise _merge_conflicts(taken, refused)
    if refused:
        raise _merge(refused)
    return _respond_with_file(*shared[0], shelf_url(owner, given.get("folder")))


def _merge_conflicts(taken: list[Conflict], refused: list[Refused]) -> Conflict:
    """Return one conflict with the choice for each file whose name is taken, and the words of the refusals."""
    if requested_format() == "json":
        return taken[0]
    return Conflict(
        errors={"file": _merge(refused).words} if refused else {}, choices=[conflict.extra for conflict in taken]
    )


def _respond_with_file(file: File, stored: StoredUpload, page: str) -> Response:
    """Respond with the file and its versions; redirect a browser to `page`."""
    to = file.url if requested_format() == "json" else page
    return respond(
        lambda: forms.Shared(**dict(forms.whole(file_row(file.id), versions(file.id))), removed=list(stored.removed)),
        to=to,
        status=201,
    )


@routes.post("/files/<int:id>/versions")
@endpoint(
    "files.replace",
    takes=forms.Replace,
    gives=forms.Shared,
    form=show,
    files=("file",),
    own_transaction=True,
    status=201,
)
def replace(id: int, given: dict[str, Any]) -> Response:
    """Add a new version of a file."""
    original = given.pop("original", False)
    sent = [_stored_before(key) for key in given.pop("stored", [])] or _uploaded_files()
    if len(sent) > 1:
        raise Invalid(errors={"file": _("Kies één bestand: het wordt de nieuwe versie van dit document.")})
    stored = sent[0] if isinstance(sent[0], StoredUpload) else _store(sent[0], original=original)
    try:
        with transaction():
            file = access.find(current_user, File, id)
            actions.replace(current_user, file, blob=stored.blob, name=stored.name, **given)
    except Conflict as conflict:
        if "version" in conflict.extra:
            conflict.extra |= {"stored": _key(stored), "name": stored.name}
        raise
    if requested_format() != "json":
        flash(_("“%(name)s” is nu versie %(n)s.", name=file.title, n=file.number) + _without(stored))
    return _respond_with_file(file, stored, file.url)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing.keys(), salt="stored upload")


def _key(stored: StoredUpload) -> str:
    """Return the key with which the person shares a file that has arrived, within a day."""
    blob = stored.blob
    return str(_signer().dumps([current_user.id, stored.name, blob.sha256, blob.size, blob.media_type, blob.pixels]))


def _stored_before(key: str) -> StoredUpload:
    """Return the file that has arrived before; raise Invalid when it is that of another person, or gone."""
    try:
        person_id, name, sha256, size, media_type, pixels = _signer().loads(key, max_age=KEPT_FOR)
    except BadSignature:
        person_id = sha256 = None
    if person_id != current_user.id or not current_app.extensions["files"].has(sha256):
        raise Invalid(errors={"file": _("Dit bestand is er niet meer. Kies het opnieuw.")})
    return StoredUpload(Blob(sha256, size, media_type, tuple(pixels) if pixels else None), name)


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
            check(spooled, name)
            if inline and spooled.media_type in pictures.READABLE:
                return _store_redrawn(store, spooled, name)
            return StoredUpload(store.keep(spooled), name, tuple(sorted(spooled.removed)))
        finally:
            store.discard(spooled)
    except Refused as refused:
        refused.words = _("“%(name)s”: %(why)s", name=name, why=refused.words)
        refused.errors = {"file": refused.words}
        raise
    except OSError as error:
        log.exception("upload")
        message = _("We kunnen dit bestand nu niet opslaan. Probeer het over een paar minuten opnieuw.")
        raise Unavailable(message) from error


def _store_redrawn(store: Store, spooled: Spooled, name: str) -> StoredUpload:
    """Store a picture redrawn for a text: no wider than its column needs."""
    with spooled.path.open("rb") as picture:
        drawn = inline_picture(picture)
    if drawn is None:
        raise Refused(Reason.PIXELS)
    name = f"{name.rpartition('.')[0] or name}.webp"
    return StoredUpload(store.keep(store.spool(io.BytesIO(drawn), LARGEST, name)), name)


def _without(*stored: StoredUpload) -> str:
    """Return what was taken out of the photographs among the files, as the end of a message."""
    if not {"place", "device"} & {what for one in stored for what in one.removed}:
        return ""
    return " " + _("De plaats en toestelgegevens zijn uit de foto gehaald.")


def _shared_message(shared: list[tuple[File, StoredUpload]]) -> str:
    """Return a message about the files shared."""
    new = [stored.name for file, stored in shared if file.number == 1]
    first = [n_("“%(name)s” is gedeeld.", "%(n)s bestanden zijn gedeeld.", len(new), name=new[0])] if new else []
    return " ".join(
        first
        + [
            _("“%(name)s” is nu versie %(n)s.", name=stored.name, n=file.number)
            for file, stored in shared
            if file.number > 1
        ]
    ) + _without(*(stored for _file, stored in shared))


def _merge(refused: list[Refused]) -> Refused:
    """Merge refusals into one that names each file."""
    problem = refused[0]
    problem.words = "\n".join(one.words for one in refused)
    problem.errors = {"file": problem.words}
    return problem
