"""The lines on the page of a thread or document that say who used it, and the count for other features."""

from __future__ import annotations

from markupsafe import Markup

from cop import access
from cop.base.web import cached
from cop.base.web.pages import part
from cop.society.people import Person
from cop.things import Usage, belonging, usage_counter
from cop.uses.models import UsedRow, used_by, used_in

NAMED = 3  # posts of a thread

usage_counter(used_by)


@belonging()
def uses_in(person: Person, id: int, version: int | None) -> Markup:
    """Return a line on the usage of a thing, and one for each post in it that is used most."""
    rows = used_in(id) if version is None else cached(("uses_in", id, version), lambda: tuple(used_in(id)))
    if not rows:
        return Markup()
    seen = [row for row in (_seen_by(person, row) for row in rows) if row.usage != Usage()]
    if not seen:
        return Markup()
    own = [row for row in seen if row.thing_id == id]
    posts = [row for row in seen if row.thing_id != id and row.usage.words]
    given = {"id": id, "own": own, "posts": posts[:NAMED], "more": len(posts) - NAMED}
    return Markup(part("uses/_belongs.html", tuple(seen), lambda: given))


def _seen_by(person: Person, row: UsedRow) -> UsedRow:
    """Return a row as a person sees it: a guest of the thing sees partnerships alone."""
    if access.rights(person).role(row.audience_id) is not None:
        return row
    return row._replace(organisations=0, people=0, answered=0)
