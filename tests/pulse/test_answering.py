"""pulse.answer, pulse.withdraw and pulse.close: by page and mail, who sees what, and what can be traced to whom."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select, text

from cop.base.db import db, is_sqlite
from cop.base.journal import JournalEntry
from cop.members import actions as members
from cop.pulse.models import USEFUL, Pulse, PulseAnswer, keys_of
from cop.society.memberships import Membership
from tests.conftest import go_to
from tests.pulse.conftest import DAY, ENDS

CLOSED = ENDS + 15 * DAY
LINES = {"takes": "Begin met de buren", "wants": "Meer tijd voor vragen"}


def test_works_by_api_and_is_changed(asked: SimpleNamespace, ask: Any) -> None:
    pulse = ask("anna", "get", f"{asked.api}/pulse").json
    assert (pulse["state"], pulse["may_answer"], pulse["answer"]) == ("open", True, None)
    assert pulse["results"] is pulse["asked"] is pulse["sent"] is None
    assert ask("anna", "put", f"{asked.api}/pulse/answer", useful="partly", **LINES).json["useful"] == "partly"
    assert ask("anna", "put", f"{asked.api}/pulse/answer", useful="yes").status_code == 200
    assert ask("anna", "get", f"{asked.api}/pulse").json["answer"] == {"useful": "yes", "takes": "", "wants": ""}
    assert ask("eva", "get", f"{asked.api}/pulse").json["results"]["answers"] == 1, "changed, not added"


def test_works_on_the_page_and_is_withdrawn(asked: SimpleNamespace, read: Any, cast: Any, ask: Any) -> None:
    def send(path: str, **given: str) -> Any:
        headers = {**cast.api("bram"), "Accept": "text/html"}
        return cast.client(None).post(f"{asked.pulse}/{path}", data=given, headers=headers)

    assert "Uw naam staat niet bij uw antwoord." in read("bram", asked.pulse)
    assert send("answer", useful="hardly", takes="Niets").status_code == 303
    page = read("bram", asked.pulse)
    assert 'value="Niets"' in page
    assert "U hebt geantwoord." in page
    assert "Antwoord bekijken" in read("bram", asked.url)
    wrong = send("answer", takes="Zonder keuze")
    assert (wrong.status_code, "Zonder keuze" in wrong.text) == (422, True)
    assert send("answer/delete").status_code == 303
    assert send("answer/delete").status_code == 303, "a second time changes nothing"
    assert ask("eva", "get", f"{asked.api}/pulse").json["results"]["answers"] == 0


def test_bad_input_names_the_field(asked: SimpleNamespace, ask: Any) -> None:
    refused = ask("anna", "put", f"{asked.api}/pulse/answer", useful="great", takes="x" * 201)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"useful", "takes"})
    assert refused.mimetype == "application/problem+json"


def test_the_link_of_the_mail_answers_without_a_session(
    asked: SimpleNamespace, cast: Any, link: Any, ask: Any, run_as: Any, membership: Any
) -> None:
    browser, address = cast.client(None), link("anna")
    for _scan in range(2):
        page = browser.get(f"{address}?useful=partly").text
    assert "Anna Adem" in page
    assert 'value="partly" checked' in " ".join(page.split())
    assert ask("anna", "get", f"{asked.api}/pulse").json["answer"] is None, "opening it changes nothing"
    answered = browser.post(address, data={"useful": "partly"} | LINES, follow_redirects=True)
    assert "Uw antwoord is opgeslagen, zonder uw naam." in answered.text
    assert ask("anna", "get", f"{asked.api}/pulse").json["answer"] == {"useful": "partly"} | LINES
    assert browser.get(asked.url).status_code == 303, "it signs nobody in"
    assert "Uw antwoord is verwijderd." in browser.post(f"{address}/delete", follow_redirects=True).text
    assert ask("anna", "get", f"{asked.api}/pulse").json["answer"] is None
    assert browser.get("/pulse/onzin").status_code == 410
    run_as("eva", members.remove, Membership, membership("anna").id)
    assert browser.get(address).status_code == 410
    assert browser.post(address, data={"useful": "yes"}).status_code == 410
    assert browser.post(f"{address}/delete").status_code == 410


def test_wrong_role_gets_403(asked: SimpleNamespace, ask: Any) -> None:
    assert ask("dina", "put", f"{asked.api}/pulse/answer", useful="yes").status_code == 403, "she was absent"
    assert ask("eva", "put", f"{asked.api}/pulse/answer", useful="yes").status_code == 403, "the team was not there"


def test_stranger_gets_404(asked: SimpleNamespace, ask: Any) -> None:
    assert ask("chris", "put", f"{asked.api}/pulse/answer", useful="yes").status_code == 404
    assert ask("chris", "delete", f"{asked.api}/pulse/answer").status_code == 404


def test_only_who_was_there_answers_and_only_for_two_weeks(
    asked: SimpleNamespace, ask: Any, link: Any, cast: Any, read: Any
) -> None:
    assert "Antwoorden kan niet meer." in cast.client(None).get(link("dina")).text
    assert ask("gerda", "put", f"{asked.api}/pulse/answer", useful="yes").status_code == 200, "a reader was there too"
    go_to(CLOSED - DAY)
    assert ask("gerda", "put", f"{asked.api}/pulse/answer", useful="no").status_code == 200, "the last day counts"
    go_to(CLOSED)
    assert ask("gerda", "put", f"{asked.api}/pulse/answer", useful="yes").status_code == 409
    assert ask("gerda", "delete", f"{asked.api}/pulse/answer").status_code == 409
    assert cast.client(None).post(link("gerda"), data={"useful": "yes"}).status_code == 409
    closed = ask("gerda", "get", f"{asked.api}/pulse").json
    assert (closed["state"], closed["answer"], closed["may_answer"]) == ("closed", None, False)
    assert "Uw antwoord" not in read("gerda", asked.pulse)


def test_the_team_reads_lines_without_names(
    asked: SimpleNamespace, crowd: list[str], say: Any, ask: Any, read: Any
) -> None:
    for number, who in enumerate(crowd):
        say(USEFUL[number % 4], who, takes=f"Mee {number}", wants=f"Straks {number}")
    results = ask("eva", "get", f"{asked.api}/pulse").json["results"]
    assert results["answers"] == 10
    assert results["totals"] == {"yes": 3, "partly": 3, "hardly": 2, "no": 2}
    orders = [[int(line.rpartition(" ")[2]) for line in results[name]] for name in ("takes", "wants")]
    assert [sorted(order) for order in orders] == [list(range(10))] * 2
    assert orders[0] != list(range(10)) != orders[1], "not as they were given"
    assert orders[0] != orders[1], "two lines of one person do not stand at one place"
    assert ask("eva", "get", f"{asked.api}/pulse").json["results"] == results, "the order stays"
    page = read("eva", asked.pulse)
    assert [line for line in ("Mee 3", "Straks 7") if line not in page] == []
    assert [name for name in ("Lid3", "lid3@") if name in page] == []
    assert "Mee 3" not in read("anna", asked.pulse)


def test_totals_come_when_they_cannot_change_any_more(
    asked: SimpleNamespace, crowd: list[str], say: Any, ask: Any, read: Any
) -> None:
    """While people answer nobody sees a number: two totals after each other would tell what one person answered."""
    seen = set()
    for number, who in enumerate(crowd):
        say(USEFUL[number % 4], who)
        pulse = ask("anna", "get", f"{asked.api}/pulse").json
        seen.add(str(pulse))
    assert len(seen) == 1, "what a member sees does not depend on the answers of others"
    assert pulse["totals"] is None
    panel = read("anna", asked.url).partition("Na de bijeenkomst")[2]
    assert "10" not in panel.partition("</section>")[0]
    go_to(CLOSED)
    totals = {"yes": 3, "partly": 3, "hardly": 2, "no": 2}
    for who in ("anna", "dina", "gerda"):
        assert ask(who, "get", f"{asked.api}/pulse").json["totals"] == totals
    assert ask("anna", "get", f"{asked.api}/pulse").json["results"] is None
    assert ask("chris", "get", f"{asked.api}/pulse").status_code == 404
    assert "Nee, nauwelijks" in read("dina", asked.pulse)


@pytest.mark.parametrize(("number", "shown"), [(4, False), (5, True)])
def test_fewer_than_five_answers_are_not_counted_out(
    asked: SimpleNamespace, crowd: list[str], say: Any, ask: Any, read: Any, number: int, shown: bool
) -> None:
    say("no", *crowd[:number])
    go_to(CLOSED)
    assert bool(ask("anna", "get", f"{asked.api}/pulse").json["totals"]) is shown
    page = read("anna", asked.pulse)
    assert ("Er zijn minder dan vijf antwoorden." in page) is not shown
    assert ("<dd>5</dd>" in page) is shown


def test_is_not_journalled_and_nothing_beside_an_answer_names_its_person(
    asked: SimpleNamespace, crowd: list[str], say: Any, cast: Any, app: Any
) -> None:
    order = random.sample(crowd, len(crowd))
    say("yes", *order)
    with app.app_context():
        columns = {column.name for column in PulseAnswer.__table__.columns}
        assert columns == {"key", "meeting_id", "useful", "takes", "wants", "mark"}, "no person, no time"
        ids = {getattr(cast, who) for who in crowd}
        told = select(JournalEntry.id).where(JournalEntry.verb.startswith("pulse."), JournalEntry.person_id.in_(ids))
        assert db.session.scalars(told).all() == [], "the journal does not tell who answered"
        stored = [row.key for row in db.session.scalars(select(PulseAnswer))]
        given = [keys_of(asked.id, getattr(cast, who))[-1] for who in order]
        assert set(stored) == set(given)
        if is_sqlite():
            assert db.session.execute(text("SELECT key FROM pulse_answer")).scalars().all() == sorted(given)


def test_is_journalled_that_answers_cannot_be_traced_any_more(
    asked: SimpleNamespace,
    crowd: list[str],
    say: Any,
    cast: Any,
    app: Any,
    run_job: Any,
    ask: Any,
    journal_entries: Any,
) -> None:
    for number, who in enumerate(crowd):
        say("partly", who, takes=f"Mee {number}")
    before = ask("eva", "get", f"{asked.api}/pulse").json["results"]
    run_job("pulse.close", CLOSED - timedelta(hours=20))
    assert journal_entries("pulse.close") == [], "it can still be changed"
    for _again in range(2):
        run_job("pulse.close", CLOSED)
    with app.app_context():
        assert db.session.get_one(Pulse, asked.id).sealed
        keys = [key for who in crowd for key in keys_of(asked.id, getattr(cast, who))]
        assert db.session.scalars(select(PulseAnswer).where(PulseAnswer.key.in_(keys))).all() == []
    assert ask("eva", "get", f"{asked.api}/pulse").json["results"] == before, "the same answers in the same order"
    assert [entry.details for entry in journal_entries("pulse.close")] == [{"answers": 10}]


def test_an_answer_is_found_after_the_secret_key_changed(asked: SimpleNamespace, ask: Any, app: Any, say: Any) -> None:
    say("yes", "anna")
    settings = app.config["COP"]
    former = settings.secret_key
    app.config["COP"] = replace(settings, secret_key="x" * 40, secret_key_fallbacks=former)
    try:
        assert ask("anna", "get", f"{asked.api}/pulse").json["answer"]["useful"] == "yes"
        assert ask("anna", "put", f"{asked.api}/pulse/answer", useful="no").status_code == 200
        assert ask("eva", "get", f"{asked.api}/pulse").json["results"]["totals"]["no"] == 1
    finally:
        app.config["COP"] = settings


def test_a_member_pays_one_statement_on_the_page_of_the_meeting(
    asked: SimpleNamespace, read: Any, count_statements: Any
) -> None:
    for who, most in (("anna", 1), ("eva", 2)):
        read(who, asked.url)
        with count_statements() as statements:
            read(who, asked.url)
        assert sum("pulse" in one for one in statements) <= most
