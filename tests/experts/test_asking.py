"""Asking an expert and withdrawing that: experts.ask, experts.withdraw, experts.put."""

from __future__ import annotations

from typing import Any

from cop.base import clock
from cop.base.working_days import working_days_after

DINA = "Dina Deskundig"


def test_works(ask: Any, cast: Any, question: Any, read: Any, outbox: Any) -> None:
    thread = question()
    assert "Vraag een expert" in read("anna", f"/threads/{thread}")
    page = cast.client("anna").post(
        f"/threads/{thread}/expert", data={"expert": "", "theme": ""}, follow_redirects=True
    )
    assert page.status_code == 200
    assert f"Gevraagd aan {DINA} (Kennisinstituut Proef): antwoord verwacht uiterlijk" in page.text
    assert f"Gevraagd aan {DINA}" in read("bram", f"/threads/{thread}")  # everybody who reads the question
    (mail,) = [one for one in outbox("dina@proef.example") if one.kind == "experts/asked"]
    assert mail.subject == "Een vraag aan u: Hoe begint u?"
    assert "Anna Adem, Woonstichting Proef" in mail.text
    assert "/expert/asked/" in mail.text


def test_works_by_api(ask: Any, cast: Any, asked: Any, state: Any) -> None:
    made = asked(theme="")
    due = working_days_after(clock.today(), 5)
    assert made["expert"] == {"id": cast.dina, "name": DINA, "organisation": "Kennisinstituut Proef"}
    assert (made["state"], made["due"], made["ahead"]) == ("asked", due.isoformat(), 0)
    assert ask("anna", "delete", f"/api/v1{made['url']}").json["state"] == "withdrawn"
    assert ask("anna", "delete", f"/api/v1{made['url']}").json["state"] == "withdrawn"  # a second time
    assert state(made["id"])[0] == "withdrawn"


def test_stranger_gets_404(ask: Any, asked: Any, question: Any) -> None:
    made = asked()
    assert ask("chris", "post", f"/api/v1/threads/{question()}/expert").status_code == 404
    assert ask("chris", "delete", f"/api/v1{made['url']}").status_code == 404
    assert ask("chris", "get", f"/api/v1{made['url']}").status_code == 404


def test_wrong_role_gets_403(ask: Any, asked: Any, question: Any) -> None:
    made = asked()
    for who in ("bram", "gerda"):
        assert ask(who, "post", f"/api/v1/threads/{question()}/expert").status_code == 403
        assert ask(who, "delete", f"/api/v1{made['url']}").status_code == 403
    assert ask("eva", "delete", f"/api/v1{made['url']}").status_code == 200  # the moderator


def test_bad_input_names_the_field(ask: Any, cast: Any, question: Any) -> None:
    thread = question()
    for given, field in (
        ({"theme": "Onbekend"}, "theme"),
        ({"expert": cast.bram}, "expert"),
        ({"expert": cast.anna}, "expert"),
    ):
        answer = ask("anna", "post", f"/api/v1/threads/{thread}/expert", **given)
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == [field]
    page = cast.client("anna").post(f"/threads/{thread}/expert", data={"theme": "Onbekend"})
    assert page.status_code == 422


def test_is_journalled(cast: Any, ask: Any, asked: Any, journal_entries: Any) -> None:
    made = asked()
    ask("anna", "delete", f"/api/v1{made['url']}")
    (entry,) = journal_entries("experts.ask")
    assert entry.details == {"request": made["id"], "expert": None}
    (entry,) = journal_entries("experts.put")
    assert entry.details == {"request": made["id"], "thread": made["thread"], "expert": cast.dina}
    (entry,) = journal_entries("experts.withdraw")
    assert entry.details == {"request": made["id"], "thread": made["thread"], "expert": cast.dina}


