"""Documents happened: who follows a file hears of its new version."""

from __future__ import annotations

from cop.base.action import Told, on
from cop.base.db import upsert
from cop.notices import models
from cop.things import Follow


@on("files.upload")
def uploaded(told: Told) -> None:
    """Who uploads a file follows it."""
    if told.result.author_id is not None:
        upsert(Follow, {"person_id": told.result.author_id, "thing_id": told.result.id}, {})


@on("files.replace")
def replaced(told: Told) -> None:
    """The followers of a file are told of its new version."""
    file = told.thing
    people = models.followers(file.id) - {told.person.id}
    models.tell(people, "version", place=file.id, thing=file.id, actor=told.person.id, community=file.community_id)
