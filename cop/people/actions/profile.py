"""Verbs of one's own profile: first entry, public details, photo and language."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db, upsert
from cop.base.errors import Invalid
from cop.base.words import _
from cop.society.organisations import Organisation
from cop.society.people import Acceptance, Affiliation, Person

# Versions of the texts in templates/people/pages that a person accepts; raise one when its text changes.
VERSIONS = {"house-rules": "2026-11", "privacy": "2026-11"}


@action("people.enter")
def enter(
    person: Person,
    themselves: Person,
    *,
    name: str,
    function: str = "",
    organisation: int = 0,
    mail_shown: bool = False,
) -> Person:
    """Complete the first-entry page: record the name and accept the house rules and the privacy statement."""
    person.name, person.function, person.mail_shown = name, function, mail_shown
    if organisation:
        affiliate(person, organisation, [a.organisation_id for a in _affiliations(person)])
    for document, version in VERSIONS.items():
        upsert(Acceptance, {"person_id": person.id, "document": document, "version": version}, {"at": clock.now()})
    person.entered = person.entered or clock.now()
    return person


@action("people.edit")
def edit(
    person: Person,
    themselves: Person,
    /,
    *,
    organisation: int | None = None,
    organisations: Sequence[int] | None = None,
    **fields: object,
) -> Person:
    """Change a person's profile; `organisation` is the one shown beside the name, 0 for none."""
    for name, value in fields.items():
        setattr(person, name, value)
    if organisation is not None or organisations is not None:
        others = [a.organisation_id for a in _affiliations(person)] if organisations is None else organisations
        affiliate(person, (person.organisation_id or 0) if organisation is None else organisation, others)
    detail(fields=sorted(fields))
    return person


def affiliate(person: Person, main: int, others: Sequence[int] = (), by: Person | None = None) -> None:
    """Link a person to organisation `main` (0: none) and to `others`, and to no other, in the running transaction.

    Raise Invalid when one does not exist, or when neither the person works there nor `by` (default: the person) sees it.
    """
    wanted = {id for id in (main, *others) if id}
    visible = select(Organisation.id).where(Organisation.id.in_(wanted), access.visible_to(by or person, Organisation))
    known = {*db.session.scalars(visible), *(a.organisation_id for a in _affiliations(person))}
    if wanted - known:
        raise Invalid(
            errors={
                "organisation" if main not in known | {0} else "organisations": _("Kies een organisatie uit de lijst.")
            }
        )
    db.session.execute(delete(Affiliation).where(Affiliation.person_id == person.id))
    db.session.add_all(Affiliation(person_id=person.id, organisation_id=id, main=id == main) for id in sorted(wanted))
    person.organisation_id = main or None
    db.session.flush()
    db.session.refresh(person, ["organisation"])


def _affiliations(person: Person) -> list[Affiliation]:
    return list(db.session.scalars(select(Affiliation).where(Affiliation.person_id == person.id)))


@action("people.set_photo")
def set_photo(person: Person, themselves: Person, *, photo: str | None) -> Person:
    """Show the stored portrait with this SHA-256, or no photo (None)."""
    person.photo = photo
    detail(removed=int(photo is None))
    return person


@action("people.set_language")
def set_language(person: Person, themselves: Person, *, language: str) -> Person:
    """Set the language of a person's pages and mail."""
    person.language = language
    return person
