"""A picture that is sent as the file of a form and stored small, such as a portrait or a logo."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO, cast

from flask import current_app, request

from cop.base import files
from cop.base.errors import Invalid


def store_picture(field: str, shrink: Callable[[BinaryIO], bytes], *, name: str, missing: str) -> str:
    """Store the uploaded file of a field as `shrink` makes it, and return its SHA-256.

    missing: the words when no file was chosen. Raise Invalid, naming the field, then and for no usable picture.
    """
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        raise Invalid(errors={field: missing})
    try:
        small = shrink(cast(BinaryIO, sent.stream))
    except files.Refused as refused:
        raise Invalid(errors={field: refused.words}) from None
    store = current_app.extensions["files"]
    return str(store.keep(store.spool(io.BytesIO(small), limit=len(small), name=name)).sha256)
