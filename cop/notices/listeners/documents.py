"""Document events: notify the followers of a file of a new version."""

from __future__ import annotations

from cop.base.events import Event, on
from cop.notices import models, notifying
from cop.things.events import FileWritten


@on("files.upload")
def uploaded(event: FileWritten) -> None:
    """Make the uploader follow a shared file; a repeated request does not undo a later choice."""
    if not event.again and event.result.state == "live":
        models.follow([event.person.id], event.result.id)


@on("files.replace", "files.restore")
def replaced(event: FileWritten) -> None:
    """Notify the followers of a file of its new version; who uploaded that follows the file."""
    if event.again:
        return
    file = event.thing
    people = models.levels(file.id).followers - {event.person.id}
    notifying.notify(people, "version", place=file.id, thing=file.id, actor=event.person.id, audience=file.audience_id)
    if event.verb == "files.replace" and file.state == "live":
        models.follow([event.person.id], file.id)


@on("files.trash")
def trashed(event: Event) -> None:
    """Remove the notices about a file in the trash."""
    notifying.remove_for_place(event.thing)
