"""team.add and team.remove: who leads a programme is moderator in all its communities."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base import live, text
from cop.base.action import transaction
from cop.base.db import db
from cop.notices.models import Notice
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import Community
from cop.threads import actions as threads


def add(cast: Any, who: str, whom: int) -> Any:
    return cast.client(who).post("/programmes/proef/team", data={"member": whom})


def remove(cast: Any, who: str, whom: str) -> Any:
    return cast.client(who).post(f"/programmes/proef/team/{getattr(cast, whom)}/delete")


def test_add_works(cast: Any) -> None:
    assert cast.client("bram").get("/communities/twee").status_code == 404
    answer = add(cast, "fons", cast.bram)
    assert (answer.status_code, answer.location) == (303, "/programmes/proef/edit")
    assert "Bram Baan" in cast.client("fons").get(answer.location).text
    for slug in ("een", "twee"):
        assert cast.client("bram").get(f"/communities/{slug}/edit").status_code == 200
    assert "Programmateam" in cast.client("chris").get("/communities/twee/members").text


def test_add_twice_is_once(cast: Any, app: Any) -> None:
    add(cast, "fons", cast.bram)
    assert add(cast, "iris", cast.bram).status_code == 303
    with app.app_context():
        assert db.session.query(TeamMember).count() == 2


def test_remove_works(cast: Any) -> None:
    add(cast, "fons", cast.bram)
    assert remove(cast, "fons", "bram").status_code == 303
    assert cast.client("bram").get("/communities/twee").status_code == 404
    assert cast.client("bram").get("/communities/een").status_code == 200  # a member, as before
    assert cast.client("bram").get("/communities/een/edit").status_code == 403


def test_by_api(cast: Any) -> None:
    path = "/api/v1/programmes/proef/team"
    assert cast.client(None).post(path, headers=cast.api("iris"), json={"member": cast.bram}).status_code == 204
    assert cast.client(None).delete(f"{path}/{cast.bram}", headers=cast.api("iris")).status_code == 204


def test_what_was_told_goes_along_where_access_ended(cast: Any, app: Any, by: Any) -> None:
    add(cast, "fons", cast.bram)
    for slug, who in ((cast.one, "anna"), (cast.two, "chris")):
        by(who, threads.start, Community, slug, title="Dag", text=text.render("Dag @Bram Baan", "plain"))
    remove(cast, "fons", "bram")
    with app.app_context():
        told = [row.audience_id for row in db.session.query(Notice).filter_by(person_id=cast.bram)]
    assert told == [cast.audiences.one]


def test_the_wire_is_cut(cast: Any, connect: Any, by: Any) -> None:
    add(cast, "fons", cast.bram)
    thread = by("chris", threads.start, Community, cast.two, title="x", text=text.render("y", "plain"))
    socket = connect("bram")
    assert socket.emit("join", {"place": f"thread:{thread}"}, callback=True)["ok"]
    remove(cast, "fons", "bram")
    assert live.people_in(f"thread:{thread}") == set()
    assert "gone" in [m["name"] for m in socket.get_received()]


def test_the_last_one_stays(cast: Any, app: Any) -> None:
    answer = remove(cast, "fons", "fons")
    assert answer.status_code == 422
    assert "Dit is het laatste lid van het programmateam." in answer.text
    add(cast, "fons", cast.bram)
    with app.app_context(), transaction():
        db.session.get(Person, cast.bram).state = "deactivated"
    assert remove(cast, "fons", "fons").status_code == 422  # who is left could do nothing
    add(cast, "fons", cast.anna)
    assert remove(cast, "fons", "bram").status_code == 303
    answer = remove(cast, "fons", "fons")
    assert (answer.status_code, answer.location) == (303, "/")


def test_stranger_and_wrong_role(cast: Any) -> None:
    assert add(cast, "hans", cast.bram).status_code == 404
    assert remove(cast, "hans", "fons").status_code == 404
    for who in ("anna", "eva", "gerda"):
        assert add(cast, who, cast.bram).status_code == 403, who
        assert remove(cast, who, "fons").status_code == 403, who


@pytest.mark.parametrize("whom", ["kees", "nobody", "stranger"])
def test_bad_input_add(cast: Any, app: Any, whom: str) -> None:
    with app.app_context(), transaction():
        stranger = Person(mail="vreemd@proef.example", name="Vera Vreemd", state="active")
        db.session.add(stranger)
        db.session.flush()
        id = {"kees": cast.kees, "nobody": 999999, "stranger": stranger.id}[whom]
    answer = cast.client(None).post("/api/v1/programmes/proef/team", headers=cast.api("fons"), json={"member": id})
    assert answer.status_code == 422
    assert answer.json["errors"] == {"member": "Kies iemand uit de lijst."}
    page = add(cast, "fons", id)
    assert page.status_code == 422
    assert "Vera Vreemd" not in page.text


def test_bad_input_remove(cast: Any) -> None:
    answer = remove(cast, "fons", "anna")
    assert answer.status_code == 422
    assert "Deze deelnemer hoort niet bij het programmateam." in answer.text


def test_told_to_the_journal(cast: Any, told: Any) -> None:
    add(cast, "fons", cast.bram)
    remove(cast, "iris", "bram")
    for verb, who in (("team.add", cast.fons), ("team.remove", cast.iris)):
        entry = told(verb)[-1]
        assert (entry.person_id, entry.object_id, entry.details) == (who, cast.programme, {"member": cast.bram})
