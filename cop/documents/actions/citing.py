"""Where a file hangs: the posts and messages that show its name, and what becomes of it with them."""

from __future__ import annotations

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from cop.base.db import db
from cop.documents.models import File
from cop.things import Thing, ThingLink


def attachments_in(thing: Thing) -> list[File]:
    """The files that came with a thing, or with what stands in it, and are on no shelf."""
    here = select(Thing.id).where(or_(Thing.id == thing.id, Thing.parent_id == thing.id))
    hanging = select(ThingLink.to_id).where(ThingLink.from_id.in_(here), ThingLink.kind == "attachment")
    return list(
        db.session.scalars(select(File).where(File.id.in_(hanging), File.attached, File.state.in_(("live", "hidden"))))
    )


def stands(file: File) -> bool:
    """Whether the file hangs on something that is still to be read."""
    place = aliased(Thing)
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    ThingLink.to_id == file.id,
                    ThingLink.kind == "attachment",
                    ThingLink.from_id == Thing.id,
                    Thing.state == "live",
                    or_(Thing.parent_id.is_(None), Thing.parent_id.in_(select(place.id).where(place.state == "live"))),
                )
            )
        )
    )
