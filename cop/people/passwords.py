"""Optional passwords, stored as Argon2id hashes."""

from __future__ import annotations

import re
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from cop.base.words import _
from cop.society.people import Person

SHORTEST = 12  # characters
# Words that are tried first when guessing; digits and punctuation around one add little.
COMMONEST = (
    "wachtwoord",
    "password",
    "passwort",
    "welkom",
    "welcome",
    "hallo",
    "geheim",
    "secret",
    "qwerty",
    "azerty",
    "qwertz",
    "asdf",
    "zxcv",
    "login",
    "admin",
    "beheer",
    "gebruiker",
    "letmein",
    "iloveyou",
    "ikhouvanjou",
    "monkey",
    "dragon",
    "voetbal",
    "ajax",
    "feyenoord",
    "amsterdam",
    "rotterdam",
    "utrecht",
    "nederland",
    "holland",
    "zomer",
    "winter",
    "lente",
    "herfst",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "januari",
    "februari",
    "maart",
    "april",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
    "gemeente",
    "woning",
    "corporatie",
    "thuis",
    "wijk",
    "kantoor",
    "computer",
    "test",
    "abc",
    "pass",
)
# OWASP's parameters for low memory: 19 MiB and two rounds, about 25 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_few_at_once = BoundedSemaphore(4)  # bounds the memory of simultaneous hashes
# Hash of a discarded secret: compared when there is no password, so that the response takes as long.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$gpj8Q47OCXU32er2xYWVsw$Lj7FA23BsK+riJEpKp7NboGMfxdJzmKq88blr/wROe8"


def hash(password: str) -> str:
    """Return the hash to store for a password; slow (25 ms), so call it outside a transaction."""
    with _few_at_once:
        return _hasher.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Return whether `password` matches the stored hash; takes as long when there is none.

    Slow (25 ms), so call it outside a transaction.
    """
    with _few_at_once:
        try:
            right = _hasher.verify(stored or _NOBODY, password)
        except (Argon2Error, InvalidHashError):
            return False
    return right and stored is not None


def objection(password: str, person: Person) -> str | None:
    """Return why `password` cannot be this person's new one, as a message, or None when it can."""
    if len(password) < SHORTEST:
        return _("Kies ten minste %(n)s tekens, bijvoorbeeld vier losse woorden.", n=SHORTEST)
    rest = password.casefold()
    for word in sorted({*_own_words(person), *COMMONEST}, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(set(re.sub(r"[\W\d_]", "", rest))) < 4:
        return _("Dit wachtwoord is makkelijk te raden. Neem liever vier losse woorden, zonder uw naam of mailadres.")
    return None


def _own_words(person: Person) -> set[str]:
    """Return the parts of a person's name, address and organisation, which others know."""
    known = f"{person.name} {person.mail} {person.organisation.name if person.organisation else ''}"
    return {word for word in re.split(r"[\W\d_]+", known.casefold()) if len(word) > 2}
