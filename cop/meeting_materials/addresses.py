"""The thread or document at an address that somebody pasted."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app

from cop import access
from cop.base.errors import Invalid, NotFound
from cop.base.words import _
from cop.meeting_materials.models import LINKS
from cop.society.people import Person
from cop.things import Thing, kinds


def find_by_address(person: Person, address: str) -> Thing:
    """Return the thread or document at an address of this platform, of a post its thread.

    Raise Invalid for another address, and for a thing that the person may not see.
    """
    refused = Invalid(
        errors={
            "address": _("Hier staat geen gesprek of document dat u mag zien. Kopieer het adres van de pagina zelf.")
        }
    )
    try:
        parts = urlsplit(address if "//" in address or address.startswith("/") else f"//{address}")
    except ValueError:
        raise refused from None
    own = urlsplit(current_app.config["COP"].base_url)
    if parts.netloc and parts.netloc != own.netloc:
        raise Invalid(errors={"address": _("Dit adres is niet van dit platform.")})
    path, _slash, last = parts.path.rstrip("/").rpartition("/")
    if not last.isdecimal() or len(last) > 9:
        raise refused
    kind = next((kind for kind in kinds.every() if kind.path == path), None)
    if kind is None or kind.name not in (*LINKS, "post"):
        raise refused
    try:
        found = access.find(person, kind.model, int(last))
        return access.find(person, Thing, found.parent_id) if kind.name == "post" else found
    except NotFound:
        raise refused from None
