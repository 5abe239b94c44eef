"""access_review.confirm, access_review.withdraw, access_review.end_guest and access_review.restore_guest.

Who may what, since when, confirmed one by one or all at once; guests end here.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.access_review.checks import reviewed
from cop.access_review.models import last_review
from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.society.audience import Guest
from cop.society.memberships import Membership, TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, PartnerPerson, Partnership, Programme
from cop.things.reader import Follow
from cop.threads import actions as threads
from tests.conftest import go_to

PAGE = "/programmes/proef/access-review"


def confirm(cast: Any, who: str, **data: Any) -> Any:
    return cast.client(who).post(PAGE, data=data)


def listed(cast: Any, who: str = "fons") -> dict[int, Any]:
    answer = cast.client(None).get(f"/api/v1{PAGE}", headers=cast.api(who))
    return {row["id"]: row for row in answer.json["items"]}


def test_works(cast: Any) -> None:
    page = cast.client("fons").get(PAGE).text
    for words in (
        "Anna",
        "Eerste kring",
        "nog niet eerder helemaal nagekeken",
        f"/communities/een/members/{cast.anna}",
    ):
        assert words in page, words
    answer = confirm(cast, "fons", people=[cast.anna])
    assert (answer.status_code, answer.location) == (303, PAGE)
    shown = cast.client("fons").get(PAGE).text
    assert f'formaction="{PAGE}/people/{cast.anna}/delete"' in shown
    assert "nog niet eerder helemaal nagekeken" in shown


def test_works_by_api(cast: Any, app: Any) -> None:
    before = listed(cast)
    assert {one["role"] for one in before[cast.fons]["places"]} == {"team"}
    (place,) = before[cast.anna]["places"]
    assert (place["kind"], place["name"], place["role"]) == ("community", "Eerste kring", "member")
    assert before[cast.anna]["confirmed"] is None
    answer = cast.client(None).post(f"/api/v1{PAGE}", headers=cast.api("fons"), json={"people": [cast.anna]})
    assert answer.status_code in (200, 204)
    now = listed(cast)
    assert now[cast.anna]["confirmed"] == clock.today().isoformat()
    assert now[cast.anna]["confirmed_by"]
    gone = cast.client(None).delete(f"/api/v1{PAGE}/people/{cast.anna}", headers=cast.api("fons"))
    assert gone.status_code in (200, 204)
    assert listed(cast)[cast.anna]["confirmed"] is None


def test_partners_experts_and_months_are_shown(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        duo = Partnership(programme_id=cast.programme, name="Duo Proefdam")
        db.session.add(duo)
        db.session.flush()
        db.session.add(PartnerPerson(partnership_id=duo.id, person_id=cast.anna))
        expert = db.session.scalars(select(Membership).where(Membership.person_id == cast.dina)).one()
        expert.until = clock.today() + timedelta(days=30)
        db.session.get_one(Person, cast.anna).seen = clock.today().replace(day=1)
    rows = listed(cast)
    assert {(one["kind"], one["name"]) for one in rows[cast.anna]["places"]} == {
        ("community", "Eerste kring"),
        ("partnership", "Duo Proefdam"),
    }
    since = {one["kind"]: one["since"] for who in (cast.anna, cast.fons) for one in rows[who]["places"]}
    assert since == dict.fromkeys(("community", "partnership", "team"), clock.today().isoformat())
    assert rows[cast.anna]["seen"].endswith("-01")
    assert rows[cast.dina]["places"][0]["until"]
    assert cast.hans not in rows
    assert cast.kees not in rows


def test_everybody_finishes_the_review(cast: Any, app: Any) -> None:
    assert confirm(cast, "iris", everybody="1").status_code == 303
    assert "Laatst afgerond op" in cast.client("fons").get(PAGE).text
    with app.app_context():
        programme = db.session.get_one(Programme, cast.programme)
        last = last_review(cast.programme)
        assert last is not None
        assert last.by_id == cast.iris
        ((_programme, check),) = reviewed([programme])
        assert check.done
    clock.shift(timedelta(days=200))
    with app.app_context():
        ((_programme, check),) = reviewed([db.session.get_one(Programme, cast.programme)])
        assert not check.done


def test_one_by_one_finishes_it_too(cast: Any, app: Any) -> None:
    everybody = list(listed(cast))
    confirm(cast, "fons", people=everybody[:-1])
    with app.app_context():
        assert last_review(cast.programme) is None
    confirm(cast, "fons", people=everybody[-1:])
    with app.app_context():
        assert last_review(cast.programme) is not None


def test_statements_do_not_grow_with_the_people(cast: Any, app: Any, count_statements: Any) -> None:
    client = cast.client("fons")
    client.get(PAGE)
    with count_statements() as few:
        client.get(PAGE)
    with app.app_context(), transaction():
        for n in range(40):
            person = Person(mail=f"p{n}@proef.example", name=f"Persoon {n}", state="active", entered=clock.now())
            db.session.add(person)
            db.session.flush()
            db.session.add(Membership(person_id=person.id, community_id=cast.one, role="member"))
    client.get("/programmes/proef")  # reads the rights again, which a membership changed
    with count_statements() as many:
        assert "Persoon 39" in client.get(PAGE).text
    assert len(many) <= len(few) + 1
    assert len(many) <= 12


def test_stranger_gets_404(cast: Any) -> None:
    for who in ("hans", "chris", "anna", "jan", "eva"):
        assert cast.client(who).get(PAGE).status_code == 404, who
        assert confirm(cast, who, everybody="1").status_code == 404, who


def test_wrong_role_gets_404_too(cast: Any) -> None:
    """To those who take part in the programme the page does not exist either."""
    assert cast.client("bram").post(f"{PAGE}/people/{cast.anna}/delete").status_code == 404


def test_bad_input_names_the_field(cast: Any) -> None:
    for people in ([], [cast.hans], [999]):
        answer = confirm(cast, "fons", people=people)
        assert answer.status_code == 422
        assert "Kies mensen uit de lijst." in answer.text


def test_is_journalled(cast: Any, app: Any) -> None:
    confirm(cast, "fons", people=[cast.anna])
    cast.client("fons").post(f"{PAGE}/people/{cast.anna}/delete")
    with app.app_context():
        mine = select(JournalEntry).where(JournalEntry.verb.startswith("access_review.")).order_by(JournalEntry.id)
        rows = [(row.verb, row.person_id, row.details) for row in db.session.scalars(mine)]
    assert rows == [
        ("access_review.confirm", cast.fons, {"people": [cast.anna], "finished": 0}),
        ("access_review.withdraw", cast.fons, {"member": cast.anna}),
    ]


@pytest.fixture
def guest(app: Any, cast: Any) -> Any:
    """Return a function that makes Hans, who takes part nowhere, a guest of a thread: the ids of the thread and of him."""

    def make(until: date | None = None) -> tuple[int, int]:
        with app.app_context(), transaction():
            anna, one = db.session.get_one(Person, cast.anna), db.session.get_one(Community, cast.one)
            words = text.render("Wie heeft een model?", "plain")
            thread = threads.start(anna, one, kind="question", title="Wie heeft een model?", text=words)
            made = Guest(person_id=cast.hans, thing_id=thread.id, role="expert", until=until, invited_by_id=cast.eva)
            db.session.add(made)
            db.session.flush()
            return thread.id, made.id

    return make


def end(cast: Any, who: str, id: int) -> Any:
    return cast.client(who).post(f"{PAGE}/guests/{id}/delete")


def test_a_guest_is_ended_before_the_last_day_and_undone(cast: Any, app: Any, guest: Any) -> None:
    thread, id = guest(clock.today() + timedelta(days=60))
    hans = cast.client("hans")
    assert hans.get(f"/threads/{thread}").status_code == 200
    with app.app_context(), transaction():
        db.session.add(Follow(person_id=cast.hans, thing_id=thread))
    assert f'formaction="{PAGE}/guests/{id}/delete"' in cast.client("fons").get(PAGE).text
    answer = end(cast, "fons", id)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert hans.get(f"/threads/{thread}").status_code == 404
    assert cast.hans not in listed(cast)
    with app.app_context():
        assert db.session.get(Follow, (cast.hans, thread)) is None
        rows = db.session.scalars(select(JournalEntry).where(JournalEntry.verb == "access_review.end_guest"))
        assert [row.details for row in rows] == [{"member": cast.hans, "guest": id, "target": thread}]
    assert cast.client("fons").post(f"{PAGE}/guests/{id}/restore").status_code == 303
    assert hans.get(f"/threads/{thread}").status_code == 200
    again = cast.client("fons").post(f"{PAGE}/guests/{id}/restore")
    assert again.status_code == 422
    assert "Deze gast kan dit al zien." in again.text


def test_a_guest_is_ended_by_api(cast: Any, guest: Any) -> None:
    thread, id = guest()
    (place,) = listed(cast)[cast.hans]["places"]
    assert (place["kind"], place["guest"]) == ("guest", id)
    gone = cast.client(None).delete(f"/api/v1{PAGE}/guests/{id}", headers=cast.api("iris"))
    assert gone.status_code == 204
    assert cast.client(None).get(f"/api/v1/threads/{thread}", headers=cast.api("hans")).status_code == 404


def test_a_guest_is_not_put_back_after_a_day_or_the_last_day(cast: Any, guest: Any) -> None:
    noon = clock.now().replace(hour=12)  # so that it is another day 23 hours later, at whatever hour this runs
    for later, whole_day in ((timedelta(hours=25), False), (timedelta(hours=23), True)):
        go_to(noon)
        _thread, id = guest(clock.today() if whole_day else None)
        end(cast, "fons", id)
        go_to(noon + later)
        answer = cast.client("fons").post(f"{PAGE}/guests/{id}/restore")
        assert (answer.status_code, "niet meer ongedaan" in answer.text) == (422, True)


def test_only_guests_of_the_programme_are_ended_and_only_by_its_team(cast: Any, app: Any, guest: Any) -> None:
    thread, id = guest()
    for who in ("hans", "anna", "eva", "jan"):
        assert end(cast, who, id).status_code == 404, who
    with app.app_context(), transaction():
        other = Programme(slug="ander", name="Ander programma")
        db.session.add(other)
        db.session.flush()
        db.session.add(TeamMember(programme_id=other.id, person_id=cast.fons))
    assert cast.client("fons").post(f"/programmes/ander/access-review/guests/{id}/delete").status_code == 404
    assert end(cast, "fons", 999).status_code == 404
    assert cast.client("hans").get(f"/threads/{thread}").status_code == 200
