"""How often something is used: on its page, for other features, for guests, and after something is removed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import select, update

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.partnerships import actions as partnerships
from cop.people import actions as people
from cop.society.audience import Guest
from cop.society.credentials import new_token
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import PartnerPerson, Partnership
from cop.things import Thing, Usage, usage_of
from cop.uses.models import ThingUse
from tests.uses.conftest import PURPOSE


def counted(app: Any, thing: int) -> Usage:
    with app.app_context():
        return usage_of([thing]).get(thing, Usage())


def test_counts_partnerships_and_organisations_once(app: Any, use: Any, shared: SimpleNamespace) -> None:
    assert counted(app, shared.post) == Usage()
    use(partnership=shared.duo)
    use("gerda", partnership=shared.duo)
    use("dina", partnership=shared.other)
    use("gerda")
    assert counted(app, shared.post) == Usage(partnerships=2, organisations=1)
    assert counted(app, shared.post).words == "gebruikt door 2 samenwerkingen en 1 organisatie"
    with app.app_context(), transaction():
        db.session.execute(
            update(ThingUse).values(organisation_id=None),
            execution_options={"changes": (), "synchronize_session": False},
        )
    assert counted(app, shared.post) == Usage(partnerships=2, people=1)


def test_thread_and_document_say_so(ask: Any, use: Any, read: Any, shared: SimpleNamespace) -> None:
    page = f"/threads/{shared.thread}"
    for _time in range(2):
        assert "gebruikt door" not in read("gerda", page)
    made = use("dina", partnership=shared.other)
    words = f'De reactie van Bram Baan is\n<a href="/things/{shared.post}/uses">gebruikt door 1 samenwerking</a>'
    for _time in range(2):  # the second page is from memory
        assert words in read("gerda", page)
    ask("anna", "put", f"{page}/answer", post=shared.post)
    assert words.replace("De reactie", "Het antwoord") in read("gerda", page)
    ask("dina", "delete", made["url"])
    assert "gebruikt door" not in read("gerda", page)
    assert "Ik heb dit gebruikt" in read("gerda", f"/files/{shared.file}")
    assert "Ik heb dit gebruikt" not in read("bram", f"/files/{shared.file}")
    use("gerda", shared.file)
    assert "gebruikt door 1 organisatie" in read("bram", f"/files/{shared.file}")


def test_cached_thread_takes_no_more_statements(
    cast: Any, use: Any, read: Any, count_statements: Any, shared: SimpleNamespace
) -> None:
    use()
    client = cast.client("gerda")
    for _time in range(2):
        client.get(f"/threads/{shared.thread}")
    with count_statements() as statements:
        page = client.get(f"/threads/{shared.thread}")
    assert "gebruikt door" in page.text
    assert len(statements) == 2, statements


def test_use_of_a_document_does_not_disturb_an_edit(ask: Any, use: Any, shared: SimpleNamespace) -> None:
    version = ask("bram", "get", f"/files/{shared.file}").json["version"]
    use("gerda", shared.file)
    assert ask("bram", "get", f"/files/{shared.file}").json["version"] == version


def test_guest_sees_partnerships_alone(app: Any, cast: Any, use: Any, ask: Any, shared: SimpleNamespace) -> None:
    with app.app_context(), transaction():
        guest = Person(mail="gast@elders.example", name="Gast Elders", state="active", entered=clock.now())
        db.session.add(guest)
        db.session.flush()
        db.session.add(Guest(person_id=guest.id, thing_id=shared.thread, role="reader"))
        token = new_token(guest)
    alone, together = use("gerda"), use(partnership=shared.duo)

    def read(url: str, api: str = "/api/v1", accept: str = "application/json") -> Any:
        headers = {"Authorization": f"Bearer {token}", "Accept": accept}
        return cast.client(None).get(f"{api}{url}", headers=headers)

    listed = read(f"/things/{shared.post}/uses").json["items"]
    assert [row["id"] for row in listed] == [together["id"]]
    assert read(alone["url"]).status_code == 404
    assert read(together["url"]).status_code == 200
    for url in (f"/threads/{shared.thread}", f"/things/{shared.post}/uses"):
        page = read(url, "", "text/html").text
        assert "gebruikt door 1 samenwerking" in page
        assert "organisatie" not in page.partition("<main")[2].partition("gebruikt door")[2][:60]
    refused = cast.client(None).post(
        f"/api/v1/things/{shared.post}/uses", json={"purpose": PURPOSE}, headers={"Authorization": f"Bearer {token}"}
    )
    assert refused.status_code == 403


def test_breach_withdraws_and_forgets(app: Any, ask: Any, use: Any, uses: Any, shared: SimpleNamespace) -> None:
    use(changed="Met haar naam erbij")
    of_file = use("gerda", shared.file)
    assert ask("bram", "post", f"/things/{shared.post}/breach", what=["contact"]).status_code == 201
    assert uses() == []
    with app.app_context():
        row = db.session.scalars(select(ThingUse).where(ThingUse.thing_id == shared.post)).one()
        assert (row.purpose, row.changed, row.withdrawn is not None) == ("", "", True)
        assert db.session.get_one(Thing, shared.post).state == "live"
    assert uses("gerda", shared.file) == [of_file["id"]]


def test_partnership_that_is_removed_leaves_its_uses(
    app: Any, ask: Any, cast: Any, use: Any, run_as: Any, shared: SimpleNamespace
) -> None:
    use(), use(partnership=shared.duo)
    use("gerda", partnership=shared.duo)
    run_as("fons", partnerships.remove, Partnership, shared.duo)
    assert counted(app, shared.post) == Usage(organisations=2)
    with app.app_context():
        assert db.session.scalars(select(PartnerPerson.person_id)).all() == [cast.dina]


def test_organisations_merge_and_go(app: Any, cast: Any, use: Any, run_as: Any, shared: SimpleNamespace) -> None:
    use("gerda")
    home, town, _know = cast.organisations
    run_as("fons", people.merge_organisation, Organisation, town, into=home)
    assert counted(app, shared.post) == Usage(organisations=1)
    with app.app_context(), transaction():
        spare = Organisation(name="Tijdelijk", kind="other")
        db.session.add(spare)
        db.session.flush()
        db.session.execute(
            update(ThingUse).values(organisation_id=spare.id),
            execution_options={"changes": (), "synchronize_session": False},
        )
        db.session.delete(spare)
    assert counted(app, shared.post) == Usage(people=1)
