"""What can go wrong by a person's hand, each with its HTTP status and words for the person."""

from __future__ import annotations

from typing import Any

from cop.base.words import _


class Problem(Exception):
    """A refusal a person can understand: `words` for the page, `errors` by field for the form and the API."""

    status = 400
    to: str | None = None  # where a browser is led, instead of reading the refusal

    def __init__(self, words: str = "", errors: dict[str, str] | None = None, **extra: Any):
        super().__init__(words or type(self).__name__)
        self.words = words
        self.errors = errors or {}
        self.extra = extra


class BadRequest(Problem):
    status = 400


class SignInNeeded(Problem):
    status = 401


class Forbidden(Problem):
    status = 403


class NotFound(Problem):
    status = 404


class Conflict(Problem):
    """Somebody else saved first; `extra` carries what is needed to show both."""

    status = 409


class Gone(Problem):
    """What held once: a link that was used, or whose time is over."""

    status = 410


class TooLarge(Problem):
    status = 413


class Invalid(Problem):
    """Input that cannot be used; `errors` says per field what to do."""

    status = 422


class TooMany(Problem):
    """Too many tries; `extra['retry_after']` seconds until the next may succeed."""

    status = 429


class Unavailable(Problem):
    """Nothing can be stored for now; what was stored can still be read."""

    status = 503


def title(status: int) -> str:
    """The short name of a status, for pages and problem+json."""
    return {
        400: _("Dit verzoek klopt niet"),
        401: _("U bent niet aangemeld"),
        403: _("Dit mag u hier niet doen"),
        404: _("Deze pagina bestaat niet"),
        405: _("Dit kan hier niet"),
        409: _("Iemand anders was u voor"),
        410: _("Deze link geldt niet meer"),
        413: _("Dit bestand is te groot"),
        415: _("Dit verzoek klopt niet"),
        422: _("Controleer wat u hebt ingevuld"),
        429: _("Even wachten"),
        503: _("Even niet beschikbaar"),
    }.get(status, _("Er ging iets mis bij ons"))
