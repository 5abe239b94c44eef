"""What documents do when they hear another room: attachments share the fate of what they hang on."""

from __future__ import annotations

from sqlalchemy import select

from cop import access
from cop.base import jobs
from cop.base.db import db
from cop.base.events import Event, after, on
from cop.documents import actions
from cop.documents.actions.citing import attachments_in, stands
from cop.documents.models import File
from cop.society.programmes import Community
from cop.things import Thing, ThingLink
from cop.things.events import Moved, TextHidden, TextRetracted, TextShown


@on(TextHidden, TextRetracted, TextShown, "threads.hide", "threads.unhide", "threads.retract")
def hide_along(event: Event) -> None:
    """A file that hangs on nothing readable any more is as hidden as what it hung on, and returns with it."""
    for file in attachments_in(event.thing):
        file.state = "live" if stands(file) else "hidden"


@on("threads.move")
def stay(event: Moved) -> None:
    """A thread takes its attachments along to another community; documents stay on the shelf on which they stand."""
    before = db.session.get(Community, event.before)
    if before is None:
        return  # it stood for no community, so there was no shelf
    posts = select(Thing.id).where(Thing.parent_id == event.thing.id)
    hanging = select(ThingLink.to_id).where(ThingLink.from_id.in_(posts), ThingLink.kind == "attachment")
    moved = select(File).where(File.id.in_(hanging), ~File.attached, File.audience_id == event.thing.audience_id)
    for file in db.session.scalars(moved.execution_options(populate_existing=True)):
        file.audience_id = before.audience_id


@after("uploads.sweep")
def remove_blobs(event: Event) -> None:
    """Once the rows are gone for good, so are their bytes."""
    actions.remove_blobs()


@jobs.job("documents.sweep")
def sweep() -> None:
    """Removes what was uploaded and never used."""
    if actions.orphans():
        actions.sweep(access.SYSTEM, None)
