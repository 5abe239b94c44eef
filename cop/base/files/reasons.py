"""The reasons for refusing a file, each with a message for the person who offered it."""

from __future__ import annotations

from enum import StrEnum

from cop.base import errors
from cop.base.words import _


class Reason(StrEnum):
    """A reason for refusing a file; its value appears in the journal and in the API."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    KIND = "kind"
    EXECUTABLE = "executable"
    MACROS = "macros"
    ENCRYPTED = "encrypted"
    NESTED = "nested"
    BOMB = "bomb"
    ENTITIES = "entities"
    PIXELS = "pixels"
    PICTURE = "picture"
    DAMAGED = "damaged"
    OUTSIDE = "outside"
    PATHS = "paths"
    TIFF = "tiff"
    PERSONAL_NUMBER = "personal_number"


class Refused(errors.Invalid):
    """A file is refused; `reason` says why, `words` says it to the person."""

    def __init__(self, reason: Reason, words: str = ""):
        words = words or sentence(reason)
        super().__init__(words, errors={"file": words})
        self.reason = reason


class TooLarge(Refused):
    """A file has more bytes than `limit`."""

    status = errors.TooLarge.status

    def __init__(self, limit: int):
        size = f"{limit // 1_000_000} MB" if limit >= 1_000_000 else f"{limit // 1000} kB"
        super().__init__(Reason.TOO_LARGE, _("Dit bestand is te groot. Hoogstens %(size)s.", size=size))
        self.limit = limit


def sentence(reason: Reason) -> str:
    """Return the message for the person who offered the file."""
    return {
        Reason.EMPTY: _("Dit bestand is leeg."),
        Reason.TOO_LARGE: _("Dit bestand is te groot."),
        Reason.KIND: _("Dit soort bestand kunt u hier niet delen."),
        Reason.EXECUTABLE: _("Programma's en scripts kunt u hier niet delen, ook niet in een zip."),
        Reason.MACROS: _("Dit document bevat macro's. Sla het op zonder macro's en probeer het opnieuw."),
        Reason.ENCRYPTED: _("Dit bestand heeft een wachtwoord. Haal dat eraf en probeer het opnieuw."),
        Reason.NESTED: _("In deze zip zit nog een ingepakt bestand. Pak dat eerst uit."),
        Reason.BOMB: _("Dit bestand wordt bij het uitpakken te groot."),
        Reason.ENTITIES: _("Dit bestand bevat XML-entiteiten. Sla het zonder op en probeer het opnieuw."),
        Reason.PIXELS: _("Deze afbeelding heeft te veel pixels. Maak haar kleiner en probeer het opnieuw."),
        Reason.PICTURE: _("Kies een afbeelding: JPEG, PNG, GIF of WebP."),
        Reason.OUTSIDE: _(
            "Dit document haalt een object of afbeelding van een andere plaats op. Neem die in het document zelf op en "
            "probeer het opnieuw."
        ),
        Reason.PATHS: _("In deze zip verwijst een bestand naar een andere map. Maak de zip opnieuw."),
        Reason.TIFF: _("TIFF kunt u hier niet delen. Sla de afbeelding op als JPEG of PNG."),
        Reason.PERSONAL_NUMBER: _(
            "In de naam van dit bestand staat een burgerservicenummer of bankrekeningnummer. Geef het een andere naam."
        ),
        Reason.DAMAGED: _("Dit bestand is beschadigd of onvolledig."),
    }[reason]
