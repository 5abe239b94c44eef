"""An accepted application: what the applicants wrote stands on the page, and describing their challenge is the first task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from cop.access import SYSTEM
from cop.base.action import transaction
from cop.base.db import db
from cop.base.events import Event, in_transaction
from cop.chat.models import rooms
from cop.partnerships.models import ChallengeVersion
from cop.society.people import Person
from cop.society.programmes import PartnerOrganisation, PartnerPerson, Partnership
from cop.things import removal


@dataclass
class Accepted(Event):
    """The event of accepting an application, as far as partnerships listen to it."""

    partnership: int = 0
    people: tuple[()] = ()
    communities: tuple[()] = ()
    answers: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def accepted(cast: Any, app: Any) -> int:
    """The id of a partnership that an accepted application made."""
    with app.app_context(), transaction():
        made = Partnership(programme_id=cast.programme, name="Kastanjedam", challenge="Sneller een woning.")
        db.session.add(made)
        db.session.flush()
        for organisation in cast.organisations[:2]:
            db.session.add(PartnerOrganisation(partnership_id=made.id, organisation_id=organisation))
        db.session.add(PartnerPerson(partnership_id=made.id, person_id=cast.anna))
        db.session.flush()
        answers = {"help_wanted": "Een jurist", "k7": "Wij werken al jaren samen.", "k8": "  "}
        event = Accepted("applications.accept", SYSTEM, None, None, partnership=made.id, answers=answers)
        for listener in in_transaction(event):
            listener(event)
        return made.id


def test_the_texts_stand_on_the_page(cast: Any, app: Any, accepted: int) -> None:
    page = cast.client("anna").get(f"/partnerships/{accepted}").text
    for words in ("Sneller een woning.", "Een jurist", "Wij werken al jaren samen.", "Overgenomen uit de aanmelding"):
        assert words in page
    assert "Eerste taak: beschrijf uw lokale opgave" in page
    outside = cast.client("chris").get(f"/partnerships/{accepted}").text
    assert "Sneller een woning." in outside
    assert "Wij werken al jaren samen." not in outside
    cast.client("anna").post(f"/partnerships/{accepted}/challenge", data={"goal": "Sneller een woning."})
    assert "Eerste taak" not in cast.client("anna").get(f"/partnerships/{accepted}").text
    with app.app_context():
        assert db.session.get(ChallengeVersion, (accepted, 2)).person_id == cast.anna


def test_it_has_a_room(cast: Any, app: Any, accepted: int) -> None:
    with app.app_context():
        audience = db.session.get_one(Partnership, accepted).audience_id
        assert len(rooms(db.session.get_one(Person, cast.anna), audience)) == 1


def test_it_can_be_taken_back(cast: Any, app: Any, accepted: int) -> None:
    """Undoing the acceptance removes the partnership with all that was made for it."""
    with app.app_context(), transaction():
        made = db.session.get_one(Partnership, accepted)
        assert removal.contents(made.audience_id) == []
        removal.remove_owner(made, made.audience_id)
    with app.app_context():
        assert db.session.get(Partnership, accepted) is None
