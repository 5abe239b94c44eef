"""The response with an exported document: a download that browsers keep and ask for in parts, as with stored files."""

from __future__ import annotations

from flask import Response, request

from cop.base.db import db
from cop.base.export.document import FORMATS, Document, Format
from cop.base.export.running import export
from cop.base.files import headers


def download(document: Document, format: Format, name: str) -> Response:
    """Return a document as a file to download; nothing is made for a browser that has it.

    Ends the reading of the database: what the response still needs was read before.
    """
    kind = FORMATS[format]
    response = Response(headers={**headers(f"{name}.{format}", kind.media_type), "Cache-Control": "private, no-cache"})
    response.content_type = kind.media_type
    response.headers["Content-Disposition"] = response.headers["Content-Disposition"].replace("inline;", "attachment;")
    response.set_etag(f"{document.tag}-{format}")
    response.make_conditional(request)
    if response.status_code == 200:
        db.session.rollback()  # making it takes seconds
        content = export(document, format)
        response.set_data(content)
        response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response
