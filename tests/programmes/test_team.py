"""team.add and team.remove: team members are moderators of all communities of the programme."""

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


def test_works_for_add(cast: Any) -> None:
    assert cast.client("bram").get("/communities/twee").status_code == 404
    answer = add(cast, "fons", cast.bram)
    assert (answer.status_code, answer.location) == (303, "/programmes/proef/edit")
    assert "Bram Baan" in cast.client("fons").get(answer.location).text
    for slug in ("een", "twee"):
        assert cast.client("bram").get(f"/communities/{slug}/edit").status_code == 200
    assert "Programmateam" in cast.client("chris").get("/communities/twee/members").text


def test_adding_twice_adds_once(cast: Any, app: Any) -> None:
    add(cast, "fons", cast.bram)
    assert add(cast, "iris", cast.bram).status_code == 303
    with app.app_context():
        assert db.session.query(TeamMember).count() == 2


def test_works_for_remove(cast: Any) -> None:
    add(cast, "fons", cast.bram)
    assert remove(cast, "fons", "bram").status_code == 303
    assert cast.client("bram").get("/communities/twee").status_code == 404
    assert cast.client("bram").get("/communities/een").status_code == 200  # still a member
    assert cast.client("bram").get("/communities/een/edit").status_code == 403


def test_works_by_api(cast: Any) -> None:
    path = "/api/v1/programmes/proef/team"
    assert cast.client(None).post(path, headers=cast.api("iris"), json={"member": cast.bram}).status_code == 204
    assert cast.client(None).delete(f"{path}/{cast.bram}", headers=cast.api("iris")).status_code == 204


def test_notices_are_deleted_where_access_ended(cast: Any, app: Any, run_as: Any) -> None:
    add(cast, "fons", cast.bram)
    for slug, who in ((cast.one, "anna"), (cast.two, "chris")):
        run_as(who, threads.start, Community, slug, title="Dag", text=text.render("Dag @Bram Baan", "plain"))
    remove(cast, "fons", "bram")
    with app.app_context():
        audiences = [row.audience_id for row in db.session.query(Notice).filter_by(person_id=cast.bram)]
    assert audiences == [cast.audiences.one]


def test_sockets_leave_the_community(cast: Any, connect: Any, run_as: Any) -> None:
    add(cast, "fons", cast.bram)
    thread = run_as("chris", threads.start, Community, cast.two, title="x", text=text.render("y", "plain"))
    socket = connect("bram")
    assert socket.emit("join", {"place": f"thread:{thread}"}, callback=True)["ok"]
    remove(cast, "fons", "bram")
    assert live.people_in(f"thread:{thread}") == set()
    assert "gone" in [m["name"] for m in socket.get_received()]


def test_last_team_member_cannot_be_removed(cast: Any, app: Any) -> None:
    answer = remove(cast, "fons", "fons")
    assert answer.status_code == 422
    assert "Dit is het laatste lid van het programmateam." in answer.text
    add(cast, "fons", cast.bram)
    with app.app_context(), transaction():
        db.session.get(Person, cast.bram).state = "deactivated"
    assert remove(cast, "fons", "fons").status_code == 422  # the remaining team member could not act
    add(cast, "fons", cast.anna)
    assert remove(cast, "fons", "bram").status_code == 303
    answer = remove(cast, "fons", "fons")
    assert (answer.status_code, answer.location) == (303, "/")


def test_stranger_gets_404(cast: Any) -> None:
    assert add(cast, "hans", cast.bram).status_code == 404
    assert remove(cast, "hans", "fons").status_code == 404


def test_wrong_role_gets_403(cast: Any) -> None:
    for who in ("anna", "eva", "gerda"):
        assert add(cast, who, cast.bram).status_code == 403, who
        assert remove(cast, who, "fons").status_code == 403, who


@pytest.mark.parametrize("whom", ["kees", "nobody", "stranger"])
def test_bad_input_names_the_field_for_add(cast: Any, app: Any, whom: str) -> None:
    with app.app_context(), transaction():
        stranger = Person(mail="vreemd@proef.example", name="Vera Vreemd", state="active")
        db.session.add(stranger)
        db.session.flush()
        id = {"kees": cast.kees, "nobody": 999999, "stranger": stranger.id}[whom]
    answer = cast.client(None).post("/api/v1/programmes/proef/team", headers=cast.api("fons"), json={"member": id})
    assert answer.status_code == 422
    assert answer.json["errors"] == {"member": "Kies iemand uit de lijst, of vul een mailadres in."}
    page = add(cast, "fons", id)
    assert page.status_code == 422
    assert "Vera Vreemd" not in page.text


def test_bad_input_names_the_field_for_remove(cast: Any) -> None:
    answer = remove(cast, "fons", "anna")
    assert answer.status_code == 422
    assert "Deze deelnemer hoort niet bij het programmateam." in answer.text


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    add(cast, "fons", cast.bram)
    remove(cast, "iris", "bram")
    for verb, who in (("team.add", cast.fons), ("team.remove", cast.iris)):
        entry = journal_entries(verb)[-1]
        assert (entry.person_id, entry.object_id, entry.details) == (who, cast.programme, {"member": cast.bram})
