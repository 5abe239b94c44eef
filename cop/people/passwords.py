"""Passwords: the second way in, for who wants one; kept as Argon2id."""

from __future__ import annotations

import re
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from cop.base.words import _
from cop.society.people import Person

SHORTEST = 12  # characters
# What people put in a password first; with digits and signs around it, it is no better.
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
# OWASP's choice for a server that keeps little memory free: 19 MiB and two rounds, some 25 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_few = BoundedSemaphore(4)  # so that a rush at the door costs time and not memory
# Of a secret that was thrown away: compared for who has no password, so that the answer takes as long.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$gpj8Q47OCXU32er2xYWVsw$Lj7FA23BsK+riJEpKp7NboGMfxdJzmKq88blr/wROe8"


def hash(password: str) -> str:
    """What is kept of a password; slow, so never inside a unit."""
    with _few:
        return _hasher.hash(password)


def verify(kept: str | None, password: str) -> bool:
    """Whether `password` is the one that was kept; takes as long when none was. Slow, so never inside a unit."""
    with _few:
        try:
            right = _hasher.verify(kept or _NOBODY, password)
        except (Argon2Error, InvalidHashError):
            return False
    return right and kept is not None


def objection(password: str, person: Person) -> str | None:
    """What is wrong with `password` as the new one of this person, in words; None when it will do."""
    if len(password) < SHORTEST:
        return _("Kies ten minste %(n)s tekens, bijvoorbeeld vier losse woorden.", n=SHORTEST)
    rest = password.casefold()
    for word in sorted({*_own_words(person), *COMMONEST}, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(set(re.sub(r"[\W\d_]", "", rest))) < 4:
        return _("Dit wachtwoord is makkelijk te raden. Neem liever vier losse woorden, zonder uw naam of mailadres.")
    return None


def _own_words(person: Person) -> set[str]:
    """The parts of a person's name and address that others know."""
    known = f"{person.name} {person.mail} {person.organisation.name if person.organisation else ''}"
    return {word for word in re.split(r"[\W\d_]+", known.casefold()) if len(word) > 2}
