"""Errors that a person can cause, each with its HTTP status and a message."""

from __future__ import annotations

from typing import Any

from cop.base.words import _


class Problem(Exception):
    """An error with a message: `words` for the page, `errors` by field for the form and the API."""

    status = 400
    to: str | None = None  # where a browser is redirected, instead of an error page

    def __init__(self, words: str = "", errors: dict[str, str] | None = None, **extra: Any):
        super().__init__(words or type(self).__name__)
        self.words = words
        self.errors = errors or {}
        self.extra = extra


class BadRequest(Problem):
    """The request cannot be understood."""

    status = 400


class SignInNeeded(Problem):
    """The request has no valid session or token."""

    status = 401


class ViewerChanged(Problem):
    """The page was made for another person than the one who is signed in now: nothing is stored in the name of either."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            _("In deze browser is intussen iemand anders aangemeld. Er is niets opgeslagen. Meld u opnieuw aan.")
        )


class Forbidden(Problem):
    """The person may not do this."""

    status = 403


class NotFound(Problem):
    """Nothing is there, or nothing that the person may see."""

    status = 404


class Conflict(Problem):
    """Somebody else saved first; `extra` has what is needed to show both versions."""

    status = 409


class RepeatedKey(Conflict):
    """A request repeats a `client_id` with other content; nothing of it was stored.

    `row` is what the key made, `text` its text, `sent` the text of this request.
    """

    def __init__(self, words: str, row: Any, text: dict[str, str], sent: str):
        super().__init__(words, errors={"body": words}, code="repeated_key", sent=sent)
        self.row, self.text = row, text


class VersionNeeded(Conflict):
    """The request does not say which version it changes, so that it could overwrite another's text unseen."""

    status = 428

    def __init__(self) -> None:
        words = _("Stuur als base_version de versie mee die u wijzigt, zodat u niets van een ander overschrijft.")
        super().__init__(words, errors={"base_version": words})


class Gone(Problem):
    """The link was used before, or has expired."""

    status = 410


class TooLarge(Problem):
    """The request or a file in it is too large."""

    status = 413


class Invalid(Problem):
    """The input is invalid; `errors` says per field what to do."""

    status = 422


class TooMany(Problem):
    """Too many attempts or requests; the next may succeed after `extra['retry_after']` seconds."""

    status = 429


class Unavailable(Problem):
    """Nothing can be stored now; reading may still work."""

    status = 503


def title(status: int) -> str:
    """Return the title of a status, for pages and problem+json."""
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
        428: _("Onbekend welke versie u wijzigt"),
        429: _("Even wachten"),
        503: _("Even niet beschikbaar"),
    }.get(status, _("Er ging iets mis bij ons"))
