"""On the page of a thread, a document or another source: in which guidance it is used."""

from __future__ import annotations

from markupsafe import Markup

from cop.base.web import cached
from cop.base.web.pages import part
from cop.guidance.reading import seen_by, used_in
from cop.society.people import Person
from cop.things import belonging


@belonging()
def guidance_of(person: Person, id: int, version: int | None) -> Markup:
    """Return a line for the guidance that rests on a thing and that the person may see."""
    used = used_in(id) if version is None else cached(("used_in_guidance", id, version), lambda: used_in(id))
    seen = seen_by(person, used)
    if not seen:
        return Markup()
    return Markup(part("guidance/_used.html", tuple(seen), lambda: {"used": seen}))
