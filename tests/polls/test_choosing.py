"""polls.choose and polls.withdraw: one act from a poll to an announced meeting, once; and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cop import access
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.meetings.models import Meeting
from cop.polls import actions
from cop.polls.forms import Slot
from cop.polls.models import Poll, options_of
from cop.programmes import actions as programmes
from cop.society.credentials import new_session
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.conftest import Client, SeparateApp, go_to
from tests.polls.conftest import DAY, FIRST


def test_works_and_announces_the_meeting(
    poll: SimpleNamespace, vote: Any, ask: Any, read: Any, send: Any, mails: Any, journal_entries: Any
) -> None:
    vote("anna", poll, "no", "yes")
    assert "checked" in read("eva", f"{poll.url}/choice?option={poll.options[1]}")
    assert "mensen van Eerste kring krijgen een uitnodiging" in read("eva", f"{poll.url}/choice")
    assert send("eva", f"{poll.url}/choice", option=poll.options[1]).status_code == 303
    seen = ask("anna", "get", poll.api).json
    assert seen["status"] == "chosen"
    assert [one["id"] for one in seen["options"] if one["chosen"]] == [poll.options[1]]
    meeting = ask("anna", "get", f"/api/v1{seen['meeting']}").json
    assert (meeting["status"], meeting["title"], meeting["venue"]) == (
        "announced",
        "Plaats maken",
        "Raadhuis, Proefdam",
    )
    assert meeting["starts"] == "2027-03-23T08:30:00.000Z"
    assert [mail.kind for mail in mails("anna")] == ["polls/opened", "meetings/announced"]
    assert seen["meeting"] in read("anna", poll.url)
    assert "Deze datum is gekozen met een datumprikker." in read("anna", seen["meeting"])
    assert "Anna Adem" in read("eva", poll.url), "the answers stay readable for the team"
    assert [entry.verb for entry in journal_entries("meetings.announce")] == ["meetings.announce"]
    assert ask("anna", "put", f"{poll.api}/answer", votes={poll.options[0]: "yes"}).status_code == 409
    for method, part in (("put", "choice"), ("put", "withdrawal"), ("put", "opening"), ("post", "reminder")):
        assert ask("eva", method, f"{poll.api}/{part}", option=poll.options[0]).status_code == 409
    assert ask("eva", "patch", poll.api, title="Te laat").status_code == 409


def test_bad_input_names_the_field(poll: SimpleNamespace, ask: Any, send: Any, mails: Any) -> None:
    go_to(FIRST + timedelta(minutes=1))
    for option, words in ((poll.options[0], "Dit moment is voorbij."), (999, "Deze mogelijkheid is er niet meer.")):
        answer = send("eva", f"{poll.url}/choice", option=option)
        assert answer.status_code == 422
        assert words in answer.text
    assert ask("eva", "get", poll.api).json["meeting"] is None
    assert [mail.kind for mail in mails("anna")] == ["polls/opened"]


def test_works_by_api_and_opens_again(
    poll: SimpleNamespace, vote: Any, ask: Any, read: Any, mails: Any, link: Any, cast: Any
) -> None:
    vote("anna", poll, "yes", "yes")
    assert "1 persoon die antwoordde" in read("eva", f"{poll.url}/withdrawal")
    assert ask("eva", "put", f"{poll.api}/withdrawal").status_code == 200
    assert [mail.kind for mail in mails("anna")] == ["polls/opened", "polls/withdrawn"]
    assert [mail.kind for mail in mails("bram")] == ["polls/opened"]
    assert "is ingetrokken" in cast.client(None).get(link(poll, "anna")).text
    assert ask("anna", "put", f"{poll.api}/answer", votes={}).status_code == 409
    assert ask("eva", "put", f"{poll.api}/choice", option=poll.options[0]).status_code == 409
    assert ask("eva", "put", f"{poll.api}/opening").status_code == 200
    assert ask("anna", "get", poll.api).json["options"][0]["vote"] == "yes", "the answers were kept"
    assert [mail.kind for mail in mails("bram")] == ["polls/opened", "polls/opened"]


def test_stranger_gets_404(poll: SimpleNamespace, ask: Any) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert ask(who, "put", f"{poll.api}/choice", option=poll.options[0]).status_code == 404
        assert ask(who, "put", f"{poll.api}/withdrawal").status_code == 404


def test_wrong_role_gets_403(poll: SimpleNamespace, ask: Any) -> None:
    for who in ("anna", "dina", "gerda"):
        assert ask(who, "put", f"{poll.api}/choice", option=poll.options[0]).status_code == 403
        assert ask(who, "put", f"{poll.api}/withdrawal").status_code == 403


def test_is_journalled(
    poll: SimpleNamespace, make: Any, run_as: Any, vote: Any, ask: Any, journal_entries: Any
) -> None:
    other = make()
    run_as("eva", actions.open, Poll, other.id)
    vote("anna", other, "no")
    ask("eva", "put", f"{other.api}/withdrawal")
    chosen = ask("eva", "put", f"{poll.api}/choice", option=poll.options[0]).json
    (entry,) = journal_entries("polls.choose")
    assert entry.details == {"option": poll.options[0], "meeting": int(chosen["meeting"].rpartition("/")[2])}
    assert [entry.details for entry in journal_entries("polls.withdraw")] == [{"told": 1}]


def test_a_programme_in_the_archive_is_read_only(
    poll: SimpleNamespace, cast: Any, app: Any, ask: Any, read: Any, link: Any
) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Programme, cast.programme).phase = "archive"
    assert ask("anna", "put", f"{poll.api}/answer", votes={poll.options[0]: "yes"}).status_code == 403
    assert ask("eva", "put", f"{poll.api}/choice", option=poll.options[0]).status_code == 403
    assert "staat in het archief" in read("anna", poll.url)
    assert "Antwoord opslaan" not in cast.client(None).get(link(poll, "anna")).text


def test_polls_go_with_an_empty_community_and_an_open_one_keeps_it(app: Any, cast: Any) -> None:
    with app.app_context(), transaction():
        fons, programme = db.session.get_one(Person, cast.fons), db.session.get_one(Programme, cast.programme)
        community = programmes.add_community(fons, programme, name="Lege kring", slug="leeg")
        access.drop_cached_rights(fons)
        days = [Slot(FIRST), Slot(FIRST + DAY)]
        for title in ("Concept", "Open"):
            poll = actions.make(fons, community, title=title, kind="other", options=days)
        actions.open(fons, poll)
        id = poll.id
    answer = cast.client(None).delete("/api/v1/communities/leeg", headers=cast.api("fons"))
    assert answer.status_code == 409
    assert "1 open datumprikker" in answer.text
    with app.app_context(), transaction():
        actions.withdraw(db.session.get_one(Person, cast.fons), db.session.get_one(Poll, id))
    assert cast.client(None).delete("/api/v1/communities/leeg", headers=cast.api("fons")).status_code == 204
    with app.app_context():
        assert db.session.scalar(select(func.count(Poll.id))) == 0


@pytest.fixture
def coaches(separate_app: SeparateApp, tmp_path: Any) -> Iterator[tuple[Flask, int, list[int], list[str]]]:
    """Return an app, an open poll, its options and the sessions of several coaches."""
    with separate_app("choosing", tmp_path) as app:
        with app.app_context(), transaction():
            programme = Programme(slug="prikken", name="Prikken")
            db.session.add(programme)
            db.session.flush()
            community = Community(programme_id=programme.id, slug="een", name="Een")
            people = [
                Person(mail=f"c{n}@proef.example", name=f"Coach {n}", state="active", entered=clock.now())
                for n in range(6)
            ]
            db.session.add_all([community, *people])
            db.session.flush()
            for person in people:
                db.session.add(Membership(person_id=person.id, community_id=community.id, role="moderator"))
            db.session.flush()
            starts = clock.now() + 30 * DAY
            days = [Slot(starts + n * DAY) for n in range(6)]
            poll = actions.make(people[0], community, title="Een keer", kind="other", options=days)
            actions.open(people[0], poll)
            found = poll.id, [option.id for option in options_of(poll.id)]
            cookies = [new_session(person) for person in people]
        yield app, *found, cookies


def test_coaches_who_choose_at_once_make_one_meeting(coaches: tuple[Flask, int, list[int], list[str]]) -> None:
    app, id, options, cookies = coaches

    def choose(n: int) -> int:
        browser = Client(app, app.response_class)
        browser.set_cookie("cop", cookies[n])
        return int(browser.post(f"/polls/{id}/choice", data={"option": options[n]}).status_code)

    with ThreadPoolExecutor(len(cookies)) as pool:
        assert sorted(pool.map(choose, range(len(cookies)))) == [303, 409, 409, 409, 409, 409]
    with app.app_context():
        assert db.session.scalar(select(func.count(Meeting.id))) == 1
        invited = select(func.count(Email.id)).where(Email.kind == "meetings/announced")
        assert db.session.scalar(invited) == len(cookies)
        assert sum(option.chosen for option in options_of(id)) == 1
