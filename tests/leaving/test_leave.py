"""people.leave, people.hand_over and people.come_back: access ends, a successor takes over, and a day to undo it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.journal import JournalEntry
from cop.leaving.listeners import sweep
from cop.society.departures import departure_of
from cop.society.people import Affiliation, Person
from cop.society.programmes import PartnerOrganisation, PartnerPerson, Partnership
from cop.things.drafts import Draft
from cop.things.reader import Follow

NEW = {"mail": "nieuw@proef.example", "name": "Nina Nieuw"}


@pytest.fixture
def duo(app: Any, cast: Any) -> int:
    """Return the id of a partnership of Anna's organisation with Anna in it."""
    with app.app_context(), transaction():
        partnership = Partnership(programme_id=cast.programme, name="Duo Proefdam")
        db.session.add(partnership)
        db.session.flush()
        for id in cast.organisations[:2]:
            db.session.add(PartnerOrganisation(partnership_id=partnership.id, organisation_id=id))
        db.session.add(PartnerPerson(partnership_id=partnership.id, person_id=cast.anna))
        return int(partnership.id)


def leave(cast: Any, who: str, person: int, **data: Any) -> Any:
    return cast.client(who).post(f"/people/{person}/departure", data={"named": "1", **data})


def partners(app: Any, duo: int) -> set[int]:
    with app.app_context():
        return set(db.session.scalars(select(PartnerPerson.person_id).where(PartnerPerson.partnership_id == duo)))


def person(app: Any, id: int) -> Person:
    with app.app_context():
        return db.session.get_one(Person, id)


def test_works(cast: Any, app: Any, duo: int, membership: Any) -> None:
    answer = leave(cast, "fons", cast.anna)
    assert (answer.status_code, answer.location) == (303, f"/people/{cast.anna}/departure")
    assert cast.client("anna").get("/communities/een").status_code == 303
    assert cast.client(None).get("/api/v1/me", headers=cast.api("anna")).status_code == 401
    assert membership("anna").ended
    assert partners(app, duo) == set()
    page = cast.client("fons").get(answer.location).text
    assert "is uit dienst." in page
    assert "Opvolger aanwijzen" in page
    assert f'action="/people/{cast.anna}/departure/delete"' in page


def test_sockets_are_closed(cast: Any, connect: Any) -> None:
    socket = connect("anna")
    assert socket.is_connected()
    leave(cast, "fons", cast.anna)
    assert not socket.is_connected()


def test_works_for_oneself(cast: Any, app: Any) -> None:
    page = cast.client("anna").get(f"/people/{cast.anna}").text
    assert f'href="/people/{cast.anna}/departure"' in page
    assert leave(cast, "anna", cast.anna).location == "/"
    assert person(app, cast.anna).state == "deactivated"


def test_works_by_api(cast: Any, app: Any, duo: int) -> None:
    path = f"/api/v1/people/{cast.anna}/departure"
    carried = cast.client(None).get(path, headers=cast.api("fons")).json
    assert (carried["communities"], carried["partnerships"]) == (["Eerste kring"], ["Duo Proefdam"])
    answer = cast.client(None).post(path, headers=cast.api("fons"), json={"successor": cast.bram})
    assert (answer.status_code, answer.json["person"], answer.json["successor"]) == (201, cast.anna, cast.bram)
    assert answer.json["partnerships"] == [duo]
    back = cast.client(None).delete(path, headers=cast.api("fons"))
    assert back.status_code == 200
    assert back.json["undone"]
    assert partners(app, duo) == {cast.anna}


def test_preview_says_what_ends_and_changes_nothing(cast: Any, app: Any, duo: int) -> None:
    path = f"/people/{cast.anna}/departure/preview"
    shown = cast.client("fons").post(path, data={"named": "0", **NEW}).text
    for words in (
        "Duo Proefdam",
        "Eerste kring",
        "Nina Nieuw (nieuw@proef.example)",
        "Oud-deelnemer",
        "Concepten zijn privé",
    ):
        assert words in shown, words
    assert 'name="named" value="0"' in shown
    assert person(app, cast.anna).state == "active"
    with app.app_context():
        assert db.session.scalar(select(Person.id).where(Person.mail == NEW["mail"])) is None


def test_last_moderator_is_named_in_the_preview(cast: Any) -> None:
    shown = cast.client("fons").post(f"/people/{cast.eva}/departure/preview", data={"named": "1"}).text
    assert "In ‘Eerste kring’ blijft niemand over die het leidt." in shown
    assert leave(cast, "fons", cast.eva).status_code == 303


