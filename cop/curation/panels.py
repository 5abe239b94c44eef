"""The lines on the page of a thread that say where it came from and where posts of it went."""

from __future__ import annotations

from markupsafe import Markup

from cop import access
from cop.base.web import cached
from cop.base.web.pages import part
from cop.curation.models import RelationRow, relations_of
from cop.society.people import Person
from cop.things import belonging


@belonging("thread")
def relations(person: Person, id: int, version: int | None) -> Markup:
    """Return a line for each thread that this one came from, took in, or goes on in, and that the person may see."""
    found = relations_of(id) if version is None else cached(("relations", id, version), lambda: relations_of(id))
    seen = [row for row in found if _sees(person, id, row)]
    if not seen:
        return Markup()
    return Markup(part("curation/_belongs.html", (id, *seen), lambda: {"rows": seen, "id": id}))


def _sees(person: Person, id: int, row: RelationRow) -> bool:
    """Return whether a person may see the other thread, without a statement; one that stands here is seen here."""
    if (row.kind, row.target_id) == ("merge", id):
        return True
    own = access.rights(person)
    other, state, audience = (
        (row.target_id, row.target_state, row.target_audience)
        if row.source_id == id
        else (row.source_id, row.source_state, row.source_audience)
    )
    return state == "live" and (own.role(audience) is not None or other in own.guests)
