"""Certificates of attendance: one's own, and for the team everybody's; for who was there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import update

from cop.base.action import transaction
from cop.base.db import db
from cop.society.people import Person
from tests.conftest import go_to
from tests.pulse.conftest import ENDS, HOUR


def test_works_for_who_was_there(held: SimpleNamespace, read: Any, ask: Any) -> None:
    page = " ".join(read("anna", f"{held.url}/certificate").split())
    for words in (
        "Anna Adem",
        "Plaats maken",
        "donderdag 25 maart 2027, 09.30 tot 15.30 uur",
        "Gemeente Proefdam",
        "Raadhuis",
    ):
        assert words in page
    assert [name for name in ("Bram", "Gerda", "Dina") if name in page] == [], "nothing about others"
    assert "Uw bewijs van deelname" in read("anna", held.url)
    certificate = ask("anna", "get", f"{held.api}/certificate").json
    assert (certificate["name"], len(certificate["days"])) == ("Anna Adem", 1)
    assert certificate["programme"] in page
    assert certificate["days"] == ask("anna", "get", held.api).json["days"], "a day is written as that of the meeting"


def test_the_team_opens_those_of_everybody(held: SimpleNamespace, read: Any, ask: Any, cast: Any) -> None:
    listed = ask("eva", "get", f"{held.api}/certificates").json["items"]
    assert [row["name"] for row in listed] == ["Anna Adem", "Bram Baan", "Gerda Gids"]
    assert "Bram Baan" in read("eva", listed[1]["url"])
    for who, status in (("anna", 404), ("gerda", 404), ("chris", 404), ("iris", 404), ("fons", 200)):
        assert ask(who, "get", f"{held.api}/certificates").status_code == status, who
        assert ask(who, "get", f"{held.api}/certificates/{cast.bram}").status_code == status, who


def test_there_is_none_for_who_was_not_there(held: SimpleNamespace, ask: Any, cast: Any, read: Any) -> None:
    for who in ("dina", "eva", "chris"):
        assert ask(who, "get", f"{held.api}/certificate").status_code == 404, who
    for id in (cast.dina, cast.chris, 99999):
        assert ask("eva", "get", f"{held.api}/certificates/{id}").status_code == 404
    go_to(ENDS - HOUR)
    assert ask("anna", "get", f"{held.api}/certificate").status_code == 404, "it is not over"
    assert ask("eva", "get", f"{held.api}/certificates").status_code == 404


def test_who_has_no_name_fills_it_in_first(held: SimpleNamespace, app: Any, cast: Any, read: Any) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Person).where(Person.id == cast.anna).values(name=""))
    page = read("anna", f"{held.url}/certificate")
    assert "Wij weten uw naam nog niet." in page
    assert "heeft deelgenomen aan" not in page
    assert "Nog zonder naam" in read("eva", f"{held.url}/certificates")
    assert "nog geen naam" in read("eva", f"{held.url}/certificates/{cast.anna}")


def test_without_attendance_the_team_is_told(meeting: SimpleNamespace, read: Any) -> None:
    assert "niet bijgehouden wie er was" in read("eva", f"{meeting.url}/certificates")