def test_contributions_stay_as_former_participant(cast: Any, app: Any, run_as: Any) -> None:
    before = person(app, cast.anna)
    thread = cast.client("anna").post(
        "/communities/een/threads",
        data={"kind": "question", "title": "Wie heeft dit?", "body": "Wij zoeken een convenant."},
    )
    assert thread.status_code == 303
    assert before.name in cast.client("bram").get(thread.location).text
    leave(cast, "fons", cast.anna, named="0")
    shown = cast.client("bram").get(thread.location).text
    assert before.name not in shown
    assert "Oud-deelnemer" in shown
    assert before.organisation.name in shown
    for path in (thread.location, f"/people/{cast.anna}"):  # in the language of the reader, whatever the leaver's was
        english = cast.client("bram")
        english.set_cookie("cop-language", "en")
        in_english = english.get(path).text
        assert "Former participant" in in_english, path
        assert "Oud-deelnemer" not in in_english, path
        assert before.mail not in in_english, path
    assert person(app, cast.anna).name == ""
    assert before.name not in cast.client("bram").get("/communities/een/members").text
    assert "Wie heeft dit?" in cast.client("bram").get("/search?q=convenant").text
    leave_back = cast.client("fons").post(f"/people/{cast.anna}/departure/delete")
    assert leave_back.status_code == 303
    assert before.name in cast.client("bram").get(thread.location).text


def test_successor_takes_over_and_drafts_stay_private(cast: Any, app: Any, duo: int, run_as: Any, outbox: Any) -> None:
    thread = cast.client("eva").post(
        "/communities/een/threads", data={"kind": "question", "title": "Gevolgd", "body": "Waarover gaat het?"}
    )
    id = int(thread.location.rsplit("/", 1)[1])
    with app.app_context(), transaction():
        db.session.merge(Follow(person_id=cast.anna, thing_id=id))
    drafts = lambda: {row.person_id for row in db.session.scalars(select(Draft))}
    with app.app_context():
        before = drafts()
    assert leave(cast, "fons", cast.anna, **NEW).status_code == 303
    (email,) = outbox(NEW["mail"])
    assert email.kind == "leaving/successor"
    assert "Duo Proefdam" in email.text
    assert "Eerste kring" in email.text
    with app.app_context():
        successor = db.session.scalars(select(Person).where(Person.mail == NEW["mail"])).one()
        assert successor.organisation_id == db.session.get_one(Person, cast.anna).organisation_id
        assert db.session.get(Follow, (successor.id, id)) is not None
        assert drafts() == before
        followers = successor.id
    assert partners(app, duo) == {followers}
    link = next(line for line in email.text.splitlines() if "/sign-in/" in line).replace("http://localhost", "")
    assert cast.client(None).post(link).location == f"/partnerships/{duo}"


def test_successor_can_be_named_later(cast: Any, app: Any, duo: int, membership: Any) -> None:
    leave(cast, "fons", cast.anna)
    path = f"/people/{cast.anna}/departure/successor"
    assert cast.client("fons").post(path, data={"successor": cast.chris}).status_code == 303
    assert partners(app, duo) == {cast.chris}
    assert membership("chris").role == "member"
    assert cast.client("fons").post(path, data={"successor": cast.bram}).status_code == 409


def test_somebody_seen_by_nobody_else_can_be_handed_over(cast: Any, app: Any, duo: int) -> None:
    with app.app_context(), transaction():
        paul = Person(mail="paul@proef.example", name="Paul Partner", state="active", entered=clock.now())
        db.session.add(paul)
        db.session.flush()
        db.session.add(PartnerPerson(partnership_id=duo, person_id=paul.id))
        id = paul.id
    leave(cast, "fons", id)
    assert cast.client("fons").get(f"/people/{id}/departure").status_code == 200
    assert cast.client("bram").get(f"/people/{id}/departure").status_code == 404


def test_one_organisation_leaves_the_account(cast: Any, app: Any, duo: int, membership: Any) -> None:
    with app.app_context():
        organisation = db.session.get_one(Person, cast.anna).organisation_id
    with app.app_context(), transaction():
        for id in {organisation, cast.organisations[2]}:
            if db.session.get(Affiliation, (cast.anna, id)) is None:
                db.session.add(Affiliation(person_id=cast.anna, organisation_id=id, main=False))
        if db.session.get(PartnerOrganisation, (duo, organisation)) is None:
            db.session.add(PartnerOrganisation(partnership_id=duo, organisation_id=organisation))
    assert leave(cast, "fons", cast.anna, organisation=organisation).status_code == 303
    assert partners(app, duo) == set()
    assert membership("anna").ended
    anna = person(app, cast.anna)
    assert (anna.state, anna.organisation_id) == ("active", cast.organisations[2])
    assert cast.client("anna").get("/communities/een").status_code == 404
    refused = leave(cast, "fons", cast.anna, organisation=organisation)
    assert refused.status_code == 422
    assert "Kies een organisatie van deze deelnemer." in refused.text
    assert cast.client("anna").post(f"/people/{cast.anna}/departure/delete").status_code == 403
    assert cast.client("fons").post(f"/people/{cast.anna}/departure/delete").status_code == 303
    assert partners(app, duo) == {cast.anna}
    assert person(app, cast.anna).organisation_id == organisation
    assert membership("anna").ended is None


