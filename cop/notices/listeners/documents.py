"""Documents happened: who follows a file hears of its new version."""

from __future__ import annotations

from cop.base.action import Told, on
from cop.notices import models


@on("files.upload")
def uploaded(told: Told) -> None:
    """Who shares a file follows it, once: a repeated request does not undo that they chose otherwise since."""
    if not told.details.get("again") and told.result.state == "live":
        models.follow([told.person.id], told.result.id)


@on("files.replace", "files.restore")
def replaced(told: Told) -> None:
    """The followers of a file are told of its new version."""
    if told.details.get("again"):
        return
    file = told.thing
    people = models.follows(file.id)[0] - {told.person.id}
    models.tell(people, "version", place=file.id, thing=file.id, actor=told.person.id, community=file.community_id)


@on("files.trash")
def trashed(told: Told) -> None:
    """Of what lies in the trash nobody needs to hear."""
    models.forget_place(told.thing)
