"""Listeners of documents: attachments follow the state of what they are attached to."""

from __future__ import annotations

from sqlalchemy import func, select

from cop import access
from cop.base import jobs
from cop.base.db import db
from cop.base.events import Event, after, on
from cop.base.words import n_
from cop.documents import actions
from cop.documents.actions.citing import attachments_in, is_attached_to_live
from cop.documents.models import File, Folder, follow_audience
from cop.society.programmes import Community
from cop.things import Thing, ThingLink
from cop.things.events import Moved, TextHidden, TextRetracted, TextShown
from cop.things.removal import counted


@on(TextHidden, TextRetracted, TextShown, "threads.hide", "threads.unhide", "threads.retract", "imports.withdraw")
def follow_attachment(event: Event) -> None:
    """Hide a file that is attached to nothing readable any more, and show it again when it is."""
    for file in attachments_in(event.thing):
        file.state = "live" if is_attached_to_live(file) else "hidden"


@on("imports.write")
def show_restored(event: Event) -> None:
    """Show the attachments of what was imported again after its import was undone."""
    if "restored" in event.result.fates.values():
        for file in attachments_in(event.result.thread):
            file.state = "live" if is_attached_to_live(file) else "hidden"


@on("threads.move")
def keep_documents(event: Moved) -> None:
    """Keep the documents of a moved thread in their community; only attachments move with it."""
    posts = select(Thing.id).where(Thing.parent_id == event.thing.id)
    attached = select(ThingLink.to_id).where(ThingLink.from_id.in_(posts), ThingLink.kind == "attachment")
    follow_audience(attached)
    before = db.session.get(Community, event.before) if event.before else None
    if before is None:
        return  # it stood for no community, so it has no documents
    moved = select(File).where(File.id.in_(attached), ~File.attached, File.audience_id == event.thing.audience_id)
    for file in db.session.scalars(moved.execution_options(populate_existing=True)):
        file.audience_id = before.audience_id


@after("uploads.sweep")
def remove_blobs(event: Event) -> None:
    """Remove the bytes of removed files, after the commit."""
    actions.remove_blobs()


@jobs.job("documents.sweep")
def sweep() -> None:
    """Remove uploads that were never used."""
    if actions.orphans():
        actions.sweep(access.SYSTEM, None)


@counted
def folders(audience_id: int) -> list[str]:
    """Return the number of folders of an audience in words."""
    n = db.session.scalar(select(func.count()).select_from(Folder).where(Folder.audience_id == audience_id)) or 0
    return [n_("%(n)s map", "%(n)s mappen", n)] if n else []
