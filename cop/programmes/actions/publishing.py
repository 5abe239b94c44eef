"""Verbs of the public page of a programme: its draft, publishing, unpublishing, and the logo."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.programmes.models import PublicPage, public_page
from cop.programmes.public import CONTACT, rendered
from cop.society.people import Person
from cop.society.programmes import Partnership, Programme


@action("programmes.edit_public")
def edit_public(person: Person, programme: Programme, /, **given: Any) -> PublicPage:
    """Change the draft of the public page; fields that are not given stay. Nobody outside sees it before it is published.

    Raise Invalid for a partnership of another programme, or for a text that cannot be rendered.
    """
    page = public_page(programme.id)
    if page is None:
        page = PublicPage(programme_id=programme.id, draft={}, changed=clock.now())
        db.session.add(page)
    for name in CONTACT:
        if name in given:
            setattr(programme, name, given.pop(name))
    if "partners" in given:
        here = select(Partnership.id).where(Partnership.programme_id == programme.id)
        if set(given["partners"]) - set(db.session.scalars(here)):
            raise Invalid(errors={"partners": _("Kies samenwerkingen uit de lijst.")})
    page.draft, page.changed = page.draft | given, clock.now()
    rendered(programme, page.draft)
    return page


@action("programmes.publish")
def publish(person: Person, programme: Programme) -> Programme:
    """Show the draft to everybody. Raise Invalid before the draft says what the programme is about."""
    page = public_page(programme.id)
    content = rendered(programme, page.draft if page else {})
    if page is None or "what" not in content["texts"]:
        raise Invalid(errors={"what": _("Schrijf eerst waar het programma over gaat. Sla het daarna op.")})
    page.page, programme.published = content, clock.now()
    return programme


@action("programmes.unpublish")
def unpublish(person: Person, programme: Programme) -> Programme:
    """Take the public page and its documents away; the draft stays. Raise Conflict when it is not published."""
    page = public_page(programme.id)
    if page is None or programme.published is None:
        raise Conflict(_("Deze pagina is niet openbaar."))
    page.page, programme.published = None, None
    return programme


@action("programmes.set_logo")
def set_logo(person: Person, programme: Programme, *, logo: str | None) -> Programme:
    """Show the stored logo with this SHA-256, or none (None)."""
    programme.logo = logo
    detail(removed=int(logo is None))
    return programme
