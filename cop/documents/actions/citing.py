"""Attachments: the posts and messages a file is attached to, and its visibility through them."""

from __future__ import annotations

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from cop.base.db import db
from cop.documents.models import File
from cop.things import Thing, ThingLink


def attachments_in(thing: Thing) -> list[File]:
    """Return the files attached to a thing or to its posts or messages that are not in the document list."""
    holders = select(Thing.id).where(or_(Thing.id == thing.id, Thing.parent_id == thing.id))
    attached = select(ThingLink.to_id).where(ThingLink.from_id.in_(holders), ThingLink.kind == "attachment")
    return list(
        db.session.scalars(select(File).where(File.id.in_(attached), File.attached, File.state.in_(("live", "hidden"))))
    )


def is_attached_to_live(file: File) -> bool:
    """Return whether the file is attached to a live post or message in a live place."""
    parent = aliased(Thing)
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    ThingLink.to_id == file.id,
                    ThingLink.kind == "attachment",
                    ThingLink.from_id == Thing.id,
                    Thing.state == "live",
                    or_(
                        Thing.parent_id.is_(None), Thing.parent_id.in_(select(parent.id).where(parent.state == "live"))
                    ),
                )
            )
        )
    )
