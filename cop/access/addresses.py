"""The thing at an address that somebody pasted."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from flask import current_app

from cop.access.visibility import find
from cop.base.errors import Invalid, NotFound
from cop.base.words import _
from cop.society.people import Person
from cop.things import Thing, kinds


def find_by_address(
    person: Person, address: str, names: Collection[str], refused: str, field: str = "address"
) -> Thing:
    """Return the thing of one of these kinds at an address of this platform; of a post its thread, where threads count.

    Raise Invalid at this field of the form for another address, and with `refused` for anything else or what the person may
    not see.
    """
    nothing = Invalid(errors={field: refused})
    try:
        parts = urlsplit(address if "//" in address or address.startswith("/") else f"//{address}")
    except ValueError:
        raise nothing from None
    own = urlsplit(current_app.config["COP"].base_url)
    if parts.netloc and parts.netloc != own.netloc:
        raise Invalid(errors={field: _("Dit adres is niet van dit platform.")})
    path, _slash, last = parts.path.rstrip("/").rpartition("/")
    if not last.isdecimal() or len(last) > 9:
        raise nothing
    kind = next((kind for kind in kinds.every() if kind.path == path), None)
    if kind is None or not {kind.name, kind.place} & set(names):
        raise nothing
    try:
        found = find(person, kind.model, int(last))
        return found if kind.name in names else find(person, Thing, found.parent_id)
    except NotFound:
        raise nothing from None
