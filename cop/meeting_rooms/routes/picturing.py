"""Endpoints of the photos of a meeting: they are made small and stored without metadata before a transaction begins."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from flask import Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from cop import access
from cop.access import viewer
from cop.base import files, signing
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Invalid, NotFound
from cop.base.hooks import hooks
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.web.guards import app_view
from cop.base.words import _, n_
from cop.meeting_rooms import actions, forms
from cop.meeting_rooms.actions.picturing import Copies
from cop.meeting_rooms.models import ALT, ROWS, MeetingPhoto, find_photo, open_for_adding, photos_of
from cop.meeting_rooms.routes.blueprint import find_inside, routes
from cop.meeting_rooms.storing import LARGEST, store_photo
from cop.meetings.models import Meeting
from cop.meetings.routes.blueprint import around

KEPT_FOR = 24 * 3600  # seconds that a photo waits for its words; unused ones are removed after two days
NAMES = ["", *(f"_{number}" for number in range(2, ROWS + 1))]  # the ends of the names of the fields


@routes.before_request
def allow_large_request() -> None:
    """Allow large requests for people who may add photos; a stranger gets 404 before the upload is read."""
    declared = getattr(app_view(), "endpoint", None)
    if declared is None or not declared.files or (authenticated := hooks().authenticate()) is None:
        return
    meeting = access.find(authenticated[0], Meeting, **dict(request.view_args or {}))
    if access.may(authenticated[0], "photos.add", meeting):
        request.max_content_length = ROWS * LARGEST + 1_000_000
    db.session.remove()  # no transaction stays open, and no rights stay cached, while the upload is read


@routes.get("/meetings/<int:id>/photos")
@endpoint("photos.list", gives=forms.PhotoOut, many=True)
def listed(id: int) -> Response:
    """List the photos of a meeting, with the form to add some while it is under way."""
    meeting, person = find_inside(id), viewer()
    return respond_list(
        Slice(photos_of(meeting.id)),
        page="meeting_rooms/photos.html",
        adds=open_for_adding(meeting) and access.may(person, "photos.add", meeting),
        plans=access.may(person, "rooms.close", meeting),
        kept=g.get("kept_photos", {}),
        names=NAMES,
        longest=ALT,
        **around(meeting),
    )


@routes.post("/meetings/<int:id>/photos")
@endpoint(
    "photos.add",
    takes=forms.AddPhotos,
    gives=forms.AddedOut,
    form=listed,
    files=("photo", "photo_2", "photo_3"),
    own_transaction=True,
    status=201,
)
def add(id: int, given: dict[str, Any]) -> Response:
    """Add photos to a meeting, each with words for those who do not see it."""
    access.judge(viewer(), "photos.add", find_inside(id))
    db.session.rollback()
    photos, errors = _sent(given)
    if not given.get("nobody"):
        errors["nobody"] = _("Bevestig dat er geen bewoners of cliënten in beeld zijn.")
    if errors:
        g.kept_photos = {end: _key(copies) for end, (copies, _alt) in photos.items()}
        raise Invalid(errors=errors)
    with transaction():
        meeting = find_inside(id)
        added = [actions.add_photo(viewer(), meeting, alt=alt, photo=copies) for copies, alt in photos.values()]
        ids = {one.id for one in added}
    flash(
        n_(
            "De foto staat erbij, zonder plaats en toestelgegevens.",
            "%(n)s foto’s staan erbij, zonder plaats en toestelgegevens.",
            len(ids),
        )
    )
    return respond(
        lambda: forms.AddedOut(items=[forms.PhotoOut.model_validate(row) for row in photos_of(id) if row.id in ids]),
        to=f"/meetings/{id}/photos",
        status=201,
    )


def _sent(given: dict[str, Any]) -> tuple[dict[str, tuple[Copies, str]], dict[str, str]]:
    """Return the photos that have arrived with their words, by the end of their names, and what is wrong by field."""
    photos: dict[str, tuple[Copies, str]] = {}
    errors: dict[str, str] = {}
    for end in NAMES:
        file, alt, kept = request.files.get(f"photo{end}"), given.get(f"alt{end}", ""), given.get(f"kept{end}", "")
        file = file if file is not None and file.filename else None
        if file is None and not kept and not alt:
            continue
        try:
            photos[end] = (store_photo(cast(BinaryIO, file.stream)) if file else _read(kept), alt)
        except Invalid as problem:  # also Refused
            errors[f"photo{end}"] = problem.words or next(iter(problem.errors.values()))
        if not alt:
            errors[f"alt{end}"] = _("Schrijf wat er te zien is.")
        elif len(alt) > ALT:
            errors[f"alt{end}"] = _("Hoogstens %(n)s tekens.", n=ALT)
    if not photos and not errors:
        errors["photo"] = _("Kies eerst een foto.")
    return photos, errors


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing.keys(), salt="stored photo")


def _key(copies: Copies) -> str:
    """Return the key with which the viewer adds a photo that has arrived, within a day."""
    return str(_signer().dumps([viewer().id, *copies]))


def _read(key: str) -> Copies:
    """Return a photo that has arrived; raise Invalid when the key is another person's or too old, or there is none."""
    try:
        person, *copies = _signer().loads(key, max_age=KEPT_FOR) if key else (None,)
    except BadSignature:
        person, copies = None, []
    if person != viewer().id:
        raise Invalid(_("Kies de foto (opnieuw).") if key else _("Kies een foto bij deze beschrijving."))
    return Copies(*copies)


@routes.get("/photos/<int:id>/picture")
@endpoint("photos.picture", asks=forms.Size, binary=True)
def picture(id: int, asked: dict[str, Any]) -> Response:
    """Return the bytes of a photo."""
    photo = find_photo(viewer(), id)
    digest = photo.small if asked["size"] == "small" else photo.large
    with current_app.extensions["files"].open(digest) as copy:
        response = Response(copy.read(), headers=files.headers(f"foto-{id}.webp", "image/webp", inline=True))
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(digest)
    return response.make_conditional(request)  # type: ignore[return-value]


@routes.get("/photos/<int:id>")
@endpoint("photos.show", gives=forms.PhotoOut)
def show(id: int) -> Response:
    """Show a photo; a browser is redirected to it among those of its meeting."""
    photo = find_photo(viewer(), id)
    return respond(lambda: _row(photo), to=f"/meetings/{photo.meeting_id}/photos#photo-{photo.id}")


@routes.delete("/photos/<int:id>")
@endpoint("photos.remove", form=show)
def remove(id: int) -> Response:
    """Take a photo away; within a day it can be put back."""
    photo = actions.remove_photo(viewer(), find_photo(viewer(), id))
    flash(_("De foto is verwijderd."), undo=f"/photos/{photo.id}/restoring")
    return respond(to=f"/meetings/{photo.meeting_id}/photos")


@routes.post("/photos/<int:id>/restoring")
@endpoint("photos.restore", gives=forms.PhotoOut)
def restore(id: int) -> Response:
    """Put a photo back."""
    found = find_photo(viewer(), id, removed=True)
    if found.removed is not None and not access.may(viewer(), "photos.remove", found):
        raise NotFound  # a photo that was taken away exists for its uploader and the team only
    photo = actions.restore_photo(viewer(), found)
    flash(_("De foto staat er weer."))
    return respond(lambda: _row(photo), to=f"/meetings/{photo.meeting_id}/photos#photo-{photo.id}")


def _row(photo: MeetingPhoto) -> Any:
    return photos_of(photo.meeting_id, photo.id)[0]
