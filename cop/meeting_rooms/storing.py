"""Storing a photo: as a small and a large copy, upright and without what the camera added."""

from __future__ import annotations

import io
from typing import BinaryIO

from flask import current_app

from cop.base import files
from cop.base.files import pictures
from cop.meeting_rooms.actions.picturing import Copies

LARGEST = 20_000_000  # bytes of a photo as it comes from the camera
WIDTHS = [480, 1600]  # pixels of the small and the large copy


def store_photo(stream: BinaryIO) -> Copies:
    """Store a photo before a transaction opens; raise Refused for anything else."""
    if stream.seek(0, io.SEEK_END) > LARGEST:
        raise files.TooLarge(LARGEST)
    (full, high), made = pictures.copies(stream, WIDTHS)
    width = min(full, max(WIDTHS))
    small, large = (_keep(made[key]) for key in (min(made), max(made)))
    return Copies(small, large, width, max(1, round(high * width / full)))


def _keep(content: bytes) -> str:
    store = current_app.extensions["files"]
    return str(store.keep(store.spool(io.BytesIO(content), limit=len(content), name="foto.webp")).sha256)
