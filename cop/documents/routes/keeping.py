"""Endpoints for naming, filing, restoring and trashing a document."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.access.correcting import require_base_version
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.documents import actions, forms
from cop.documents.models import File, file_row, shelf_url, versions
from cop.documents.routes.blueprint import routes
from cop.documents.routes.reading import show


def _respond_with_file(file: File, to: str | None = None) -> Response:
    """Respond with the file as it is now."""
    return respond(lambda: forms.whole(file_row(file.id), versions(file.id)), to=to or file.url)


@routes.patch("/files/<int:id>")
@endpoint("files.describe", takes=forms.Describe, gives=forms.FileWhole, form=show)
def describe(id: int, given: dict[str, Any]) -> Response:
    """Change the name, description or folder of a document."""
    file = access.find(current_user, File, id)
    require_base_version("files.describe", file, given)
    actions.describe(current_user, file, **given)
    flash(_("De gegevens van “%(name)s” zijn opgeslagen.", name=file.title))
    return _respond_with_file(file)


@routes.post("/files/<int:id>/versions/<int:number>/restoring")
@endpoint("files.restore", gives=forms.FileWhole)
def restore(id: int, number: int) -> Response:
    """Make an older version the current one."""
    file = access.find(current_user, File, id)
    before = file.number
    actions.restore(current_user, file, number=number)
    flash(
        _("Versie %(old)s is teruggezet en is nu versie %(n)s.", old=number, n=file.number),
        undo=f"/files/{id}/versions/{before}/restoring",
    )
    return _respond_with_file(file)


@routes.delete("/files/<int:id>")
@endpoint("files.trash", gives=forms.FileWhole)
def trash(id: int) -> Response:
    """Move a document to the trash."""
    file = access.find(current_user, File, id)
    actions.trash(current_user, file)
    flash(_("“%(name)s” ligt nu in de prullenbak.", name=file.title), undo=f"/files/{id}/untrash")
    return _respond_with_file(file, _list_of(file))


def _list_of(file: File) -> str:
    """Return the address of the list that the document is in, or the document's where that has none."""
    owner = access.audience(current_user, file.audience_id)
    if not owner.has_shelf:
        return file.url
    return f"{shelf_url(owner)}?show=attachments" if file.attached else shelf_url(owner, file.folder_id)


@routes.post("/files/<int:id>/untrash")
@endpoint("files.untrash", gives=forms.FileWhole)
def untrash(id: int) -> Response:
    """Restore a document from the trash."""
    file = access.find(current_user, File, id)
    actions.untrash(current_user, file)
    flash(_("“%(name)s” is teruggezet.", name=file.title))
    return _respond_with_file(file, _list_of(file))
