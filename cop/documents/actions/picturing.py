"""The pictures of files: measured with the upload, and copied in three sizes by a job after it."""

from __future__ import annotations

import io

from flask import current_app
from sqlalchemy import select, update

from cop.base import jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.files import LARGEST, Blob, Refused, Store, pictures
from cop.documents.models import FILE, PICTURE, File
from cop.things import COPIES, Picture


def show_picture(file: File, blob: Blob) -> None:
    """Show the picture in the new content of a file, if it is one, and enqueue its copies.

    A blob whose size in pixels is not known is measured by the job.
    """
    picture = db.session.get(Picture, file.id)
    if picture is not None and picture.sha256 == blob.sha256:
        return
    if blob.media_type not in pictures.READABLE:
        if picture is not None:
            db.session.delete(picture)
        return
    if blob.pixels:
        _record(picture, file.id, blob.sha256, blob.pixels)
    jobs.later("documents.pictures", file.id)


def _record(picture: Picture | None, file_id: int, sha256: str, pixels: tuple[int, int]) -> None:
    """Write the row of a picture of this size, without copies."""
    if picture is None:
        picture = Picture(thing_id=file_id)
        db.session.add(picture)
    picture.sha256, (picture.width, picture.height) = sha256, pixels
    picture.small = picture.medium = picture.large = None


@jobs.job("documents.pictures")
def make_copies(file_id: int) -> None:
    """Store the copies of a file's picture; a file that cannot be drawn shows none."""
    known = db.session.execute(select(FILE.c.sha256, FILE.c.media_type).where(FILE.c.id == file_id)).first()
    db.session.rollback()  # no transaction stays open while the picture is drawn
    if known is None or known.media_type not in pictures.READABLE:
        return
    store: Store = current_app.extensions["files"]
    try:
        with store.open(known.sha256) as content:
            pixels, drawn = pictures.copies(content, list(COPIES))
    except Refused:
        with transaction():
            if (broken := db.session.get(Picture, file_id)) and broken.sha256 == known.sha256:
                db.session.delete(broken)
        return
    kept = {
        COPIES[width]: store.keep(store.spool(io.BytesIO(copy), LARGEST, "copy.webp")) for width, copy in drawn.items()
    }
    with transaction():
        if db.session.scalar(select(File.sha256).where(File.id == file_id)) != known.sha256:
            return  # replaced meanwhile: its own job follows
        picture = db.session.get(Picture, file_id)
        if picture is None or (picture.sha256, picture.width, picture.height) != (known.sha256, *pixels):
            _record(picture, file_id, known.sha256, pixels)
        digests = {name: blob.sha256 for name, blob in kept.items()}
        # The address of a copy stays, so what shows it does not change.
        db.session.execute(
            update(Picture).where(Picture.thing_id == file_id).values(**digests), execution_options={"changes": ()}
        )


@jobs.job("documents.all_pictures")
def make_missing_copies() -> None:
    """Enqueue the copies of the pictures that were shared before there were any."""
    with transaction():
        missing = (
            select(FILE.c.id)
            .outerjoin(PICTURE, PICTURE.c.thing_id == FILE.c.id)
            .where(FILE.c.media_type.in_(pictures.READABLE), PICTURE.c.small.is_(None))
        )
        for id in db.session.scalars(missing.order_by(FILE.c.id)):
            jobs.later("documents.pictures", id)
