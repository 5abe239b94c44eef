"""The thread or document at an address that somebody pasted."""

from __future__ import annotations

from cop.access.addresses import find_by_address as find
from cop.base.words import _
from cop.meeting_materials.models import LINKS
from cop.society.people import Person
from cop.things import Thing


def find_by_address(person: Person, address: str) -> Thing:
    """Return the thread or document at an address of this platform, of a post its thread.

    Raise Invalid for another address, and for a thing that the person may not see.
    """
    refused = _("Hier staat geen gesprek of document dat u mag zien. Kopieer het adres van de pagina zelf.")
    return find(person, address, LINKS, refused)
