"""preparation.tick, preparation.untick, and the list of who comes: what team, host and participants read before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cop.base.action import transaction
from cop.base.db import db
from cop.meetings.models import Meeting
from cop.society.people import Person
from cop.society.programmes import Partnership
from tests.conftest import go_to
from tests.meetings.conftest import START


def items(ask: Any, meeting: Any, who: str = "eva") -> dict[str, Any]:
    return {row["item"]: row for row in ask(who, "get", f"{meeting.api}/preparation").json["items"]}


def test_works(meeting: Any, post: Any, read: Any) -> None:
    shown = read("eva", meeting.url)
    assert all(words in shown for words in ("Voorbereiding", "Drie weken vooraf", "uiterlijk vrijdag 5 maart 2027"))
    assert post("eva", f"{meeting.url}/preparation/speakers").location == f"{meeting.url}#preparation"
    assert "Eva Even, maandag 1 maart 2027" in read("fons", meeting.url)
    assert post("fons", f"{meeting.url}/preparation/speakers/delete").status_code == 303
    assert "Eva Even, maandag" not in read("fons", meeting.url)
    for who in ("anna", "dina", "gerda"):
        assert "Voorbereiding" not in read(who, meeting.url)


def test_works_by_api(meeting: Any, ask: Any, block: Any, question: Any) -> None:
    before = items(ask, meeting)
    assert [name for name, row in before.items() if row["done"]] == ["announced", "place"]
    asked, made = question(), block()
    ask("eva", "put", f"/api/v1/questions/{asked['id']}/block", block=made["id"])
    ask("eva", "patch", meeting.api, route="Bus 4", title="Plaats maken")
    ticked = ask("eva", "put", f"{meeting.api}/preparation/expert").json
    assert (ticked["done"], ticked["by"], ticked["due"]) == (True, "Eva Even", "2027-03-19")
    after = items(ask, meeting)
    assert [name for name, row in after.items() if not row["done"]] == ["speakers", "participants", "room"]
    assert ask("fons", "put", f"{meeting.api}/preparation/expert").json["by"] == "Eva Even", "who did so first"
    assert ask("eva", "delete", f"{meeting.api}/preparation/expert").json["done"] is False
    block(600)
    assert items(ask, meeting)["agenda"]["done"] is False, "longer than the meeting"
    assert ask("eva", "put", f"{meeting.api}/preparation/agenda").status_code == 409, "data show it"


def test_what_is_late_is_said(meeting: Any, ask: Any, read: Any) -> None:
    go_to(START - timedelta(days=21))
    assert not any(row["late"] for row in items(ask, meeting).values()), "on the last day it is not late"
    go_to(START - timedelta(days=20))
    assert [name for name, row in items(ask, meeting).items() if row["late"]] == ["agenda", "speakers"]
    assert "Te laat" in read("eva", meeting.url)


def test_the_host_prepares_too(meeting: Any, app: Any, cast: Any, ask: Any, read: Any) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Meeting, meeting.id).host_id = db.session.get_one(Person, cast.anna).organisation_id
    assert "Voorbereiding" in read("anna", meeting.url)
    assert ask("anna", "put", f"{meeting.api}/preparation/room").json["by"] == "Anna Adem"


def test_stranger_gets_404(meeting: Any, ask: Any) -> None:
    for who in ("chris", "anna", "dina", "gerda"):
        assert ask(who, "get", f"{meeting.api}/preparation").status_code == 404
        assert ask(who, "put", f"{meeting.api}/preparation/room").status_code == 404
        assert ask(who, "delete", f"{meeting.api}/preparation/room").status_code == 404
    assert ask("eva", "put", f"{meeting.api}/preparation/cake").status_code == 404


def test_is_journalled(meeting: Any, ask: Any, journal_entries: Any) -> None:
    ask("eva", "put", f"{meeting.api}/preparation/room")
    ask("eva", "delete", f"{meeting.api}/preparation/room")
    for verb in ("tick", "untick"):
        (entry,) = journal_entries(f"preparation.{verb}")
        assert (entry.object_id, entry.details) == (meeting.id, {"item": "room"})


def test_everybody_invited_reads_who_comes(meeting: Any, ask: Any, read: Any, app: Any, cast: Any) -> None:
    with app.app_context(), transaction():
        people = [db.session.get_one(Person, id) for id in (cast.anna, cast.bram)]
        db.session.add(Partnership(programme_id=cast.programme, name="Duo Proefdam", people=people))
    assert "Wie zegt te komen, staat hier." in read("gerda", f"{meeting.url}/participants")
    for who in ("anna", "dina"):
        ask(who, "put", f"{meeting.api}/answer", answer="yes", remark="Mijn opmerking", diet="Geen vis")
    ask("bram", "put", f"{meeting.api}/answer", answer="maybe")
    shown = read("bram", f"{meeting.url}/participants")
    assert all(words in shown for words in ("Anna Adem", "2 mensen komen.", "Expert"))
    assert all(words not in shown for words in ("Bram Baan</bdi>", "Mijn opmerking", "Geen vis"))
    rows = {row["name"]: row for row in ask("bram", "get", f"{meeting.api}/participants").json["items"]}
    assert set(rows) == {"Anna Adem", "Dina Deskundig"}
    assert rows["Anna Adem"]["shared"] == ["Duo Proefdam"]
    assert rows["Dina Deskundig"]["shared"] == []
    for who in ("chris", "hans"):
        assert ask(who, "get", f"{meeting.api}/participants").status_code == 404


def test_nobody_reads_who_comes_to_a_draft(draft: Any, ask: Any) -> None:
    assert ask("eva", "get", f"{draft.api}/participants").status_code == 404
