"""What an organisation is used for: its people, partnerships and contributions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from cop.base.db import db
from cop.base.words import n_
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person
from cop.society.programmes import PartnerOrganisation, Partnership
from cop.things import Thing


@dataclass(frozen=True)
class Uses:
    """The people who work for an organisation, those who are invited, its partnerships, and its contributions."""

    people: list[Person]
    partnerships: list[Partnership]
    contributions: int

    @classmethod
    def of(cls, organisation: Organisation) -> Uses:
        """Return what uses an organisation."""
        works = select(Affiliation.person_id).where(Affiliation.organisation_id == organisation.id)
        people = select(Person).where(or_(Person.organisation_id == organisation.id, Person.id.in_(works)))
        takes_part = select(PartnerOrganisation.partnership_id).where(
            PartnerOrganisation.organisation_id == organisation.id
        )
        partnerships = select(Partnership).where(Partnership.id.in_(takes_part)).order_by(Partnership.name)
        # A thread counts by its first post.
        things = (
            select(func.count())
            .select_from(Thing)
            .where(Thing.organisation_id == organisation.id, Thing.kind != "thread")
        )
        return cls(
            list(db.session.scalars(people.order_by(func.lower(Person.name)))),
            list(db.session.scalars(partnerships)),
            db.session.scalar(things) or 0,
        )

    @property
    def any(self) -> bool:
        """Whether anything uses the organisation."""
        return bool(self.people or self.partnerships or self.contributions)

    @property
    def entered(self) -> list[Person]:
        """The people who have signed in."""
        return [person for person in self.people if person.entered]

    @property
    def invited(self) -> list[Person]:
        """The people who were invited and have not signed in yet."""
        return [person for person in self.people if not person.entered]

    def in_words(self) -> list[str]:
        """Return the counts that are not zero, such as "2 deelnemers"."""
        entered, invited, partnerships = len(self.entered), len(self.invited), len(self.partnerships)
        counts = {
            n_("%(n)s deelnemer", "%(n)s deelnemers", entered): entered,
            n_("%(n)s uitgenodigde", "%(n)s uitgenodigden", invited): invited,
            n_("%(n)s samenwerking", "%(n)s samenwerkingen", partnerships): partnerships,
            n_("%(n)s bijdrage", "%(n)s bijdragen", self.contributions): self.contributions,
        }
        return [words for words, n in counts.items() if n]
