"""Who wrote something: the person here with that mail address, if they have entered; nobody else is named."""

from __future__ import annotations

from cop.base import mail_addresses
from cop.base.db import db
from cop.cli.importing.sources import Author
from cop.society.people import Person, by_mail


class Matching:
    """The people here by the mail addresses of a source; ids are kept, since each transaction reads its own rows."""

    def __init__(self) -> None:
        self._ids: dict[str, int | None] = {}

    def person(self, author: Author) -> Person | None:
        """Return the person of an author; None for somebody who is not here, has not entered yet, or has left."""
        for mail in author.mails:
            if mail not in self._ids:
                self._ids[mail] = _id_of(mail)
            if (id := self._ids[mail]) is not None:
                return db.session.get(Person, id)
        return None


def _id_of(mail: str) -> int | None:
    try:
        person = by_mail(mail_addresses.normalize(mail))
    except mail_addresses.Unmailable:
        return None
    if person is None or person.entered is None or person.state != "active":
        return None
    return person.id
