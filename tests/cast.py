"""The people of the tests, and how to add them to a database."""

from __future__ import annotations

from types import SimpleNamespace

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.society.credentials import new_session, new_token
from cop.society.memberships import Membership, TeamMember
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person
from cop.society.programmes import Community, Programme


def create_cast() -> SimpleNamespace:
    """Create programme, communities and people; return their ids, session cookies and API tokens."""
    with transaction():
        add = db.session.add
        programme = Programme(slug="proef", name="Proefprogramma")
        add(programme)
        db.session.flush()
        one = Community(programme_id=programme.id, slug="een", name="Eerste kring", position=1)
        two = Community(programme_id=programme.id, slug="twee", name="Tweede kring", position=2)
        home = Organisation(kind="housing", name="Woonstichting Proef")
        town = Organisation(kind="municipality", name="Gemeente Proefdam")
        know = Organisation(kind="knowledge", name="Kennisinstituut Proef")
        db.session.add_all([one, two, home, town, know])
        db.session.flush()
        people: dict[str, Person] = {}
        for key, name, organisation in (
            ("anna", "Anna Adem", home),
            ("bram", "Bram Baan", town),
            ("chris", "Chris Ceder", town),
            ("dina", "Dina Deskundig", know),
            ("eva", "Eva Even", know),
            ("fons", "Fons Feit", know),
            ("gerda", "Gerda Gids", town),
            ("hans", "Hans Heen", home),
            ("iris", "Iris Inzicht", know),
            ("jan", "Jan Juist", home),
            ("kees", "Kees Klaar", home),
        ):
            person = people[key] = Person(
                mail=f"{key}@proef.example",
                name=name,
                state="active",
                entered=clock.now(),
                organisation_id=organisation.id,
            )
            add(person)
            db.session.flush()
            add(Affiliation(person_id=person.id, organisation_id=organisation.id))
        people["iris"].is_admin = True
        people["kees"].state = "deactivated"
        for key, community, role in (
            ("anna", one, "member"),
            ("bram", one, "member"),
            ("chris", two, "member"),
            ("dina", one, "expert"),
            ("eva", one, "moderator"),
            ("gerda", one, "reader"),
            ("jan", two, "moderator"),
            ("kees", one, "member"),
        ):
            add(Membership(person_id=people[key].id, community_id=community.id, role=role))
        add(Membership(person_id=people["hans"].id, community_id=one.id, role="member", ended=clock.now()))
        add(TeamMember(programme_id=programme.id, person_id=people["fons"].id))
        return SimpleNamespace(
            programme=programme.id,
            one=one.id,
            two=two.id,
            audiences=SimpleNamespace(one=one.audience_id, two=two.audience_id, programme=programme.audience_id),
            organisations=[home.id, town.id, know.id],
            cookies={key: new_session(person) for key, person in people.items()},
            tokens={key: new_token(person) for key, person in people.items()},
            **{key: person.id for key, person in people.items()},
        )
