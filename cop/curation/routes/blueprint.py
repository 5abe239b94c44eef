"""The blueprint of curation, and finding what its endpoints are about."""

from __future__ import annotations

from cop import access
from cop.access import viewer
from cop.access.addresses import find_by_address
from cop.base.errors import Invalid
from cop.base.web import Routes
from cop.base.words import _
from cop.threads.models import Thread

routes = Routes("curation", __name__)


def find(id: int) -> Thread:
    """Return a thread that the viewer may see, else raise NotFound."""
    return access.find(viewer(), Thread, id)


def find_other(address: str) -> Thread:
    """Return the thread at an address that the viewer pasted; raise Invalid for any other."""
    refused = _("Hier staat geen gesprek dat u mag zien. Kopieer het adres van de pagina van het gesprek zelf.")
    found = find_by_address(viewer(), address, ("thread",), refused, "into")
    if not isinstance(found, Thread):
        raise Invalid(errors={"into": refused})
    return found
