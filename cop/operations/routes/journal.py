"""The journal for administrators: who did what, and when."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop.base.action import VERBS
from cop.base.web import Slice, endpoint, respond_list
from cop.base.web.responses import link
from cop.operations import forms, models, words
from cop.operations.routes.blueprint import only_administrators, routes


@routes.get("/operations/journal")
@endpoint("operations.journal", asks=forms.JournalFilter, gives=forms.EntryOut, many=True)
def journal(asked: dict[str, Any]) -> Response:
    """Show the newest entries, all or of one verb."""
    only_administrators()
    limit = asked["limit"]
    rows = models.entries(verb=asked["verb"], before=asked["after"], limit=limit + 1)
    listed = Slice(rows[:limit], next=rows[limit - 1].id if len(rows) > limit else None)
    return respond_list(
        listed,
        page="operations/journal.html",
        verb=asked["verb"],
        verbs=sorted(_verbs(), key=words.of_verb),
        of_verb=words.of_verb,
        names=models.community_names(),
        older=link(after=listed.next),
    )


def _verbs() -> list[str]:
    """Return what the journal can hold: every verb that is journalled, denials and backups."""
    return sorted({verb.name for verb in VERBS.values() if not verb.quiet} | {"denied", models.BACKUP})
