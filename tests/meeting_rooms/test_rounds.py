"""rounds.start, rounds.answer, rounds.withdraw, rounds.close, rounds.reopen, rounds.remove and rounds.restore: one
question, one answer from everybody."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.meeting_rooms.models import expected
from cop.meetings.models import MEETING, Meeting
from cop.minutes.sources import proposed
from cop.society.credentials import new_session
from cop.society.people import Person
from tests.conftest import go_to
from tests.meeting_rooms.conftest import DAY, ENDS
from tests.meetings.conftest import HOUR, START


def path(round: Any, more: str = "") -> str:
    return f"/api/v1{round['url']}{more}"


def test_works(today: Any, post: Any, read: Any) -> None:
    """By forms: started, answered, corrected, closed, opened again, removed and put back."""
    day = f"{today.url}#day"
    assert post("eva", f"{today.url}/rounds", prompt="Wat neemt u mee?", shown="at_once").location == day
    url = read("anna", today.url).partition('class="round-prompt"><a href="')[2].partition('"')[0]
    assert post("anna", f"{url}/answer", text="Eerst bellen.").location == day
    shown = read("bram", today.url)
    assert all(words in shown for words in ("1 antwoord", "Eerst bellen.", "Anna Adem"))
    assert "Antwoord opslaan" in read("anna", today.url)
    assert post("anna", f"{url}/answer", text="Altijd eerst bellen.").status_code == 303
    assert "Altijd eerst bellen." in read("bram", url)
    assert post("anna", f"{url}/answer/delete").location == day
    assert "0 antwoorden" in read("bram", url)
    post("anna", f"{url}/answer", text="Toch bellen.")
    assert post("eva", f"{url}/closure").location == day
    refused = post("bram", f"{url}/answer", text="Te laat, maar getypt.")
    assert refused.status_code == 409
    assert "Te laat, maar getypt." in refused.text
    assert "Toch bellen." in read("bram", f"{today.url}/rounds")
    assert post("eva", f"{url}/closure/delete").location == day
    assert post("eva", f"{url}/delete").location == day
    assert url not in read("bram", today.url)
    assert post("eva", f"{url}/restoring").location == day
    assert "Toch bellen." in read("bram", url)


def test_works_by_api(today: Any, round: Any, ask: Any) -> None:
    made = round()
    assert ask("eva", "post", f"{today.api}/rounds", prompt="Nog een?").status_code == 409, "one at a time"
    ask("anna", "put", path(made, "/answer"), text="Een")
    ask("gerda", "put", path(made, "/answer"), text="Twee")
    again = ask("anna", "put", path(made, "/answer"), text="Drie").json
    assert [(one["name"], one["text"]) for one in again["answers"]] == [("Anna Adem", "Drie"), ("Gerda Gids", "Twee")]
    assert (again["count"], again["own"]) == (2, "Drie")
    assert ask("anna", "delete", path(made, "/answer")).json["own"] is None
    assert ask("eva", "put", path(made, "/closure")).json["closed"]
    assert ask("anna", "put", path(made, "/answer"), text="Vier").status_code == 409
    assert ask("gerda", "delete", path(made, "/answer")).status_code == 409
    second = round("En morgen?")
    assert ask("eva", "delete", path(made, "/closure")).status_code == 409, "another one is open"
    ask("eva", "put", path(second, "/closure"))
    assert ask("eva", "delete", path(made, "/closure")).json["closed"] is None
    assert [one["prompt"] for one in ask("bram", "get", f"{today.api}/rounds").json["items"]] == [
        "En morgen?",
        "Wat neemt u mee?",
    ]
    assert ask("eva", "delete", path(made)).status_code == 204
    assert ask("bram", "get", path(made)).status_code == 404
    assert ask("bram", "post", path(made, "/restoring")).status_code == 404
    assert ask("eva", "post", path(made, "/restoring")).json["closed"]


def test_answers_can_wait_until_the_round_is_closed(today: Any, round: Any, ask: Any, read: Any) -> None:
    made = round(shown="afterwards")
    ask("anna", "put", path(made, "/answer"), text="Geheim nog")
    for who in ("bram", "eva", "fons"):
        answer = ask(who, "get", path(made)).json
        assert (answer["count"], answer["answers"], answer["own"]) == (1, [], None)
        for page in (today.url, f"{today.url}/rounds", made["url"]):
            assert "Geheim nog" not in read(who, page)
            stream = "text/vnd.turbo-stream.html"
    assert ask("anna", "get", path(made)).json["own"] == "Geheim nog"
    assert stream not in read("anna", made["url"])
    ask("eva", "put", path(made, "/closure"))
    assert ask("bram", "get", path(made)).json["answers"][0]["text"] == "Geheim nog"


def test_who_was_silent_is_for_the_team(
    app: Any, cast: Any, today: Any, round: Any, ask: Any, read: Any, monkeypatch: Any
) -> None:
    go_to(START - 2 * HOUR)
    for who in ("anna", "bram"):
        ask(who, "put", f"{today.api}/answer", answer="yes")
    go_to(START - HOUR / 2)
    made = round()
    ask("anna", "put", path(made, "/answer"), text="Een")
    silent = read("eva", made["url"]).partition('id="silent"')[2]
    assert "Bram Baan" in silent
    assert "Anna Adem" not in silent
    assert "Wie zweeg" not in read("anna", made["url"])
    monkeypatch.setattr(expected, "_finders", [])
    expected.expects(lambda meeting: None)
    expected.expects(lambda meeting: [cast.dina, cast.chris])
    silent = read("eva", made["url"]).partition('id="silent"')[2]
    assert "Dina" in silent
    assert "Bram Baan" not in silent
    assert "Chris" not in silent, "who is not in the audience any more is not named"


def test_the_host_leads_too(app: Any, cast: Any, today: Any, ask: Any, read: Any) -> None:
    with app.app_context(), transaction():
        host = db.session.get_one(Person, cast.dina).organisation_id
        assert host is not None
        db.session.execute(
            update(MEETING).where(MEETING.c.id == today.id).values(host_id=host), execution_options={"changes": ()}
        )
    assert "Rondje beginnen" in read("dina", today.url)
    made = ask("dina", "post", f"{today.api}/rounds", prompt="En?").json
    assert "Wie zweeg" not in read("dina", made["url"]), "only the team sees who was silent"
    assert ask("dina", "put", path(made, "/closure")).status_code == 200


def test_stranger_gets_404(today: Any, round: Any, ask: Any) -> None:
    made = round()
    for who in ("chris", "hans", "iris"):
        assert ask(who, "get", f"{today.api}/rounds").status_code == 404
        assert ask(who, "post", f"{today.api}/rounds", prompt="En?").status_code == 404
        assert ask(who, "get", path(made)).status_code == 404
        assert ask(who, "put", path(made, "/answer"), text="Ik").status_code == 404
        for method, more in (("delete", "/answer"), ("put", "/closure"), ("delete", "/closure"), ("delete", "")):
            assert ask(who, method, path(made, more)).status_code == 404
        assert ask(who, "post", path(made, "/restoring")).status_code == 404


def test_wrong_role_gets_403(today: Any, round: Any, ask: Any, read: Any) -> None:
    made = round()
    for who in ("anna", "dina", "gerda"):
        assert ask(who, "post", f"{today.api}/rounds", prompt="En?").status_code == 403
        for method, more in (("put", "/closure"), ("delete", "/closure"), ("delete", "")):
            assert ask(who, method, path(made, more)).status_code == 403
        assert "Rondje sluiten" not in read(who, today.url)
    ask("eva", "delete", path(made))
    assert ask("anna", "post", path(made, "/restoring")).status_code == 404, "it does not exist for them"


def test_bad_input_names_the_field(today: Any, round: Any, ask: Any, post: Any) -> None:
    made = round()
    for given in ({}, {"text": " "}, {"text": "a" * 301}):
        assert list(ask("anna", "put", path(made, "/answer"), **given).json["errors"]) == ["text"]
    ask("eva", "put", path(made, "/closure"))
    for given in ({}, {"prompt": ""}, {"prompt": "a" * 201}):
        assert list(ask("eva", "post", f"{today.api}/rounds", **given).json["errors"]) == ["prompt"]
    again = post("eva", f"{today.url}/rounds", prompt="En nu?", shown="nooit")
    assert again.status_code == 422
    assert 'value="En nu?"' in again.text


def test_is_journalled(app: Any, today: Any, round: Any, ask: Any) -> None:
    made = round()
    ask("anna", "put", path(made, "/answer"), text="Geheim")
    ask("anna", "delete", path(made, "/answer"))
    ask("eva", "put", path(made, "/closure"))
    ask("eva", "delete", path(made, "/closure"))
    ask("eva", "delete", path(made))
    ask("eva", "post", path(made, "/restoring"))
    with app.app_context():
        found = db.session.scalars(select(JournalEntry).where(JournalEntry.verb.startswith("rounds."))).all()
        verbs = ("start", "answer", "withdraw", "close", "reopen", "remove", "restore")
        assert [one.verb for one in found] == [f"rounds.{verb}" for verb in verbs]
        assert all(one.details == {"round": made["id"], "meeting": today.id} for one in found)


@pytest.mark.parametrize("moment", [START - 2 * HOUR, ENDS + 15 * DAY])
def test_only_around_the_meeting(meeting: Any, ask: Any, read: Any, moment: Any) -> None:
    go_to(moment)
    assert ask("eva", "post", f"{meeting.api}/rounds", prompt="En?").status_code == 409
    assert "Rondje beginnen" not in read("eva", meeting.url)


def test_a_cancelled_meeting_takes_no_answers(today: Any, round: Any, ask: Any) -> None:
    made = round()
    ask("eva", "put", f"{today.api}/cancellation", reason="Te glad")
    assert ask("anna", "put", path(made, "/answer"), text="Jammer").status_code == 409


def test_open_pages_hear_that_something_changed(
    app: Any, today: Any, round: Any, ask: Any, cast: Any, connect: Any
) -> None:
    made = round(shown="afterwards")
    place = f"rounds:{today.id}"
    with app.app_context(), transaction():  # the sessions of the cast have ended by the day of the meeting
        fresh = {who: new_session(db.session.get_one(Person, getattr(cast, who))) for who in ("bram", "chris")}
    browsers = {who: cast.client(None) for who in fresh}
    for who, browser in browsers.items():
        browser.set_cookie("cop", fresh[who])
    assert connect(browsers["chris"]).emit("join", {"place": place}, callback=True) == {"error": "forbidden"}
    socket = connect(browsers["bram"])
    seq = socket.emit("join", {"place": place}, callback=True)["seq"]
    ask("anna", "put", path(made, "/answer"), text="Geheim nog")
    (told,) = [one["args"][0] for one in socket.get_received() if one["name"] == "told"]
    assert (told["seq"], told["html"]) == (seq + 1, "")
    headers = {**cast.api("bram"), "Accept": "text/vnd.turbo-stream.html"}
    now = cast.client(None).get(f"{today.url}/rounds?changed_after={seq}&limit=100", headers=headers).text
    assert f'data-changed="{seq + 1}"' in now
    assert "1 antwoord" in now
    assert "Geheim nog" not in now


def test_new_minutes_propose_a_closed_round(app: Any, today: Any, round: Any, ask: Any) -> None:
    made = round()
    ask("anna", "put", path(made, "/answer"), text="Eerst <b>bellen</b>")
    with app.app_context():
        meeting = db.session.get_one(Meeting, today.id)
        assert "Wat neemt u mee?" not in [one.heading for one in proposed(meeting)]
    ask("eva", "put", path(made, "/closure"))
    with app.app_context():
        (block,) = [one for one in proposed(db.session.get_one(Meeting, today.id)) if one.heading == "Wat neemt u mee?"]
        assert block.html == "<ul><li>Eerst &lt;b&gt;bellen&lt;/b&gt; (Anna Adem)</li></ul>"