def test_undo_takes_back_what_the_successor_got(cast: Any, app: Any, duo: int, membership: Any) -> None:
    leave(cast, "fons", cast.anna, successor=cast.chris)
    assert membership("chris").ended is None
    assert cast.client("fons").post(f"/people/{cast.anna}/departure/delete").status_code == 303
    assert membership("chris").ended
    assert membership("anna").ended is None
    assert partners(app, duo) == {cast.anna}
    assert person(app, cast.anna).state == "active"
    assert cast.client("anna").get("/communities/een").status_code == 303  # signs in anew


def test_after_a_day_it_stays_and_the_former_profile_is_gone(cast: Any, app: Any) -> None:
    leave(cast, "fons", cast.anna, named="0")
    clock.shift(timedelta(days=2))
    assert cast.client("fons").post(f"/people/{cast.anna}/departure/delete").status_code == 409
    with app.app_context():
        sweep()
        departure = departure_of(cast.anna)
        assert departure is not None
        assert departure.profile is None


def test_it_is_told_to_whom_it_concerns(cast: Any, app: Any, duo: int) -> None:
    with app.app_context(), transaction():
        db.session.add(PartnerPerson(partnership_id=duo, person_id=cast.bram))
    leave(cast, "iris", cast.anna, successor=cast.chris)
    with app.app_context():
        told = set(db.session.execute(select(Email.kind, Email.person_id).where(Email.kind.like("leaving/%"))).all())
    assert told == {
        ("leaving/left", cast.anna),
        ("leaving/successor", cast.chris),
        ("leaving/told", cast.bram),
        ("leaving/told", cast.fons),
    }


def test_others_read_of_their_own_partnership_alone(cast: Any, app: Any, duo: int, outbox: Any) -> None:
    with app.app_context(), transaction():
        other = Partnership(programme_id=cast.programme, name="Duo Geheim")
        db.session.add(other)
        db.session.flush()
        db.session.add(PartnerPerson(partnership_id=other.id, person_id=cast.anna))
        db.session.add(PartnerPerson(partnership_id=duo, person_id=cast.bram))
    leave(cast, "iris", cast.anna)
    (to_bram,) = outbox("bram@proef.example")
    assert "Duo Proefdam" in to_bram.text
    assert "Duo Geheim" not in to_bram.text
    (to_fons,) = outbox("fons@proef.example")
    assert "Duo Geheim" in to_fons.text


def test_lists_and_exports_keep_working(cast: Any, app: Any) -> None:
    before = person(app, cast.anna).name
    leave(cast, "fons", cast.anna, named="0")
    for path in ("/communities/een/members", "/communities/een/members.csv", "/people", f"/people/{cast.anna}"):
        answer = cast.client("fons" if path != "/people" else "iris").get(path)
        assert answer.status_code == 200, path
        assert before not in answer.text, path
    assert before not in cast.client("bram").get(f"/search?q={before.split()[0]}").text.partition("<main")[2].replace(
        f'value="{before.split()[0]}"', ""
    )


def test_waiting_mail_and_links_end(cast: Any, app: Any) -> None:
    cast.client(None).post("/sign-in", data={"mail": "anna@proef.example"})
    leave(cast, "fons", cast.anna)
    with app.app_context():
        waiting = db.session.scalars(select(Email.kind).where(Email.person_id == cast.anna, Email.state == "waiting"))
        assert set(waiting) == {"leaving/left"}


def test_last_administrator_stays(cast: Any, app: Any) -> None:
    answer = leave(cast, "iris", cast.iris)
    assert answer.status_code == 409
    assert person(app, cast.iris).is_admin


def test_team_cannot_close_an_administrator_or_somebody_of_another_programme(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.bram).is_admin = True
    assert leave(cast, "fons", cast.bram).status_code == 403


def test_bad_input_names_the_field(cast: Any) -> None:
    answer = leave(cast, "fons", cast.anna, mail="nieuw@proef.example")
    assert answer.status_code == 422
    assert "Vul de naam in." in answer.text
    assert leave(cast, "fons", cast.anna, successor=cast.anna).status_code == 422


def test_the_person_cannot_name_a_successor(cast: Any, app: Any) -> None:
    assert leave(cast, "anna", cast.anna, successor=cast.bram).status_code == 403
    assert person(app, cast.anna).state == "active"


def test_stranger_gets_404(cast: Any) -> None:
    assert leave(cast, "hans", cast.anna).status_code == 404


def test_wrong_role_gets_403(cast: Any) -> None:
    for who in ("bram", "eva", "gerda", "jan"):
        assert leave(cast, who, cast.anna).status_code == 403, who


def test_is_journalled(cast: Any, app: Any, duo: int) -> None:
    leave(cast, "fons", cast.anna, successor=cast.bram)
    cast.client("fons").post(f"/people/{cast.anna}/departure/delete")
    with app.app_context():
        rows = db.session.scalars(
            select(JournalEntry)
            .order_by(JournalEntry.id)
            .where(JournalEntry.verb.in_(("people.leave", "people.come_back")))
        )
        found = [(row.verb, row.person_id, row.details["member"], row.details["successor"]) for row in rows]
    assert found == [
        ("people.leave", cast.fons, cast.anna, cast.bram),
        ("people.come_back", cast.fons, cast.anna, cast.bram),
    ]
