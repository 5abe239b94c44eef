"""Verbs of consent: an organisation agrees, or no longer, that what the partnership makes is shown outside the programme."""

from __future__ import annotations

from sqlalchemy import select

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Forbidden, NotFound
from cop.base.words import _
from cop.society.people import Affiliation, Person
from cop.society.programmes import PartnerOrganisation, PartnerPerson, Partnership


@action("partnerships.consent")
def consent(person: Person, partnership: Partnership, *, organisation: int) -> PartnerOrganisation:
    """Record that an organisation agrees; a person of the partnership who works for it says so."""
    return _answer(person, partnership, organisation, "given")


@action("partnerships.withdraw_consent")
def withdraw_consent(person: Person, partnership: Partnership, *, organisation: int) -> PartnerOrganisation:
    """Record that an organisation no longer agrees."""
    return _answer(person, partnership, organisation, "withdrawn")


def _answer(person: Person, partnership: Partnership, organisation: int, consent: str) -> PartnerOrganisation:
    partner = db.session.get(PartnerOrganisation, (partnership.id, organisation))
    if partner is None:
        raise NotFound
    if organisation not in answers_for(person, partnership):
        raise Forbidden(_("Alleen iemand van deze organisatie die bij de samenwerking hoort, kan hierover beslissen."))
    if partner.consent != consent:
        partner.consent, partner.consent_at, partner.consent_by_id = consent, clock.now(), person.id
    detail(organisation=organisation)
    db.session.flush()
    return partner


def answers_for(person: Person, partnership: Partnership) -> set[int]:
    """Return the organisations of a partnership for which a person can speak: those of their own, if they are in it."""
    if db.session.get(PartnerPerson, (partnership.id, person.id)) is None:
        return set()
    works = select(Affiliation.organisation_id).where(Affiliation.person_id == person.id)
    return set(
        db.session.scalars(
            select(PartnerOrganisation.organisation_id).where(
                PartnerOrganisation.partnership_id == partnership.id,
                PartnerOrganisation.organisation_id.in_(works)
                | (PartnerOrganisation.organisation_id == person.organisation_id),
            )
        )
    )
