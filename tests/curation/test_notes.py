"""notes.write, notes.edit and notes.remove: what moderators write for each other, and nobody else reads."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base.db import db
from cop.curation.listeners import remove_notes_on_former_members
from cop.curation.models import StaffNote
from cop.leaving import actions as leaving
from cop.society.people import Person
from tests.curation.test_merging import found

SECRET = "Gebeld over de toon van dit gesprek"


def write(ask: Any, pair: SimpleNamespace, who: str = "eva", **given: Any) -> Any:
    return ask(who, "post", f"/threads/{pair.a}/notes", **{"text": SECRET, **given})


def test_works(cast: Any, pair: SimpleNamespace) -> None:
    client = cast.client("eva")
    page = client.post(f"/threads/{pair.a}/notes", data={"text": SECRET}, follow_redirects=True).text
    assert SECRET in page
    assert "De notitie is opgeslagen." in page
    assert SECRET in cast.client("fons").get(f"/threads/{pair.a}/notes").text


def test_works_by_api(ask: Any, pair: SimpleNamespace) -> None:
    note = write(ask, pair).json
    assert (note["text"], note["thread"], note["edited"]) == (SECRET, pair.a, False)
    assert ask("eva", "patch", note["url"], text="Anders").json["text"] == "Anders"
    assert ask("fons", "delete", note["url"]).status_code == 204
    assert ask("eva", "get", note["url"]).status_code == 404


def test_works_on_a_member(cast: Any, ask: Any) -> None:
    url = f"/communities/een/members/{cast.bram}/notes"
    assert ask("eva", "post", url, text=SECRET).status_code == 201
    assert [note["text"] for note in ask("fons", "get", url).json["items"]] == [SECRET]
    assert "Notities bekijken" in cast.client("eva").get(f"/communities/een/members/{cast.bram}").text
    assert ask("bram", "get", url).status_code == 403


def test_stranger_gets_404(ask: Any, pair: SimpleNamespace) -> None:
    note = write(ask, pair).json
    assert write(ask, pair, "chris").status_code == 404
    for who in ("chris", "anna", "gerda", "jan"):
        assert [ask(who, method, note["url"], text="x").status_code for method in ("patch", "delete")] == [404, 404], (
            who
        )


def test_wrong_role_gets_403(ask: Any, pair: SimpleNamespace) -> None:
    note = write(ask, pair).json
    assert write(ask, pair, "anna").status_code == 403
    assert ask("anna", "get", f"/threads/{pair.a}/notes").status_code == 403
    assert ask("fons", "patch", note["url"], text="Van een ander").status_code == 403


def test_bad_input_names_the_field(ask: Any, pair: SimpleNamespace) -> None:
    note = write(ask, pair).json
    for answer in (
        write(ask, pair, text=""),
        write(ask, pair, text="x" * 2001),
        ask("eva", "patch", note["url"], text=""),
    ):
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["text"])
    assert list(write(ask, pair, text="Haar bsn is 111222333").json["errors"]) == ["text"]


def test_is_journalled(ask: Any, pair: SimpleNamespace, journal: Any) -> None:
    note = write(ask, pair).json
    ask("eva", "patch", note["url"], text="Anders")
    ask("eva", "delete", note["url"])
    assert journal("notes.write") == [{"note": note["id"]}]
    assert journal("notes.edit") == journal("notes.remove") == [{}]


def test_a_moderator_does_not_see_notes_about_themselves(cast: Any, ask: Any) -> None:
    url = f"/communities/een/members/{cast.eva}/notes"
    note = ask("fons", "post", url, text=SECRET).json
    assert ask("eva", "get", url).status_code == 403
    assert ask("eva", "post", url, text="x").status_code == 403
    assert ask("eva", "get", note["url"]).status_code == 404


def test_no_other_page_says_it(cast: Any, ask: Any, pair: SimpleNamespace) -> None:
    write(ask, pair)
    assert found(cast, "toon gebeld") == []
    for who in ("anna", "gerda"):
        for url in (f"/threads/{pair.a}", "/communities/een/moderation", "/"):
            assert SECRET not in cast.client(who).get(url).text


def test_notes_on_who_left_are_removed_for_good(app: Any, cast: Any, ask: Any) -> None:
    ask("eva", "post", f"/communities/een/members/{cast.bram}/notes", text=SECRET)
    ask("eva", "post", f"/communities/een/members/{cast.anna}/notes", text=SECRET)

    def about() -> list[int | None]:
        with app.app_context():
            remove_notes_on_former_members()
            return sorted(db.session.scalars(select(StaffNote.member_id)), key=str)

    with app.app_context():
        leaving.leave(access.SYSTEM, db.session.get_one(Person, cast.bram))
    assert about() == sorted([cast.anna, cast.bram], key=str), "it can be undone"
    clock.shift(timedelta(days=2))
    try:
        assert about() == [cast.anna]
    finally:
        clock.shift(timedelta(0))


def test_notes_go_along_with_their_thread(ask: Any, pair: SimpleNamespace) -> None:
    write(ask, pair)
    ask("eva", "post", f"/threads/{pair.a}/merge", into=f"/threads/{pair.b}")
    assert [note["text"] for note in ask("eva", "get", f"/threads/{pair.b}/notes").json["items"]] == [SECRET]
    ask("fons", "post", f"/threads/{pair.b}/move", community="twee")
    assert len(ask("jan", "get", f"/threads/{pair.b}/notes").json["items"]) == 1
