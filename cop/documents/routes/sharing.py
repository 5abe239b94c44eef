"""Sharing: files come in, are measured and known by their content, and kept, before the database hears of them."""

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
LARGEST_REQUEST = LARGEST + 1_000_000  # bytes: the largest file, and room for the form around it


class Unavailable(Problem):
    """The disk is full or the store is away."""

    status = 503


@dataclass(frozen=True)
class Taken:
    """A file that was taken in and kept, under the name people will see."""

    blob: Blob
    name: str


@routes.before_request
def widen() -> None:
    """Takes large requests from who may share there, and from nobody else: a stranger hears 404 before the upload
    is read. The door itself judges again, in its unit: the upload may have taken minutes."""
    declared = getattr(app_view(), "endpoint", None)
    if declared is None or not declared.files or (asking := hooks().authenticate()) is None:
        return
    slug, id = request.view_args.get("slug"), request.view_args.get("id")  # type: ignore[union-attr]
    thing = access.find(asking[0], Community, slug=slug) if slug else access.find(asking[0], File, id)
    if access.may(asking[0], declared.name, thing):
        request.max_content_length = LARGEST_REQUEST
    db.session.remove()  # no transaction stays open, and no rights are remembered, while the upload is read


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
    """Shares files; each that can be taken is, and the others are named with what to do about them."""
    sent = _sent()
    if len(sent) > 1 and requested_format() == "json":
        raise Invalid(errors={"file": _("Stuur één bestand per verzoek.")})
    if len(sent) > 1:
        given.pop("client_id", None)  # one key is of one file
    shared: list[tuple[File, str]] = []
    refused: list[Refused] = []
    for one in sent:
        try:
            taken = _take(one, given.get("draft", False))
        except Refused as problem:
            refused.append(problem)
            continue
        with transaction():
            community = access.find(current_user, Community, slug=slug)
            file = actions.upload(current_user, community, blob=taken.blob, name=taken.name, **given)
            shared.append((file, taken.name))
    if shared and requested_format() != "json":
        flash(_said(shared))
    if refused:
        raise _together(refused)
    return _answer(shared[0][0], shelf_url(community, given.get("folder")))


def _answer(file: File, page: str) -> Response:
    """The file with its versions for programs; a browser is led to the `page`."""
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
    """Adds a new version of a file."""
    sent = _sent()
    if len(sent) > 1:
        raise Invalid(errors={"file": _("Kies één bestand: het wordt de nieuwe versie van dit document.")})
    taken = _take(sent[0], draft=False)
    with transaction():
        file = access.find(current_user, File, id)
        actions.replace(current_user, file, blob=taken.blob, name=taken.name, **given)
    if requested_format() != "json":
        flash(_("Dit is nu versie %(n)s.", n=file.number))
    return _answer(file, file.url)


def _sent() -> list[FileStorage]:
    """The files that came along, at least one and at most `MOST`."""
    sent = [file for file in request.files.getlist("file") if file.filename]
    if not sent:
        raise Invalid(errors={"file": _("Kies eerst een bestand.")})
    if len(sent) > MOST:
        raise Invalid(errors={"file": _("Hoogstens %(n)s bestanden tegelijk. Deel de rest daarna.", n=MOST)})
    return sent


def _take(sent: FileStorage, draft: bool) -> Taken:
    """A file that came along, kept; raises Refused with its name and what to do."""
    name = text.clean_filename(sent.filename or "")
    store: Store = current_app.extensions["files"]
    try:
        spooled = store.spool(sent.stream, LARGEST, name)  # type: ignore[arg-type]
        try:
            _refuse(spooled, name)
            if draft and spooled.media_type in pictures.READABLE:
                return _without_traces(store, spooled, name)
            return Taken(store.keep(spooled), name)
        finally:
            store.discard(spooled)
    except Refused as refused:
        refused.words = _("“%(name)s”: %(why)s", name=name, why=refused.words)
        refused.errors = {"file": refused.words}
        raise
    except OSError as error:
        log.exception("upload")
        said = _("We kunnen dit bestand nu niet bewaren. Probeer het over een paar minuten opnieuw.")
        raise Unavailable(said) from error


def _refuse(spooled: Spooled, name: str) -> None:
    reason = refusal(spooled.media_type, name, spooled.size)
    if reason is Reason.TOO_LARGE:
        raise TooLarge(LIMITS[ALLOWED[spooled.media_type].kind])
    if reason:
        raise Refused(reason)


def _without_traces(store: Store, spooled: Spooled, name: str) -> Taken:
    """A picture for the body of a text: drawn anew, so that what a camera added (the place, the owner) is gone."""
    with spooled.path.open("rb") as picture:
        drawn = inline_picture(picture)
    if drawn is None:
        raise Refused(Reason.PIXELS)
    name = f"{name.rpartition('.')[0] or name}.webp"
    return Taken(store.keep(store.spool(io.BytesIO(drawn), LARGEST, name)), name)


def _said(shared: list[tuple[File, str]]) -> str:
    """What became of the files, in words."""
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


def _together(refused: list[Refused]) -> Refused:
    """All refusals as one, which names each file."""
    problem = refused[0]
    problem.words = "\n".join(one.words for one in refused)
    problem.errors = {"file": problem.words}
    return problem