def test_only_an_open_question_and_once(ask: Any, question: Any, asked: Any) -> None:
    made = asked()
    assert ask("anna", "post", f"/api/v1/threads/{made['thread']}/expert").status_code == 409
    assert ask("anna", "post", f"/api/v1/threads/{question(kind='experience')}/expert").status_code == 409
    thread = question()
    assert ask("eva", "put", f"/api/v1/threads/{thread}/closure").status_code == 200
    assert ask("anna", "post", f"/api/v1/threads/{thread}/expert").status_code == 409


def test_the_theme_finds_the_expert(expert: Any, asked: Any, cast: Any) -> None:
    elsa, wouter = expert("elsa", "Ramingen"), expert("wouter", "Wonen")
    assert asked(theme="ramingen")["expert"]["id"] == elsa
    assert asked(theme="Wonen")["expert"]["id"] == wouter
    assert asked(expert=elsa, theme="Wonen")["expert"]["id"] == elsa
    assert asked(theme="Wonen")["expert"]["id"] == wouter
    waits = asked(theme="Wonen")  # Wouter has two; nobody else knows it
    assert (waits["state"], waits["ahead"], waits["expert"]) == ("queued", 0, None)


def test_who_has_the_fewest_and_was_asked_longest_ago(expert: Any, asked: Any, cast: Any, state: Any) -> None:
    elsa = expert("elsa")
    assert [asked()["expert"]["id"] for _n in range(4)] == [cast.dina, elsa, cast.dina, elsa]


def test_the_queue_and_its_expectation(ask: Any, cast: Any, asked: Any, read: Any, state: Any) -> None:
    first, _second, *waiting = [asked(title=f"Vraag {n}") for n in range(5)]
    assert [(one["state"], one["ahead"]) for one in waiting] == [("queued", n) for n in range(3)]
    rounds = [working_days_after(clock.today(), days).isoformat() for days in (10, 10, 15)]
    assert [one["due"] for one in waiting] == rounds
    assert "In de wachtrij voor een expert: 2 vragen gaan voor." in read("anna", f"/threads/{waiting[2]['thread']}")
    assert ask("anna", "delete", f"/api/v1{first['url']}").status_code == 200
    assert [state(one["id"]) for one in waiting] == [("asked", cast.dina, 0), ("queued", None, 0), ("queued", None, 1)]
    assert "1 vraag gaat voor." in read("anna", f"/threads/{waiting[2]['thread']}")
    assert "Gevraagd aan Dina" in read("anna", f"/threads/{waiting[0]['thread']}")


def test_a_new_question_with_its_request(ask: Any, cast: Any) -> None:
    given = {"title": "Een nieuwe vraag", "body": "Hoe gaat dat?", "format": "plain", "expert": cast.dina}
    made = ask("anna", "post", "/api/v1/communities/een/expert", **given)
    assert made.status_code == 201
    assert (made.json["title"], made.json["state"]) == ("Een nieuwe vraag", "asked")
    refused = cast.client("anna").post(
        "/communities/een/expert", data={"title": "Wel een titel", "expert": cast.bram, "body": "Tekst"}
    )
    assert refused.status_code == 422
    assert "Wel een titel" in refused.text
    titles = [one["title"] for one in ask("anna", "get", "/api/v1/communities/een/threads").json["items"]]
    assert "Wel een titel" not in titles  # nothing was started


def test_what_points_at_one_person_is_asked_about(cast: Any) -> None:
    given = {
        "title": "Een vraag",
        "body": "Mijn cliënt is geboren op 3 mei 1961 en woont op 1234 AB 12.",
        "format": "plain",
    }
    asked_about = cast.client("anna").post("/communities/een/expert", data=given)
    assert asked_about.status_code == 422
    assert "Waarom kan dit blijven staan?" in asked_about.text
    explained = {**given, "despite": "Een verzonnen voorbeeld."}
    assert cast.client("anna").post("/communities/een/expert", data=explained).status_code == 303


def test_an_expert_finds_the_desk_in_the_menu(read: Any) -> None:
    assert 'href="/expert"' in read("dina", "/")
    assert 'href="/expert"' not in read("anna", "/")
