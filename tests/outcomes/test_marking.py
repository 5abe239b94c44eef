"""outcomes.mark, outcomes.edit, outcomes.remove and outcomes.restore: linked with their source both ways; who may what.

Also what is journalled of tasks.finish, tasks.postpone, tasks.drop and tasks.reopen.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.notices.models import Notice
from cop.outcomes.models import Outcome, outcomes_of
from cop.people import actions as people
from cop.society.audience import Guest
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.outcomes.conftest import in_days

RESULT = {"kind": "outcome", "text": "Tijdelijk verhuren kan."}


@pytest.mark.parametrize("kind", ["message", "post"])
def test_works_from_a_source_that_links_to_it(
    send: Any, read: Any, ask: Any, sources: Any, cast: Any, kind: str
) -> None:
    source = f"/{kind}s/{getattr(sources, kind)}"
    place = f"/rooms/{sources.room}" if kind == "message" else f"/threads/{sources.thread}"
    assert "Opbrengst:" not in read("dina", place)
    assert f'href="{source}/outcome"' in read("anna", f"{source}/acts")
    assert "Opbrengst vastleggen" in read("anna", f"{source}/outcome")
    made = send("anna", f"{source}/outcome", **RESULT, owner="", due="", meeting="")
    assert made.status_code == 303, made.text
    assert f'href="{source}"' in read("bram", made.location)
    shown = read("dina", place)
    assert "Opbrengst:" in shown
    assert f'<a href="{made.location}"><bdi>Tijdelijk verhuren kan.' in shown
    assert ask("gerda", "get", made.location).json["source"] == source
    ask("anna", "patch", made.location, text="Tijdelijk verhuren mag.")
    assert "Tijdelijk verhuren mag." in read("dina", place)
    ask("anna", "delete", made.location)
    assert "Opbrengst:" not in read("dina", place)
    ask("anna", "post", f"{made.location}/restoring")
    assert "Opbrengst:" in read("dina", place)
    ask("bram", "delete", source)
    assert "Opbrengst:" not in read("dina", place)
    assert source not in read("dina", made.location)
    assert ask("anna", "get", made.location).json["source"] == ""
    assert ask("anna", "post", f"{source}/outcome", **RESULT).status_code == 409


def test_a_hidden_source_is_not_linked(ask: Any, sources: Any) -> None:
    url = ask("anna", "post", f"/posts/{sources.post}/outcome", **RESULT).json["url"]
    ask("eva", "put", f"/threads/{sources.thread}/hiding", reason="Persoonsgegevens")
    for who in ("anna", "eva"):
        assert ask(who, "get", url).json["source"] == ""


def test_a_thread_that_moved_is_not_linked(ask: Any, read: Any, sources: Any) -> None:
    url = ask("anna", "post", f"/posts/{sources.post}/outcome", **RESULT).json["url"]
    moved = ask("fons", "post", f"/threads/{sources.thread}/move", community="twee")
    assert moved.status_code == 200, moved.text
    assert ask("anna", "get", url).json["source"] == ""
    assert "Opbrengst:" not in read("chris", f"/threads/{sources.thread}")
    assert ask("chris", "get", url).status_code == 404


def test_a_guest_of_a_thread_does_not_see_its_outcomes(app: Any, cast: Any, ask: Any, read: Any, sources: Any) -> None:
    url = ask("anna", "post", f"/posts/{sources.post}/outcome", **RESULT).json["url"]
    assert "Opbrengst:" in read("dina", f"/threads/{sources.thread}")
    with app.app_context(), transaction():
        db.session.add(Guest(person_id=cast.chris, thing_id=sources.thread, role="member"))
    assert "Opbrengst:" not in read("chris", f"/threads/{sources.thread}")
    assert ask("chris", "get", url).status_code == 404
    assert ask("chris", "post", f"/posts/{sources.post}/outcome", **RESULT).status_code == 403
    assert ask("chris", "get", f"/posts/{sources.post}/outcome").status_code == 403


def test_works_by_api_for_everybody_in_the_audience_of_a_meeting(ask: Any, meet: Any) -> None:
    past, coming = meet(-3), meet(3)
    for who, status in (("gerda", 201), ("bram", 201), ("fons", 201), ("chris", 404), ("hans", 404)):
        for id in (past, coming):
            assert ask(who, "post", f"/meetings/{id}/outcome", **RESULT).status_code == status, who


def test_stranger_gets_404_for_a_message(ask: Any, sources: Any) -> None:
    assert ask("gerda", "post", f"/messages/{sources.message}/outcome", **RESULT).status_code == 403
    assert ask("chris", "post", f"/messages/{sources.message}/outcome", **RESULT).status_code == 404


def test_an_outcome_of_a_source_belongs_to_a_meeting_of_the_same_audience(
    ask: Any, meet: Any, sources: Any, cast: Any
) -> None:
    own, other = meet(-3), meet(-3, owner=Programme, id=cast.programme)
    url = f"/messages/{sources.message}/outcome"
    refused = ask("anna", "post", url, **RESULT, meeting=other)
    assert refused.status_code == 422
    assert "meeting" in refused.json["errors"]
    made = ask("anna", "post", url, **RESULT, meeting=own).json
    assert made["meeting"] == f"/meetings/{own}"


def test_bad_input_names_the_field(ask: Any, send: Any, sources: Any, cast: Any) -> None:
    url = f"/messages/{sources.message}/outcome"
    for given, fields in (
        ({}, {"owner", "due"}),
        ({"owner": cast.bram, "due": in_days(-1)}, {"due"}),
        ({"owner": cast.chris, "due": in_days(1)}, {"owner"}),
        ({"owner": cast.kees, "due": in_days(1)}, {"owner"}),
        ({"owner": 999_999, "due": in_days(1)}, {"owner"}),
    ):
        refused = ask("anna", "post", url, kind="action", text="Bellen", **given)
        assert (refused.status_code, set(refused.json["errors"])) == (422, fields), given
    page = send("anna", url, kind="action", text="Bellen", owner=cast.bram, due="1 januari 2020")
    assert page.status_code == 422
    assert 'id="f-due-error"' in page.text
    assert "Bellen</textarea>" in page.text
    assert f'<option value="{cast.bram}" selected>' in page.text
    assert ask("anna", "post", url, kind="outcome", text=" ").status_code == 422
    assert ask("anna", "post", url, kind="outcome", text="a" * 1001).status_code == 422


def test_the_owner_is_told(app: Any, act: Any, cast: Any, mails: Any, ask: Any, read: Any) -> None:
    assert mails("bram") == ["outcomes/assigned"]
    assert "Anna Adem legde deze actie voor u vast" in read("bram", "/notices")
    ask("anna", "patch", act["url"], owner=cast.dina)
    assert mails("dina") == ["outcomes/assigned"]
    ask("dina", "patch", act["url"], text="Niet van mij")
    assert len(mails("dina")) == len(mails("bram")) == 1
    ask("anna", "delete", act["url"])
    with app.app_context():
        assert db.session.scalars(select(Notice).where(Notice.thing_id == act["id"])).all() == []


def test_nobody_is_told_of_their_own_action(ask: Any, sources: Any, cast: Any, mails: Any) -> None:
    given = {"kind": "action", "text": "Bellen", "owner": cast.anna, "due": in_days(3)}
    ask("anna", "post", f"/messages/{sources.message}/outcome", **given)
    assert mails("anna") == []


def test_outcomes_of_a_meeting_for_its_minutes(app: Any, ask: Any, meet: Any, sources: Any, cast: Any) -> None:
    id = meet(-2)
    ask("anna", "post", f"/meetings/{id}/outcome", kind="action", text="Bellen", owner=cast.bram, due=in_days(4))
    ask("anna", "post", f"/meetings/{id}/outcome", kind="decision", text="Geen presentaties.")
    url = ask("anna", "post", f"/posts/{sources.post}/outcome", **RESULT, meeting=id).json["url"]
    gone = ask("anna", "post", f"/meetings/{id}/outcome", kind="decision", text="Toch niet.").json["url"]
    ask("anna", "delete", gone)
    with app.app_context():
        rows = outcomes_of(id)
    assert [(one.outcome_kind, one.text, one.owner_name, one.status) for one in rows] == [
        ("outcome", "Tijdelijk verhuren kan.", "", ""),
        ("decision", "Geen presentaties.", "", ""),
        ("action", "Bellen", "Bram Baan", "open"),
    ]
    assert rows[0].source_url == f"/posts/{sources.post}"
    assert f"/outcomes/{rows[0].id}" == url


def test_wrong_role_gets_403_for_edit_and_remove(ask: Any, act: Any) -> None:
    for who, status in (("chris", 404), ("bram", 403), ("gerda", 403), ("anna", 200), ("eva", 200), ("fons", 200)):
        assert ask(who, "patch", act["url"], text=f"Van {who}").status_code == status, who
    stale = ask("anna", "patch", act["url"], text="Te laat", base_version=1)
    assert stale.status_code == 409
    for who, status in (("chris", 404), ("bram", 403), ("eva", 204)):
        assert ask(who, "delete", act["url"]).status_code == status, who
    for who, status in (("chris", 404), ("bram", 404), ("anna", 200)):
        assert ask(who, "post", f"{act['url']}/restoring").status_code == status, who


def test_search_finds_it_for_its_audience(ask: Any, act: Any) -> None:
    def found(who: str) -> bool:
        listed = ask(who, "get", "/search", q="buren type:actie").json["items"]
        return act["url"] in [one["url"] for one in listed]

    assert found("gerda")
    assert not found("chris")
    ask("anna", "delete", act["url"])
    assert not found("gerda")


def test_an_erased_owner_leaves_the_action(app: Any, ask: Any, act: Any, cast: Any, read: Any) -> None:
    with app.app_context(), transaction():
        people.deactivate(db.session.get_one(Person, cast.iris), db.session.get_one(Person, cast.bram))
    shown = ask("anna", "get", act["url"]).json
    assert (shown["owner"], shown["owner_id"], shown["state"]) == ("", None, "open")
    assert "Oud-deelnemer" in read("anna", act["url"])


def test_an_owner_who_left_the_audience_cannot_act(app: Any, ask: Any, act: Any, cast: Any) -> None:
    assert ask("eva", "delete", f"/communities/een/members/{cast.bram}").status_code in (200, 204)
    assert ask("anna", "get", act["url"]).json["owner"] == ""
    assert ask("bram", "put", f"{act['url']}/completion").status_code == 404


def test_in_the_archive_nothing_is_marked(app: Any, ask: Any, act: Any, sources: Any, cast: Any, read: Any) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Programme, db.session.get_one(Community, cast.one).programme_id).phase = "archive"
    assert ask("anna", "post", f"/messages/{sources.message}/outcome", **RESULT).status_code == 403
    assert ask("bram", "put", f"{act['url']}/completion").status_code == 403
    assert "Gedaan" not in read("bram", act["url"])
    assert ask("anna", "delete", act["url"]).status_code == 204
    with app.app_context():
        assert db.session.get_one(Outcome, act["id"]).state == "retracted"


def test_is_journalled_without_text(app: Any, ask: Any, act: Any) -> None:
    for method, path, given in (
        ("patch", "", {"text": "De buren schrijven"}),
        ("delete", "", {}),
        ("post", "/restoring", {}),
        ("put", "/postponement", {"due": in_days(12), "reason": "Druk"}),
        ("put", "/dropping", {"reason": "Niet nodig"}),
        ("delete", "/completion", {}),
        ("put", "/completion", {"remark": "Klaar"}),
    ):
        assert ask("eva", method, f"{act['url']}{path}", **given).status_code in (200, 204), path
    with app.app_context():
        entries = list(db.session.scalars(select(JournalEntry).order_by(JournalEntry.id)))
    ours = [one for one in entries if one.verb.startswith(("outcomes.", "tasks."))]
    assert [one.verb for one in ours] == [
        "outcomes.mark",
        "outcomes.edit",
        "outcomes.remove",
        "outcomes.restore",
        "tasks.postpone",
        "tasks.drop",
        "tasks.reopen",
        "tasks.finish",
    ]
    assert ours[0].details["outcome"] == act["id"]
    assert not any(words in str([one.details for one in ours]) for words in ("buren", "Druk", "Klaar", "nodig"))
