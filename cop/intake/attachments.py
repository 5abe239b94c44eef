"""The files of applications as they are downloaded, by contacts, the team and reviewers."""

from __future__ import annotations

from flask import Response, current_app
from sqlalchemy import select
from werkzeug.wsgi import FileWrapper

from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.files import Store, headers
from cop.base.questionnaires import Attachment
from cop.intake.models import Application

CHUNK = 64 * 1024


def send_attachment(application: Application, id: int) -> Response:
    """Return the bytes of an attachment of this application; raise NotFound for another."""
    found = db.session.scalar(
        select(Attachment).where(Attachment.id == id, Attachment.answering_id == application.answering_id)
    )
    if found is None:
        raise NotFound
    store: Store = current_app.extensions["files"]
    try:
        content = store.open(found.sha256)
    except FileNotFoundError:
        raise NotFound from None
    response = Response(
        FileWrapper(content, CHUNK), direct_passthrough=True, headers=headers(found.name, found.media_type)
    )
    response.content_length = found.size
    return response
