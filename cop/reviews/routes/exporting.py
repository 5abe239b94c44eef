"""Endpoints of the exports of a call."""

from __future__ import annotations

from flask import Response, current_app
from werkzeug.wsgi import FileWrapper

from cop.base.errors import NotFound
from cop.base.spreadsheets import XLSX, as_xlsx
from cop.base.web import endpoint
from cop.base.words import _
from cop.intake.finding import decided_call, viewer
from cop.reviews import export
from cop.reviews.routes.blueprint import routes


def _download(content: object, name: str, kind: str) -> Response:
    response = Response(content, content_type=kind)  # type: ignore[arg-type]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@routes.get("/calls/<slug>/export/<format>")
@endpoint("calls.export", binary=True)
def download(slug: str, format: str) -> Response:
    """Return all applications of a call as CSV or XLSX, or their attachments as a zip."""
    call, person = decided_call(slug), viewer()
    if format == "csv":
        file = export.as_csv(export.rows(person, call))
        return _download(FileWrapper(file, 64 * 1024), f"{slug}.csv", "text/csv; charset=utf-8")
    if format == "xlsx":
        file = as_xlsx(export.rows(person, call), _("Aanvragen"), frozen=2)
        return _download(FileWrapper(file, 64 * 1024), f"{slug}.xlsx", XLSX)
    if format == "attachments":
        store = current_app.extensions["files"]
        return _download(export.attachments(person, call, store), f"{slug}.zip", "application/zip")
    raise NotFound
