"""Endpoints of public documents: making one public, ending that, and downloading it without signing in."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.base.errors import NotFound, SignInNeeded
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.documents import actions, forms
from cop.documents.actions.naming import saved_as
from cop.documents.models import File, public_file
from cop.documents.routes.blueprint import routes
from cop.documents.routes.reading import show, stored


@routes.put("/files/<int:id>/publication")
@endpoint("files.publish", takes=forms.Publish, form=show)
def publish(id: int, given: dict[str, Any]) -> Response:
    """Make a document downloadable by everybody."""
    file = access.find(current_user, File, id)
    actions.publish(current_user, file, **given)
    flash(
        _("%(name)s is openbaar zodra de pagina van het programma openbaar is.", name=file.title),
        undo=f"{file.url}/publication/delete",
    )
    return respond(to=file.url)


@routes.delete("/files/<int:id>/publication")
@endpoint("files.unpublish", form=show)
def unpublish(id: int) -> Response:
    """End that everybody can download a document."""
    file = access.find(current_user, File, id)
    actions.unpublish(current_user, file)
    flash(_("%(name)s is niet meer openbaar.", name=file.title))
    return respond(to=file.url)


@routes.get("/public/files/<int:id>")
@endpoint("files.public", binary=True, open=True)
def public(id: int) -> Response:
    """Return the bytes of a public document to everybody."""
    found = public_file(id)
    if found is None:  # as for a document that does not exist
        raise NotFound if current_user.is_authenticated else SignInNeeded
    return stored(found.sha256, found.size, saved_as(found.title, found.file_name, None), found.media_type)
