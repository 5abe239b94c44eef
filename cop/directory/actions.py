"""Verbs of municipalities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.directory.municipality_lists import Line
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.regions import Municipality


class Imported(NamedTuple):
    """How many municipalities an import added, changed, and found as they were."""

    added: int
    changed: int
    unchanged: int


@action("municipalities.import")
def import_municipalities(person: Person, thing: None, *, rows: Sequence[Line]) -> Imported:
    """Add the municipalities on a list and bring those with the same code up to date; the others stay."""
    advisory_lock("municipalities")
    known = {one.code: one for one in db.session.scalars(select(Municipality))}
    if {row.successor for row in rows if row.successor} - {*known, *(row.code for row in rows)}:
        raise Invalid(errors={"file": _("Een opvolger is intussen verwijderd. Stuur het bestand opnieuw.")})
    added = [row for row in rows if row.code not in known]
    changed = 0
    for row in added:
        known[row.code] = Municipality(code=row.code, name=row.name, province=row.province)
    db.session.add_all(known[row.code] for row in added)
    db.session.flush()  # each can be the successor of another
    new = {row.code for row in added}
    for row in rows:
        one = known[row.code]
        wanted = (row.name, row.province, row.starts, row.until, row.successor)
        if (one.name, one.province, one.starts, one.until, one.successor_code) == wanted:
            continue
        one.name, one.province, one.starts, one.until, one.successor_code = wanted
        changed += row.code not in new
    detail(added=len(added), changed=changed)
    return Imported(len(added), changed, len(rows) - len(added) - changed)


@action("municipalities.remove")
def remove_municipality(person: Person, municipality: Municipality) -> Municipality:
    """Delete a municipality. Raise Conflict while an organisation is it, or while it succeeds another."""
    code = municipality.code
    organisations = select(func.count()).select_from(Organisation).where(Organisation.municipality_code == code)
    before = select(func.count()).select_from(Municipality).where(Municipality.successor_code == code)
    if db.session.scalar(organisations):
        raise Conflict(_("Een organisatie hoort bij deze gemeente. Kies daar eerst een andere gemeente."))
    if db.session.scalar(before):
        raise Conflict(_("Deze gemeente is de opvolger van een andere. Verwijder eerst die andere gemeente."))
    detail(code=code)
    db.session.delete(municipality)
    return municipality
