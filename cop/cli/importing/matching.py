"""Who wrote something: the person here with that mail address, if they have entered; nobody else is named."""

from __future__ import annotations

from typing import NamedTuple

from cop.base import mail_addresses
from cop.cli.importing.sources import Author
from cop.society.people import by_mail


class Matched(NamedTuple):
    """A person here, by id and name."""

    id: int
    name: str


class Matching:
    """The people here by the mail addresses of a source."""

    def __init__(self) -> None:
        self._known: dict[str, Matched | None] = {}

    def person(self, author: Author) -> Matched | None:
        """Return the person of an author; None for somebody who is not here, has not entered yet, or has left."""
        for mail in author.mails:
            if mail not in self._known:
                self._known[mail] = _find(mail)
            if (found := self._known[mail]) is not None:
                return found
        return None


def _find(mail: str) -> Matched | None:
    try:
        person = by_mail(mail_addresses.normalize(mail))
    except mail_addresses.Unmailable:
        return None
    if person is None or person.entered is None or person.state != "active":
        return None
    return Matched(person.id, person.name)
